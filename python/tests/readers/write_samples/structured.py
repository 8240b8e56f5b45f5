"""Nested values and databases.

Written by orjson, nbformat, ruamel.yaml, tomlkit, lxml, javaproperties, ormsgpack and dag-cbor, by hand where
nothing else writes the format; bson is written by containers.cjs. Databases by sqlite3 and duckdb.
"""

import plistlib
import sqlite3
from pathlib import Path

import dag_cbor
import duckdb
import javaproperties
import nbformat
import orjson
import ormsgpack
import tomlkit
from lxml import etree
from ruamel.yaml import YAML

VALUE = {"name": "Zoë", "numbers": [1, 2.5, None], "inner": {"deep": True}}
RECORDS = [{"name": "Anna", "count": 1}, {"name": "Zoë", "count": 2}]
INI = "; comment\ntop = 1\n[Section One]\nKey = Grüße %(x)s\nempty\n[two]\nnumber: 2\n"
ENV = """# comment
NAME=Zoë
export QUOTED="two words\\n#no comment"
SINGLE='a "b" $c'
PLAIN = value with spaces # comment
EMPTY=
"""


def write(folder: Path) -> None:
    (folder / "sample.json").write_bytes(orjson.dumps(RECORDS))
    (folder / "columns.json").write_bytes(orjson.dumps({"name": ["Anna", "Zoë"], "count": [1, 2]}))
    (folder / "numbered.json").write_bytes(
        orjson.dumps({"count": {"0": 1, "1": 2}, "name": {"0": "Anna", "1": "Zoë"}})
    )
    (folder / "nested.json").write_bytes(orjson.dumps(VALUE))
    (folder / "lines.json").write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in RECORDS))
    (folder / "sample.jsonl").write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in RECORDS))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print('Grüße')")])
    nbformat.write(notebook, folder / "sample.ipynb")
    with (folder / "sample.yaml").open("w", encoding="utf-8") as stream:
        YAML().dump(VALUE, stream)
    (folder / "sample.toml").write_text(
        tomlkit.dumps({"name": "Zoë", "inner": {"numbers": [1, 2]}}), encoding="utf-8"
    )
    for ending in ("ini", "cfg", "conf"):
        (folder / f"sample.{ending}").write_text(INI, encoding="utf-8")
    with (folder / "sample.properties").open("w", encoding="latin-1") as stream:
        javaproperties.dump(
            {"a key": "Zoë = 1", "path": "C:\\temp", "emoji": "\N{SNAKE}", "lines": "a\nb"}, stream
        )
    (folder / "sample.env").write_text(ENV, encoding="utf-8")
    root = etree.Element("people")
    etree.SubElement(root, "person", count="1").text = "Zoë"
    etree.ElementTree(root).write(folder / "sample.xml", encoding="iso-8859-1", xml_declaration=True)
    (folder / "sample.plist").write_bytes(
        plistlib.dumps({"name": "Zoë", "count": 2}, fmt=plistlib.FMT_BINARY)
    )
    write_packed(folder)
    write_databases(folder)


def write_packed(folder: Path) -> None:
    (folder / "sample.msgpack").write_bytes(ormsgpack.packb(VALUE))
    (folder / "several.msgpack").write_bytes(
        ormsgpack.packb(1) + ormsgpack.packb({2: "zwei"}, option=ormsgpack.OPT_NON_STR_KEYS)
    )
    (folder / "sample.cbor").write_bytes(dag_cbor.encode(VALUE))
    # Field 1 is the varint 150, field 2 the text "testing": the examples of the format's own description.
    (folder / "sample.pb").write_bytes(b"\x08\x96\x01\x12\x07testing")


def write_databases(folder: Path) -> None:
    place = folder / "sample.db"
    place.unlink(missing_ok=True)
    with sqlite3.connect(place) as connection:
        connection.execute("PRAGMA page_size = 1024")
        connection.execute("CREATE TABLE people (name TEXT, count INTEGER)")
        connection.executemany("INSERT INTO people VALUES (?, ?)", [("Anna", 1), ("Zoë", 2)])
    connection.close()
    place = folder / "sample.duckdb"
    place.unlink(missing_ok=True)
    with duckdb.connect(str(place), config={"default_block_size": 16384}) as connection:
        connection.execute("CREATE TABLE people AS SELECT 'Zoë' AS name, 2 AS count")
    # Nothing free writes Access databases; this is the first page of one as far as programs tell it by.
    for ending, version in (("mdb", b"Standard Jet DB\0"), ("accdb", b"Standard ACE DB\0")):
        (folder / f"sample.{ending}").write_bytes((b"\0\1\0\0" + version).ljust(2048, b"\0"))
