"""Which function reads which type of file; the types are table T's, as `formats` names them."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Reader:
    """Where a type's function lies. It is imported when the first such file is read."""

    module: str
    name: str
    keeps_file: bool = False
    """Whether what it returns still needs the file: paths, connections, arrays read on demand."""

    def function(self) -> Callable[..., Any]:
        """Import the module and give the function: `(source, /, **options) -> value`."""
        return getattr(importlib.import_module(f"{__package__}.{self.module}"), self.name)


PATH = Reader("media", "give_path", keeps_file=True)
TEXT = Reader("text.plain", "read_text")

READERS = {
    "csv": Reader("tables.delimited", "read_csv"),
    "excel": Reader("tables.spreadsheets", "read_excel"),
    "ods": Reader("tables.spreadsheets", "read_ods"),
    "numbers": Reader("tables.spreadsheets", "read_numbers"),
    "parquet": Reader("tables.columnar", "read_parquet"),
    "feather": Reader("tables.columnar", "read_arrow"),
    "arrow": Reader("tables.columnar", "read_arrow"),
    "orc": Reader("tables.columnar", "read_orc"),
    "avro": Reader("tables.columnar", "read_avro"),
    "stata": Reader("tables.statistics", "read_stata"),
    "spss": Reader("tables.statistics", "read_spss"),
    "sas": Reader("tables.statistics", "read_sas"),
    "rdata": Reader("tables.statistics", "read_rdata"),
    "json": Reader("structured.json_values", "read_json"),
    "jsonl": Reader("structured.json_values", "read_json_lines"),
    "notebook": Reader("structured.json_values", "read_notebook"),
    "yaml": Reader("structured.markup", "read_yaml"),
    "toml": Reader("structured.markup", "read_toml"),
    "xml": Reader("structured.markup", "read_xml"),
    "plist": Reader("structured.markup", "read_plist"),
    "ini": Reader("structured.settings", "read_ini"),
    "properties": Reader("structured.settings", "read_properties"),
    "env": Reader("structured.settings", "read_env"),
    "msgpack": Reader("structured.packed", "read_msgpack"),
    "bson": Reader("structured.packed", "read_bson"),
    "cbor": Reader("structured.packed", "read_cbor"),
    "protobuf": Reader("structured.packed", "read_protobuf"),
    "sqlite": Reader("databases", "open_sqlite", keeps_file=True),
    "duckdb": Reader("databases", "open_duckdb", keeps_file=True),
    "sql": TEXT,
    "access": PATH,
    "npy": Reader("science.arrays", "read_npy", keeps_file=True),
    "npz": Reader("science.arrays", "read_npz"),
    "matlab": Reader("science.arrays", "read_matlab"),
    "hdf5": Reader("science.containers", "open_hdf5", keeps_file=True),
    "netcdf": Reader("science.containers", "open_netcdf", keeps_file=True),
    "fits": Reader("science.containers", "open_fits", keeps_file=True),
    "pickle": Reader("science.pickles", "read_pickle"),
    "joblib": Reader("science.pickles", "read_joblib"),
    "dicom": Reader("science.recordings", "read_dicom", keeps_file=True),
    "nifti": Reader("science.recordings", "read_nifti", keeps_file=True),
    "vtk": Reader("science.recordings", "read_vtk", keeps_file=True),
    "mesh": Reader("science.recordings", "read_mesh", keeps_file=True),
    "pcap": Reader("science.recordings", "read_pcap", keeps_file=True),
    "geojson": Reader("geo.layers", "read_geojson"),
    "kml": Reader("geo.layers", "read_kml"),
    "kmz": Reader("geo.layers", "read_kmz"),
    "gpx": Reader("geo.layers", "read_gpx"),
    "gml": Reader("geo.layers", "read_gml"),
    "shapefile": Reader("geo.shapefiles", "read_shapefile"),
    "shapefile_part": Reader("geo.shapefiles", "read_shapefile"),
    "text": TEXT,
    "rtf": TEXT,
    "html": TEXT,
    "code": TEXT,
    "svg": TEXT,
    "pdf": Reader("documents", "read_pdf"),
    "docx": Reader("documents", "read_docx"),
    "odt": Reader("documents", "read_odt"),
    "pptx": Reader("documents", "read_pptx"),
    "epub": Reader("documents", "read_epub"),
    "doc": PATH,
    "ppt": PATH,
    "mobi": PATH,
    "image": Reader("media", "read_image", keeps_file=True),
    "wav": Reader("media", "read_wav", keeps_file=True),
    "audio": PATH,
    "video": PATH,
    "archive": PATH,
    "binary": Reader("text.plain", "read_binary"),
}
"""Type name to reader, in the order of table T."""


def type_names() -> list[str]:
    """Give the names of all types that can be read."""
    return list(READERS)


def reader_of(type_name: str) -> Reader:
    """Give the reader of a type; an unknown name is the caller's mistake and a `ValueError`."""
    try:
        return READERS[type_name]
    except KeyError:
        message = f"no reader is registered for the type '{type_name}'"
        raise ValueError(message) from None
