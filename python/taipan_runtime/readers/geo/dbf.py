"""The dBASE table that keeps a shapefile's attributes.

Source: "Xbase Data file (*.dbf)", clicketyclick.dk.
"""

from __future__ import annotations

import struct
from datetime import date
from typing import Any

from taipan_runtime.readers.text.encoding import find_encoding

HEADER = struct.Struct("<4xIHH20x")
FIELD = struct.Struct("<11sc4xBB14x")
END_OF_FIELDS = b"\r"
DELETED = b"*"


def read_records(content: bytes, encoding: str | None = None) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Give the field names, and the records that are not deleted, in the file's order."""
    if len(content) < HEADER.size:
        message = "the dbf file is cut short"
        raise ValueError(message)
    count, start, length = HEADER.unpack_from(content)
    fields = _fields(content[HEADER.size : start])
    encoding = encoding or find_encoding(content[start:])
    rows = []
    for at in range(start, min(start + count * length, len(content) - length + 1), max(length, 1)):
        if content[at : at + 1] == DELETED:
            continue
        values, place = [], at + 1
        for _name, kind, size in fields:
            values.append(_value(content[place : place + size], kind, encoding))
            place += size
        rows.append(tuple(values))
    return [name for name, _kind, _size in fields], rows


def _fields(header: bytes) -> list[tuple[str, str, int]]:
    fields = []
    for at in range(0, len(header) - FIELD.size + 1, FIELD.size):
        if header[at : at + 1] == END_OF_FIELDS:
            break
        name, kind, size, _decimals = FIELD.unpack_from(header, at)
        fields.append((name.split(b"\0")[0].decode("latin-1"), kind.decode("latin-1"), size))
    return fields


def _value(raw: bytes, kind: str, encoding: str) -> Any:
    """Give a field's value; blanks, and the stars that stand for overflow, are None."""
    text = raw.decode(encoding, "replace").strip(" \0")
    match kind:
        case "N" | "F":
            return _number(text)
        case "L":
            return {"t": True, "y": True, "f": False, "n": False}.get(text.lower())
        case "D":
            return (
                date(int(text[:4]), int(text[4:6]), int(text[6:8])) if text.strip("0").isdecimal() else None
            )
    return text or None


def _number(text: str) -> int | float | None:
    if not text or text.startswith("*"):
        return None
    return int(text) if text.lstrip("+-").isdecimal() else float(text)
