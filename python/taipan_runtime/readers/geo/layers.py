"""`geojson kml kmz gpx gml`: files of map layers."""

from __future__ import annotations

import json
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from taipan_runtime.readers.text.encoding import decode
from taipan_runtime.readers.unpacking import check_zip

if TYPE_CHECKING:
    from types import ModuleType

    from taipan_runtime.readers.source import Source

TRACK_LAYERS = ("track_points", "waypoints", "route_points")
"""Layers of a gpx file; the first that holds anything is given. Its other layers repeat these."""
GML_OPTIONS = {"WRITE_GFS": "NO", "DOWNLOAD_SCHEMA": "NO"}
"""GDAL would else write a file beside the gml, and fetch the schema that the gml names.

Listing the layers cannot be told so; pyogrio itself warns when there are others.
"""


def read_geojson(source: Source, /, **options: Any) -> Any:
    """Give the GeoDataFrame, else the parsed dict; `options` are those of `geopandas.read_file`."""
    geopandas = source.library_or_none("geopandas", "the parsed JSON")
    if geopandas is None:
        return json.loads(decode(source.content()))
    return _frame(source, geopandas, options)


def read_kml(source: Source, /, **options: Any) -> Any:
    """Give the GeoDataFrame of the first folder, else the ElementTree."""
    geopandas = source.library_or_none("geopandas", "the ElementTree")
    return _tree(source.content()) if geopandas is None else _frame(source, geopandas, options)


def read_kmz(source: Source, /, **options: Any) -> Any:
    """Give what `read_kml` gives for the kml file inside."""
    check_zip(source)
    with zipfile.ZipFile(source.path) as archive, tempfile.TemporaryDirectory(prefix=".kmz-") as folder:
        inner = [name for name in archive.namelist() if name.lower().endswith(".kml")]
        if not inner:
            raise source.unreadable(
                reason="there is no kml file inside", advice="Upload the kml file itself."
            )
        content = Path(folder) / "doc.kml"
        content.write_bytes(archive.read(inner[0]))
        return read_kml(replace(source, path=str(content)), **options)


def read_gpx(source: Source, /, **options: Any) -> Any:
    """Give the GeoDataFrame of the track's (way's, route's) points, else the ElementTree."""
    geopandas = source.library_or_none("geopandas", "the ElementTree")
    if geopandas is None:
        return _tree(source.content())
    import pyogrio

    sizes = {
        layer: pyogrio.read_info(source.path, layer=layer, force_feature_count=True)["features"]
        for layer in TRACK_LAYERS
    }
    filled = [layer for layer in TRACK_LAYERS if sizes[layer]] or [TRACK_LAYERS[0]]
    if "layer" not in options:
        _name_others(source, filled)
    return geopandas.read_file(source.path, **{"layer": filled[0], **options})


def read_gml(source: Source, /, **options: Any) -> Any:
    """Give the GeoDataFrame of the first layer, else the ElementTree."""
    geopandas = source.library_or_none("geopandas", "the ElementTree")
    if geopandas is None:
        return _tree(source.content())
    return geopandas.read_file(source.path, **GML_OPTIONS, **options)


def _frame(source: Source, geopandas: ModuleType, options: dict[str, Any]) -> Any:
    """Read the first layer, unless `options` choose one, and name the others."""
    import pyogrio

    if "layer" not in options:
        names = [str(name) for name, _geometry in pyogrio.list_layers(source.path)]
        if not names:
            raise source.unreadable(reason="it holds no layer", advice="Check that it is a map.")
        _name_others(source, names)
        options = {"layer": names[0], **options}
    return geopandas.read_file(source.path, **options)


def _name_others(source: Source, names: list[str]) -> None:
    first, *others = names
    if others:
        listed = ", ".join(f"'{name}'" for name in others)
        source.notice(f"this is the layer '{first}'. Others: {listed} (layer='{others[0]}' gives that one).")


def _tree(content: bytes) -> ET.ElementTree:
    return ET.ElementTree(ET.fromstring(content))  # noqa: S314 - expat bounds and fetches nothing
