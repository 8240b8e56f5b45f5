"""What somebody who types asks of a session: whether his input is whole, how a name goes on, which files there are.

All of it is asked in asides, which leave nothing in the session; the answers are JSON.
"""

import ast
import builtins
import codeop
import json
import keyword
import re
import sys
import time
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Any

from taipan_runtime.isolation.paths import SHOWN

_MAX_ANSWERS = 1000
# How long the code's own `__dir__` and `__getattr__` may take, in seconds.
_PATIENCE = 0.5
# What else compiling may raise.
_UNUSUAL = (ValueError, OverflowError, RecursionError, MemoryError)
# How a line begins that belongs to the statement before it.
_GOES_ON = re.compile(r"\s|(else|elif|except|finally)\b")


class _Answer(str):
    """A text that is shown as it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Give the text."""
        return str(self)


def is_whole(source: str) -> str:
    """Tell whether the source can be run: it needs no further lines, or none can make it right."""
    return _Answer(json.dumps(_is_whole(source)))


def ends_of_inputs(text: str, is_all: str) -> str:
    """Give the numbers of the lines with which the whole inputs of a text end.

    Only a text that `is_all` there is ends with a block to which more could be added without an empty line.
    """
    return _Answer(json.dumps(_ends(text.split("\n"), is_all=is_all == "all")))


def completions(start: str, variables: dict[str, Any]) -> str:
    """Give the names, dotted as the start is, that begin with it."""
    return _Answer(json.dumps(_within_time(start, variables)[:_MAX_ANSWERS]))


def files() -> str:
    """Give the names and sizes of the files in the session's folder."""
    folder = Path(SHOWN)
    found = (path for path in folder.rglob("*") if path.is_file())
    named = [
        ("".join(c if c.isprintable() else "_" for c in str(path.relative_to(folder))), path.stat().st_size)
        for path in islice(found, _MAX_ANSWERS)
    ]
    return _Answer(json.dumps(sorted(named)))


def _is_whole(source: str) -> bool:
    try:
        return _compiles(source, "single")
    except SyntaxError:
        pass  # there may be more than one statement
    except _UNUSUAL:
        return True
    try:
        last = source.rpartition("\n")[2]
        return _compiles(source, "exec") and not last.startswith((" ", "\t"))
    except (SyntaxError, *_UNUSUAL):
        return True  # running it tells what is wrong


def _compiles(source: str, mode: str) -> bool:
    compiler = codeop.CommandCompiler()
    compiler.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    return compiler(source, "<input>", mode) is not None


def _ends(lines: list[str], *, is_all: bool) -> list[int]:
    """Try after each line that another statement may follow."""
    ends = []
    start = 0
    for end in range(1, len(lines)):
        piece = "\n".join(lines[start:end])
        if not piece.strip():
            start = end
        elif piece.startswith("/") or _ends_here(piece, lines[end:], is_all=is_all):
            ends.append(end)
            start = end
    return ends


def _ends_here(piece: str, after: list[str], *, is_all: bool) -> bool:
    following = next((line for line in after if line.strip() and not line.startswith("#")), None)
    if following is None:
        return (is_all and not any(after)) or _is_whole(piece)
    return not _GOES_ON.match(following) and _is_whole(piece + "\n")


def _within_time(start: str, variables: dict[str, Any]) -> list[str]:
    """Give the names that are found before somebody who waits for them gives up."""
    deadline = time.monotonic() + _PATIENCE

    def watch(frame: FrameType, _event: str, _argument: object) -> Any:
        # A loop that does nothing never comes to another line.
        frame.f_trace_opcodes = True
        if time.monotonic() > deadline:
            raise TimeoutError
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        return sorted(_names(start, variables))
    except Exception:  # noqa: BLE001 - the code's own attributes may raise anything, and then there are no names
        return []
    finally:
        sys.settrace(before)


def _names(start: str, variables: dict[str, Any]) -> set[str]:
    """Look names up. `rlcompleter` would evaluate every attribute, and take hold of the terminal."""
    *path, begun = start.split(".")
    if path:
        value = variables[path[0]] if path[0] in variables else getattr(builtins, path[0])
        for name in path[1:]:
            value = getattr(value, name)
        names = {str(name) for name in dir(value)}
    else:
        names = {*variables, *dir(builtins), *keyword.kwlist}
    place = ".".join([*path, ""])
    # What begins with an underscore is shown to those who have typed one.
    return {
        place + name
        for name in names
        if name.startswith(begun) and name.isidentifier() and (begun or not name.startswith("_"))
    }
