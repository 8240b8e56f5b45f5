"""Maps, whose parts find each other by name (table T, geo)."""

import shutil

import pytest

from taipan_runtime import readers

OUTER, HOLE = [(0, 0), (0, 4), (4, 4), (4, 0), (0, 0)], [(1, 1), (2, 1), (2, 2), (1, 2), (1, 1)]
ISLAND = [(10, 10), (10, 11), (11, 11), (11, 10), (10, 10)]


@pytest.fixture
def parts(samples, workspace):
    """Put parts of the sample shapefile into the workspace: `parts(shp="roads.shp", dbf="ROADS.DBF")`."""

    def place(**names):
        for ending, name in names.items():
            shutil.copyfile(samples.path(f"sample.{ending}"), workspace / name)

    return place


def read(workspace, name, kind="shapefile", stored_as=None, **options):
    return readers.read(str(workspace / (stored_as or name)), name, kind, None, options)


@pytest.mark.usefixtures("without_extras")
def test_without_geopandas_shapes_and_attributes_are_features(parts, workspace):
    parts(shp="roads.shp", dbf="roads.dbf")
    first, second = read(workspace, "roads.shp")["features"]
    assert first["geometry"] == {"type": "Polygon", "coordinates": [OUTER, HOLE]}
    assert second["geometry"] == {"type": "MultiPolygon", "coordinates": [[OUTER, HOLE], [ISLAND]]}
    import datetime as dt

    day = dt.date(2026, 1, 2)
    assert first["properties"] == {"name": "Zürich", "count": 1, "share": 0.5, "day": day, "open": True}
    assert second["properties"] == {"name": "Łódź", "count": 2, "share": None, "day": None, "open": False}


@pytest.mark.usefixtures("without_extras")
def test_a_shp_alone_gives_its_shapes(parts, workspace):
    parts(shp="roads.shp")
    assert [one["properties"] for one in read(workspace, "roads.shp")["features"]] == [{}, {}]


def test_a_dbf_alone_is_a_table(parts, workspace, capsys):
    parts(dbf="roads.dbf")
    frame = read(workspace, "roads.dbf", "shapefile_part")
    assert frame[["name", "count"]].to_dict("list") == {"name": ["Zürich", "Łódź"], "count": [1, 2]}
    assert capsys.readouterr().err == (
        "roads.dbf: there is no shp file of the same name; giving the table alone.\n"
    )


def test_an_shx_alone_says_what_is_missing(parts, workspace):
    parts(shx="roads.shx")
    with pytest.raises(readers.ReadError) as caught:
        read(workspace, "roads.shx", "shapefile_part")
    assert str(caught.value) == (
        "Could not read 'roads.shx' as shapefile_part: the shp file of the same name is not there. "
        "Upload all parts of the shapefile."
    )


@pytest.mark.usefixtures("without_extras")
@pytest.mark.parametrize("cut", [50, 105, 200])
def test_a_shapefile_cut_short_says_so(workspace, samples, cut):
    (workspace / "roads.shp").write_bytes(samples.path("sample.shp").read_bytes()[:cut])
    with pytest.raises(
        readers.ReadError, match=r"^Could not read 'roads\.shp' as shapefile: (it does not|it is cut)"
    ):
        read(workspace, "roads.shp")


@pytest.mark.extras
def test_parts_find_each_other_whatever_the_case_of_their_endings(parts, workspace):
    parts(shp="roads.SHP", shx="roads.Shx", dbf="roads.DBF", prj="roads.prj")
    frame = read(workspace, "roads.SHP")
    assert frame["name"].tolist() == ["Zürich", "Łódź"]
    assert frame.crs.to_epsg() == 4326


@pytest.mark.extras
def test_a_part_stored_under_another_name_finds_the_others_by_its_own(parts, tmp_path, samples):
    parts(shx="roads.shx", dbf="roads.dbf", prj="roads.prj", cpg="roads.cpg")
    shutil.copyfile(samples.path("sample.shp"), tmp_path / "7_1767225600_0a1b2c3d.shp")
    frame = readers.read(str(tmp_path / "7_1767225600_0a1b2c3d.shp"), "roads.shp", "shapefile", None, {})
    assert frame["name"].tolist() == ["Zürich", "Łódź"]


@pytest.mark.extras
def test_a_shapefile_without_its_index_is_read_shape_by_shape(parts, workspace, capsys):
    parts(shp="roads.shp", dbf="roads.dbf", prj="roads.prj")
    frame = read(workspace, "roads.shp")
    assert frame.geometry.area.tolist() == [15, 16]
    assert frame["name"].tolist() == ["Zürich", "Łódź"]
    assert frame.crs.to_epsg() == 4326
    assert capsys.readouterr().err == (
        "roads.shp: there is no shx file of the same name; reading the shapes one after the other.\n"
    )


@pytest.mark.extras
def test_another_layer_of_a_track_can_be_chosen(samples):
    frame = samples.read("sample.gpx", layer="waypoints")
    assert frame["name"].tolist() == ["Zürich"]


@pytest.mark.extras
def test_reading_maps_leaves_no_files_beside_them(samples):
    before = sorted(place.name for place in samples.path("").iterdir())
    for name in ("sample.gml", "sample.shp", "sample.kmz", "sample.gpx", "geotiff.tif"):
        samples.read(name)
    assert sorted(place.name for place in samples.path("").iterdir()) == before
