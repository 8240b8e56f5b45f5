"""`shp shx dbf`: shapefiles, whose parts are files of one name that find each other here."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taipan_runtime.readers.text.encoding import find_encoding

from .dbf import read_records
from .shp import read_shapes

if TYPE_CHECKING:
    from types import ModuleType

    import pandas as pd

    from taipan_runtime.readers.source import Source

LANGUAGE_PLACE = 29
"""The byte of a dbf that tells its encoding, zero where it does not."""
PARTS = ("shp", "shx", "dbf", "prj", "cpg")


def read_shapefile(source: Source, /, **options: Any) -> Any:
    """Give the GeoDataFrame of the shapefile that this file is a part of, else its features as GeoJSON.

    A dbf that stands alone is a table. `options` are those of `geopandas.read_file`.
    """
    parts = _parts(source)
    if "shp" not in parts:
        if "dbf" in parts:
            return _table(source, parts)
        raise source.unreadable(
            reason="the shp file of the same name is not there", advice="Upload all parts of the shapefile."
        )
    geopandas = source.library_or_none("geopandas", "its features as a dict")
    if geopandas is None:
        return {"type": "FeatureCollection", "features": _features(source, parts)}
    if "shx" not in parts:
        return _without_index(source, geopandas, parts)
    with tempfile.TemporaryDirectory(prefix=".shapefile-") as folder:
        for ending, part in parts.items():
            shutil.copyfile(part, Path(folder) / f"shape.{ending}")
        return geopandas.read_file(Path(folder) / "shape.shp", **{**_encoding(parts), **options})


def _parts(source: Source) -> dict[str, Path]:
    """Find the parts beside the file and in the working directory, whatever case their endings are in."""
    own = Path(source.path)
    stems = {own.stem, Path(source.name.removesuffix(own.suffix)).stem, Path(source.name).stem}
    found: dict[str, Path] = {}
    for folder in (own.absolute().parent, Path.cwd()):
        for file in sorted(folder.iterdir()):
            ending = file.suffix[1:].lower()
            if ending in PARTS and file.stem in stems and file.is_file():
                found.setdefault(ending, file)
    # The file itself, which may be stored under another name than its own.
    found[
        Path(source.name).suffix[1:].lower() if Path(source.name).suffix[1:].lower() in PARTS else "shp"
    ] = own
    return found


def _encoding(parts: dict[str, Path]) -> dict[str, str]:
    """Find out the encoding of attributes that neither a cpg file nor the dbf itself tells."""
    if "cpg" in parts or "dbf" not in parts:
        return {}
    content = parts["dbf"].read_bytes()
    told = content[LANGUAGE_PLACE : LANGUAGE_PLACE + 1] != b"\0"
    return {} if told else {"encoding": find_encoding(content[LANGUAGE_PLACE + 3 :].replace(b"\0", b" "))}


def _table(source: Source, parts: dict[str, Path]) -> pd.DataFrame:
    import pandas as pd

    source.notice("there is no shp file of the same name; giving the table alone.")
    names, rows = _attributes(parts)
    return pd.DataFrame(rows, columns=names)


def _without_index(source: Source, geopandas: ModuleType, parts: dict[str, Path]) -> Any:
    """Read what lacks its shx, which only says where each shape begins."""
    source.notice("there is no shx file of the same name; reading the shapes one after the other.")
    projection = parts["prj"].read_text() if "prj" in parts else None
    return geopandas.GeoDataFrame.from_features(_features(source, parts), crs=projection)


def _features(source: Source, parts: dict[str, Path]) -> list[dict[str, Any]]:
    try:
        shapes = read_shapes(parts["shp"].read_bytes())
    except ValueError as error:
        raise replace(source, name=parts["shp"].name).unreadable(
            reason=str(error), advice="Upload all parts again."
        ) from error
    names, rows = _attributes(parts) if "dbf" in parts else ([], [()] * len(shapes))
    return [
        {"type": "Feature", "properties": dict(zip(names, row, strict=True)), "geometry": shape}
        for shape, row in zip(shapes, rows, strict=False)
    ]


def _attributes(parts: dict[str, Path]) -> tuple[list[str], list[tuple[Any, ...]]]:
    encoding = parts["cpg"].read_text().strip() if "cpg" in parts else None
    return read_records(parts["dbf"].read_bytes(), encoding)
