"""Compressed files load as what is inside them, within bounds (table T, S14)."""

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pytest

from taipan_runtime import readers
from taipan_runtime.readers import unpacking

TABLE = b"a,b\n1,2\n"
REFUSED = (
    "Could not read '{name}' as {kind}: it unpacks to more than allowed (1024 MB, and 1000 times its packed "
    "size beyond the first 10 MB). Unpack a part of it yourself: get_file_path('{name}') is its path."
)


@pytest.mark.parametrize(
    ("name", "compression", "packed"),
    [
        ("a.csv.gz", "gzip", gzip.compress(TABLE)),
        ("a.csv.gz", "gz", gzip.compress(TABLE)),
        ("a.csv.bz2", "bzip2", bz2.compress(TABLE)),
        ("a.csv.bz2", "bz2", bz2.compress(TABLE)),
        ("a.csv.xz", "xz", lzma.compress(TABLE)),
        ("a.csv.lzma", "lzma", lzma.compress(TABLE, lzma.FORMAT_ALONE)),
        ("a.csv.gz", "gzip", gzip.compress(TABLE[:4]) + gzip.compress(TABLE[4:])),
    ],
)
def test_a_compressed_table_is_a_table_and_leaves_nothing_behind(load, workspace, name, compression, packed):
    assert load(name, "csv", packed, compression).to_dict("list") == {"a": [1], "b": [2]}
    assert [place.name for place in workspace.iterdir()] == [name]


def test_an_lzip_file_may_have_several_members(load, samples):
    packed = samples.path("sample.csv.lz").read_bytes()
    assert len(load("a.csv.lz", "text", packed + packed, "lzip")) == 2 * len(
        load("a.csv.lz", "text", packed, "lzip")
    )


@pytest.mark.parametrize("place", [20, 40, -3, -15])
def test_a_damaged_lzip_file_is_refused(load, samples, place):
    packed = bytearray(samples.path("sample.csv.lz").read_bytes())
    packed[place] ^= 0x55
    with pytest.raises(readers.ReadError) as caught:
        load("a.csv.lz", "csv", bytes(packed), "lzip")
    assert str(caught.value).startswith("Could not read 'a.csv.lz' as csv: ")


@pytest.mark.parametrize("name", ["gz", "bz2", "xz", "zst", "lzma", "lz"])
def test_a_file_cut_short_says_so(load, samples, name):
    packed = samples.path(f"sample.csv.{name}").read_bytes()
    with pytest.raises(readers.ReadError) as caught:
        load(f"a.csv.{name}", "csv", packed[: len(packed) - 6], name)
    assert str(caught.value) == (
        f"Could not read 'a.csv.{name}' as csv: its compressed data ends too early. "
        "Upload the whole file again."
    )


def test_a_bomb_is_refused_before_it_fills_the_disk(load, workspace, monkeypatch):
    written = []
    monkeypatch.setattr(unpacking, "STEP_BYTES", 64 * 1024)
    original = Path.open

    def watched(self, *arguments, **options):
        if self.parent.name.startswith(".unpacked-"):
            written.append(self)
        return original(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", watched)
    bomb = bz2.compress(bytes(100 * 1024**2))
    with pytest.raises(readers.ReadError) as caught:
        load("bomb.csv.bz2", "csv", bomb, "bzip2")
    assert str(caught.value) == REFUSED.format(name="bomb.csv.bz2", kind="csv")
    assert written
    assert [place.name for place in workspace.iterdir()] == ["bomb.csv.bz2"]


@pytest.mark.parametrize(
    ("packed", "allowed"),
    [
        (100, 10 * 1024**2 + 100_000),
        (1024**2, 10 * 1024**2 + 1000 * 1024**2),
        (2 * 1024**3, 1024**3),
    ],
)
def test_the_bound_is_a_ratio_beyond_ten_mebibytes_and_a_gibibyte_in_all(packed, allowed):
    assert unpacking.allowed_size(packed) == allowed


def test_what_packs_well_but_is_small_is_no_bomb(load):
    packed = bz2.compress(b"a\n" + b"1\n" * 2_000_000)
    assert len(packed) * unpacking.MAX_RATIO < 4_000_000
    assert len(load("a.csv.bz2", "csv", packed, "bzip2")) == 2_000_000


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.xlsx", "excel"),
        ("a.docx", "docx"),
        ("a.odt", "odt"),
        ("a.pptx", "pptx"),
        ("a.epub", "epub"),
        ("a.npz", "npz"),
    ],
)
def test_a_document_that_is_a_zip_is_bounded_too(load, name, kind):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("content.xml", bytes(60 * 1024**2))
    with pytest.raises(readers.ReadError) as caught:
        load(name, kind, content.getvalue())
    assert str(caught.value) == REFUSED.format(name=name, kind=kind)


def test_a_connection_into_a_compressed_database_keeps_its_file(load, samples):
    packed = gzip.compress(samples.path("sample.db").read_bytes())
    connection = load("people.db.gz", "sqlite", packed, "gzip")
    assert connection.execute("SELECT name FROM people").fetchall() == [("Anna",), ("Zoë",)]


def test_a_path_to_a_compressed_file_leads_to_the_plain_one_under_its_own_name(load, workspace):
    path = Path(load("song.mp3.gz", "audio", gzip.compress(b"ID3 sound"), "gzip"))
    assert path.name == "song.mp3"
    assert path.read_bytes() == b"ID3 sound"
    assert path.parent.parent == workspace
    assert path.parent.name.startswith(".")  # so that it does not count as generated


def test_what_fails_after_unpacking_leaves_nothing_behind(load, workspace):
    with pytest.raises(readers.ReadError):
        load("people.db.gz", "sqlite", gzip.compress(b"no database" * 100), "gzip")
    assert [place.name for place in workspace.iterdir()] == ["people.db.gz"]


def test_a_compression_that_nobody_knows_is_named(load):
    with pytest.raises(readers.ReadError, match="'rot13' is not a compression that can be unpacked"):
        load("a.csv.rot", "csv", b"", "rot13")
