"""Exceptions as text: the user's lines with their source, without the interpreter's own frames."""

import linecache
import traceback
from typing import Any

from _taipan import current

FILENAME = "main.py"
_MAX_MESSAGE = 10 * 1024
_MAX_TRACEBACK = 64 * 1024
_CUT = " … [cut]"


class RunLines(dict):
    """`linecache.cache`: the lines of `main.py` are those of the run that asks."""

    def _lines(self) -> Any:
        run = current()
        return None if run is None else run.__dict__.get("lines")

    def __contains__(self, filename: object) -> bool:
        """Look a file up."""
        return (filename == FILENAME and self._lines() is not None) or dict.__contains__(self, filename)

    def __getitem__(self, filename: str) -> Any:
        """Give a file's entry: size, time, lines, path."""
        if filename == FILENAME and (lines := self._lines()) is not None:
            return len(lines), None, lines, FILENAME
        return dict.__getitem__(self, filename)

    def get(self, filename: str, default: Any = None) -> Any:
        """Give a file's entry, or the default."""
        return self[filename] if filename in self else default


def install() -> None:
    """Put the run's lines where `linecache` looks."""
    linecache.cache = RunLines(linecache.cache)


def remember(run: Any) -> None:
    """Keep the source's lines for tracebacks."""
    run.lines = run.code.splitlines(keepends=True)


def describe(error: BaseException) -> tuple[str, str, str]:
    """Give the exception's type, message and traceback."""
    formatted = traceback.TracebackException.from_exception(error, compact=True)
    _drop_own_frames(formatted)
    text = "".join(formatted.format())
    return _type_name(type(error)), _cut(_message(error), _MAX_MESSAGE), _cut(text, _MAX_TRACEBACK)


def where(error: BaseException) -> str:
    """Say where the code was when it was stopped."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not _is_own(frame)]
    return "".join(traceback.format_list(frames))


def _type_name(kind: type) -> str:
    if kind.__module__ in ("builtins", "__main__"):
        return kind.__qualname__
    return f"{kind.__module__}.{kind.__qualname__}"


def _message(error: BaseException) -> str:
    if isinstance(error, SyntaxError) and error.msg:
        return f"{error.msg} ({FILENAME}, line {error.lineno})" if error.lineno else error.msg
    try:
        return str(error)
    except Exception:  # noqa: BLE001: the user's own `__str__` may raise anything
        return "<exception str() failed>"


def _drop_own_frames(formatted: traceback.TracebackException) -> None:
    """Leave the interpreter's frames out, also of the exceptions this one came from or holds."""
    waiting: list[traceback.TracebackException | None] = [formatted]
    while waiting:
        one = waiting.pop()
        if one is not None:
            one.stack[:] = [frame for frame in one.stack if not _is_own(frame)]
            waiting += [one.__cause__, one.__context__, *(one.exceptions or ())]


def _is_own(frame: traceback.FrameSummary) -> bool:
    return frame.filename.startswith("<taipan>/")


def _cut(text: str, most: int) -> str:
    """Keep the beginning and the end of a long text: a traceback's last line says what happened."""
    if len(text) <= most:
        return text
    end = most // 4
    return f"{text[: most - end]}{_CUT}\n{text[-end:]}" if "\n" in text else text[:most] + _CUT
