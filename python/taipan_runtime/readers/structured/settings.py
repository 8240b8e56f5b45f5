"""`ini cfg conf properties env`: files of names and values."""

from __future__ import annotations

import configparser
import re
from typing import TYPE_CHECKING, Any

from taipan_runtime.readers.text.encoding import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taipan_runtime.readers.source import Source

TOP = "\0top"
"""Stands for the section of the lines before the first header; no file can name one so."""
PROPERTY = re.compile(r"((?:\\.|[^\\:=\s])*)\s*[:=]?\s*(.*)", re.DOTALL)
ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
ESCAPED = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
VARIABLE = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?(?P<name>[\w.-]+)[ \t]*=[ \t]*
    (?:'(?P<single>[^']*)'|"(?P<double>(?:\\.|[^"\\])*)"|(?P<plain>[^\r\n]*?))
    [ \t]*(?:(?<=[ \t'"=])\#[^\r\n]*)?$""",
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)


def read_ini(source: Source, /) -> dict[str, Any]:
    """Give a dict of sections, each a dict; names keep their case, values before any section stand on top."""
    parser = configparser.ConfigParser(
        interpolation=None,
        strict=False,
        allow_no_value=True,
        default_section="",
        inline_comment_prefixes=None,
    )
    parser.optionxform = str
    text = decode(source.content())
    try:
        parser.read_string(f"[{TOP}]\n{text}", source.name)
    except configparser.ParsingError as error:
        number = error.errors[0][0] - 1  # without the header put on top
        line = text.splitlines()[number - 1].strip()
        raise source.unreadable(
            reason=f"line {number} is neither a section nor a name with a value: {line}",
            advice=f"Read it as text: open(get_file_path('{source.name}')).read().",
        ) from error
    sections = {name: dict(parser[name]) for name in parser.sections()}
    return {**sections.pop(TOP), **sections}


def read_properties(source: Source, /) -> dict[str, str]:
    """Give the names and values of a Java properties file, escapes resolved."""
    values = {}
    for line in _logical_lines(decode(source.content())):
        name, value = PROPERTY.fullmatch(line).groups()
        values[_unescaped(name)] = _unescaped(value)
    return values


def read_env(source: Source, /) -> dict[str, str]:
    """Give the names and values of an environment file; nothing is substituted."""
    values = {}
    for match in VARIABLE.finditer(decode(source.content()).replace("\r\n", "\n")):
        if match["double"] is not None:
            values[match["name"]] = _unescaped(match["double"])
        else:
            values[match["name"]] = match["single"] or match["plain"] or ""
    return values


def _logical_lines(text: str) -> Iterator[str]:
    """Join lines that end in an odd number of backslashes, and leave out comments and empty lines."""
    pending = ""
    for raw in text.splitlines():
        line = raw.lstrip()
        if not pending and (not line or line[0] in "#!"):
            continue
        pending += line
        if (len(pending) - len(pending.rstrip("\\"))) % 2:
            pending = pending[:-1]
            continue
        yield pending
        pending = ""
    if pending:
        yield pending


def _unescaped(text: str) -> str:
    def plain(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[1:], 16)) if len(code) > 1 else ESCAPED.get(code, code)

    # Characters beyond the first plane are written as two escapes.
    return ESCAPE.sub(plain, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
