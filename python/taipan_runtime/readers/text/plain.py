"""Text as one string, and bytes that may be text: `text html code svg sql rtf binary`."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from .encoding import decode, find_encoding

if TYPE_CHECKING:
    from taipan_runtime.readers.source import Source


def read_text(source: Source, /, *, encoding: str | None = None, errors: str = "strict") -> str:
    r"""Give the whole text, its encoding found out unless it is given, line ends as `\n`."""
    raw = source.content()
    return _plain_line_ends(raw.decode(encoding or find_encoding(raw), errors))


def read_binary(source: Source, /) -> str | bytes:
    """Give text if the bytes are UTF-8, else the bytes. No text holds a zero byte."""
    raw = source.content()
    if b"\0" in raw:
        return raw
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw
    return _plain_line_ends(decode(raw))


def _plain_line_ends(text: str) -> str:
    return io.IncrementalNewlineDecoder(None, translate=True).decode(text, final=True)
