"""Table T, extension by extension, over the sample files and their list of expectations."""

import re
import sys

import pytest
from conftest import EXPECTATIONS, SAMPLES

from taipan_runtime import readers

EXTENSIONS = [
    *("csv", "tsv", "tab", "xlsx", "xls", "xlsm", "xlsb", "ods", "numbers", "parquet", "feather"),
    *("arrow", "orc", "avro", "dta", "sav", "zsav", "por", "sas7bdat", "xpt", "rds", "rda", "rdata"),
    *("json", "jsonl", "ndjson", "yaml", "yml", "toml", "ini", "cfg", "conf", "properties", "env"),
    *("xml", "plist", "msgpack", "bson", "cbor", "pb", "protobuf", "db", "sqlite", "sqlite3"),
    *("duckdb", "sql", "mdb", "accdb", "npy", "npz", "mat", "h5", "hdf", "hdf5", "nc", "fits", "fts"),
    *("pickle", "pkl", "joblib", "dcm", "dicom", "nii", "vtk", "stl", "obj", "ply", "pcap", "pcapng"),
    *("geojson", "shp", "shx", "dbf", "kml", "kmz", "gpx", "gml", "txt", "text", "md", "markdown", "rst"),
    *("tex", "log", "out", "err", "rtf", "adoc", "org", "pdf", "doc", "docx", "odt", "ppt", "pptx", "epub"),
    *("mobi", "html", "htm", "css", "scss", "sass", "less", "vue", "svelte", "py", "pyw", "ipynb", "r"),
    *(
        "rmd",
        "js",
        "jsx",
        "ts",
        "tsx",
        "java",
        "c",
        "h",
        "cpp",
        "hpp",
        "cs",
        "go",
        "rs",
        "rb",
        "php",
        "swift",
        "kt",
    ),
    *(
        "kts",
        "scala",
        "sh",
        "bash",
        "zsh",
        "ps1",
        "bat",
        "lua",
        "pl",
        "jl",
        "nim",
        "asm",
        "s",
        "dart",
        "m",
        "png",
    ),
    *("jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp", "ico", "psd", "heic", "avif", "svg", "mp3", "wav"),
    *("flac", "ogg", "opus", "aac", "m4a", "wma", "aiff", "mp4", "avi", "mkv", "mov", "wmv", "flv", "webm"),
    *("m4v", "mpg", "mpeg", "zip", "tar", "gz", "tgz", "bz2", "tbz", "xz", "7z", "rar", "zst", "lz", "lzma"),
    *("bin", "dat"),
]
"""All of table T."""
WITHOUT_PACKAGES = [name for name, expected in EXPECTATIONS.items() if "packages" not in expected]
WITH_PACKAGES = [name for name, expected in EXPECTATIONS.items() if "packages" in expected]


def holds(expression: str, value: object, path: str) -> bool:
    return eval(expression, {"value": value, "path": path})


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_table_t_has_a_sample_of_each_extension(extension):
    assert f"sample.{extension}" in EXPECTATIONS


def test_every_type_has_a_sample_and_every_sample_has_an_expectation():
    assert {expected["type"] for expected in EXPECTATIONS.values()} == set(readers.type_names())
    apart = {"expectations.json", "sample.prj", "sample.cpg"}
    assert {place.name for place in SAMPLES.iterdir()} - apart == set(EXPECTATIONS)


@pytest.mark.usefixtures("without_extras")
@pytest.mark.parametrize("name", WITHOUT_PACKAGES)
def test_a_sample_gives_what_table_t_promises(name, samples, capsys):
    value = samples.read(name)
    assert holds(EXPECTATIONS[name]["value"], value, str(samples.path(name)))
    assert capsys.readouterr().err == notice_of(name)


@pytest.mark.extras
@pytest.mark.filterwarnings("ignore::RuntimeWarning:numbers_parser")  # the sample's writer names no version
@pytest.mark.parametrize("name", WITH_PACKAGES)
def test_a_sample_of_a_rare_type_gives_what_table_t_promises(name, samples, capsys):
    value = samples.read(name)
    assert holds(EXPECTATIONS[name]["value"], value, str(samples.path(name)))
    assert capsys.readouterr().err == notice_of(name)


@pytest.mark.usefixtures("without_extras")
@pytest.mark.parametrize("name", [name for name in WITH_PACKAGES if EXPECTATIONS[name]["without"]])
def test_without_its_package_a_rare_type_gives_what_table_t_says_under_else(name, samples, capsys):
    value = samples.read(name)
    assert holds(EXPECTATIONS[name]["without"], value, str(samples.path(name)))
    line, *more = capsys.readouterr().err.splitlines(keepends=True)
    assert "".join(more) in {"", notice_of(name)}
    assert re.fullmatch(rf"{re.escape(name)}: \S+ could not be imported \(.+\); giving .+ instead\.\n", line)


@pytest.mark.usefixtures("without_extras")
@pytest.mark.parametrize("name", [name for name in WITH_PACKAGES if not EXPECTATIONS[name]["without"]])
def test_without_its_package_a_type_that_has_no_else_says_what_is_missing(name, samples):
    with pytest.raises(readers.MissingLibraryError) as caught:
        samples.read(name)
    kind = EXPECTATIONS[name]["type"]
    start = f"Could not read '{name}' as {kind}: that needs the package "
    assert str(caught.value).startswith(start)
    named = str(caught.value).removeprefix(start).partition(",")[0]
    assert named in EXPECTATIONS[name]["packages"]
    assert isinstance(caught.value, ImportError)


def test_reading_leaves_nothing_in_the_folders_of_the_files(samples):
    before = {place.name for place in SAMPLES.iterdir()}
    for name in WITHOUT_PACKAGES:
        samples.read(name)
    assert {place.name for place in SAMPLES.iterdir()} == before


def test_importing_the_readers_imports_no_library():
    import subprocess

    code = (
        "import taipan_runtime.readers, sys; print(sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            f"import sys; sys.path.insert(0, {str(SAMPLES.parents[2] / 'python')!r}); {code}",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    heavy = {"numpy", "pandas", "pyarrow", "scipy", "PIL", "matplotlib", "sqlite3", "xml", "lxml", "yaml"}
    assert not heavy & set(eval(done.stdout))


def notice_of(name: str) -> str:
    line = EXPECTATIONS[name].get("stderr")
    return f"{line}\n" if line else ""
