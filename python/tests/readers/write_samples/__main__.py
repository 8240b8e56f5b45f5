"""Writes `tests/fixtures/load_file/`: one small file for each extension of table T.

    python -m write_samples FOLDER      (from python/tests/readers, with requirements-samples.txt installed)

Each is written by another library than the one that reads it wherever there is one; the modules here say
which. Beside Python packages they call programs: `R` with its package haven, `pspp`, `lzip`, and `node` with
the packages xlsx, cfb and bson under NODE_PATH. What the files are expected to give stands in
`expectations.json` beside them, which is written by hand.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import archives, documents, geo, media, science, structured, tables, texts

HERE = Path(__file__).parent


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():  # some of the writers would add to what is there
        if old.name != "expectations.json":
            old.unlink()
    for module in (texts, tables, structured, science, geo, documents, media, archives):
        module.write(folder)
    subprocess.run(["node", HERE / "containers.cjs", folder], check=True)
    subprocess.run(["Rscript", HERE / "statistics.R", folder], check=True)
    pspp = ["pspp", "-o", os.devnull, "-O", "format=txt", HERE / "portable.sps"]
    subprocess.run(pspp, cwd=folder, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    for alias, original in ALIASES.items():
        shutil.copyfile(folder / original, folder / alias)


ALIASES = {
    "sample.tab": "sample.tsv",
    "sample.ndjson": "sample.jsonl",
    "sample.yml": "sample.yaml",
    "sample.protobuf": "sample.pb",
    "sample.sqlite": "sample.db",
    "sample.sqlite3": "sample.db",
    "sample.hdf": "sample.h5",
    "sample.hdf5": "sample.h5",
    "sample.fts": "sample.fits",
    "sample.pkl": "sample.pickle",
    "sample.dicom": "sample.dcm",
    "sample.rdata": "sample.rda",
    "sample.jpeg": "sample.jpg",
    "sample.tiff": "sample.tif",
    "sample.mpeg": "sample.mpg",
    "sample.tbz": "sample.tar.bz2",
    "sample.tgz": "sample.tar.gz",
}

main(Path(sys.argv[1]).resolve())
