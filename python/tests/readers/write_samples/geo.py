"""Maps. Written by pyshp, gpxpy and simplekml, geojson and gml by hand; all are read by GDAL."""

import json
from pathlib import Path

import gpxpy.gpx
import shapefile
import simplekml

GML = """<?xml version="1.0" encoding="utf-8"?>
<ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/" xmlns:gml="http://www.opengis.net/gml">
<gml:featureMember><ogr:places fid="places.0">
<ogr:geometryProperty><gml:Point><gml:coordinates>8.5,47.4</gml:coordinates></gml:Point></ogr:geometryProperty>
<ogr:name>Zürich</ogr:name> </ogr:places></gml:featureMember> </ogr:FeatureCollection>
"""
WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'
)


def write(folder: Path) -> None:
    point = {"type": "Point", "coordinates": [8.5, 47.4]}
    feature = {"type": "Feature", "properties": {"name": "Zürich", "count": 1}, "geometry": point}
    collection = {"type": "FeatureCollection", "features": [feature]}
    (folder / "sample.geojson").write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    (folder / "sample.gml").write_text(GML, encoding="utf-8")
    kml = simplekml.Kml()
    kml.newpoint(name="Zürich", coords=[(8.5, 47.4)])
    kml.save(str(folder / "sample.kml"))
    kml.savekmz(str(folder / "sample.kmz"))
    track = gpxpy.gpx.GPX()
    segment = gpxpy.gpx.GPXTrackSegment(
        [gpxpy.gpx.GPXTrackPoint(47.4, 8.5, 400), gpxpy.gpx.GPXTrackPoint(47.5, 8.6, 410)]
    )
    track.tracks.append(gpxpy.gpx.GPXTrack(name="walk"))
    track.tracks[0].segments.append(segment)
    track.waypoints.append(gpxpy.gpx.GPXWaypoint(47.4, 8.5, name="Zürich"))
    (folder / "sample.gpx").write_text(track.to_xml(), encoding="utf-8")
    write_shapefile(folder)


def write_shapefile(folder: Path) -> None:
    outer = [(0, 0), (0, 4), (4, 4), (4, 0), (0, 0)]
    hole = [(1, 1), (2, 1), (2, 2), (1, 2), (1, 1)]
    island = [(10, 10), (10, 11), (11, 11), (11, 10), (10, 10)]
    with shapefile.Writer(str(folder / "sample"), encoding="utf-8") as writer:
        writer.field("name", "C", 20)
        writer.field("count", "N", 9)
        writer.field("share", "N", 9, 3)
        writer.field("day", "D")
        writer.field("open", "L")
        writer.poly([outer, hole])
        writer.record(name="Zürich", count=1, share=0.5, day="20260102", open=True)
        writer.poly([outer, hole, island])
        writer.record(name="Łódź", count=2, share=None, day=None, open=False)
    (folder / "sample.prj").write_text(WGS84)
    (folder / "sample.cpg").write_text("UTF-8")
