"""`msgpack bson cbor pb protobuf`: values packed into bytes, given parsed where the format says enough."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from taipan_runtime.readers.source import Source


def read_msgpack(source: Source, /, **options: Any) -> Any:
    """Give the packed value, of several a list; `options` are those of `msgpack.Unpacker`."""
    raw = _filled(source)
    msgpack = source.library_or_none("msgpack", "its bytes")
    if msgpack is None:
        return raw
    unpacker = msgpack.Unpacker(io.BytesIO(raw), **{"strict_map_key": False, "timestamp": 3, **options})
    values, end = [], 0
    for value in unpacker:
        values.append(value)
        end = unpacker.tell()
    if end != len(raw):
        raise source.unreadable(reason="its last value is cut short", advice="Upload the whole file again.")
    return values[0] if len(values) == 1 else values


def read_bson(source: Source, /) -> Any:
    """Give the list of documents that a BSON file, such as a dump of MongoDB, is."""
    raw = source.content()
    bson = source.library_or_none("bson", "its bytes")
    return raw if bson is None else bson.decode_all(raw)


def read_cbor(source: Source, /, **options: Any) -> Any:
    """Give the packed value, of several a list; `options` are those of `cbor2.CBORDecoder`."""
    raw = _filled(source)
    cbor2 = source.library_or_none("cbor2", "its bytes")
    if cbor2 is None:
        return raw
    values = list(_cbor_values(cbor2, raw, options))
    return values[0] if len(values) == 1 else values


def read_protobuf(source: Source, /) -> bytes:
    """Give the bytes: without its schema a protobuf message does not say what it means."""
    return source.content()


def _cbor_values(cbor2: ModuleType, raw: bytes, options: dict[str, Any]) -> Iterator[Any]:
    stream = io.BytesIO(raw)
    # Without read-ahead the stream's place says where a value ends.
    decoder = cbor2.CBORDecoder(stream, **{"read_size": 1, **options})
    while stream.tell() < len(raw):
        yield decoder.decode()


def _filled(source: Source) -> bytes:
    raw = source.content()
    if not raw:
        raise source.unreadable(reason="the file is empty", advice="Upload one that holds a value.")
    return raw
