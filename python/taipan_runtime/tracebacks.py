"""Exceptions as text: the user's lines with their source, without the interpreter's own frames."""

import io
import linecache
import traceback
from types import TracebackType
from typing import Any

import _taipan
from _taipan import current

from taipan_runtime.stopping import Stopped

# The sources of a session of which lines can be shown.
_MAX_SOURCES = 100
_MAX_MESSAGE = 10 * 1024
_MAX_TRACEBACK = 64 * 1024
_CUT = " … [cut]"


class RunLines(dict):
    """`linecache.cache`: the lines of `main.py` are those of the run that asks."""

    def __contains__(self, filename: object) -> bool:
        """Look a file up."""
        return filename in _sources() or dict.__contains__(self, filename)

    def __getitem__(self, filename: str) -> Any:
        """Give a file's entry: size, time, lines, path."""
        if (lines := _sources().get(filename)) is not None:
            return len(lines), None, lines, filename
        return dict.__getitem__(self, filename)

    def __setitem__(self, filename: str, entry: Any) -> None:
        """Keep a file's entry; those of the run's own files end with it."""
        run = current()
        if run is not None and filename.startswith(run.folder):
            run.__dict__.setdefault("files_with_lines", set()).add(filename)
        dict.__setitem__(self, filename, entry)

    def get(self, filename: str, default: Any = None) -> Any:
        """Give a file's entry, or the default."""
        return self[filename] if filename in self else default  # noqa: SIM401 - this is what `get` does


def _sources() -> dict[object, list[str]]:
    """Give the lines of the run's source, and of those of its session before it, by what they are called."""
    run = current()
    return {} if run is None else run.__dict__.get("sources", {})


def install() -> None:
    """Put the run's lines where `linecache` looks."""
    linecache.cache = RunLines(linecache.cache)


def remember(run: Any) -> None:
    """Keep the source's lines for tracebacks."""
    sources = run.__dict__.setdefault("sources", {})
    sources[run.file_name] = source_lines(run.code)
    if len(sources) > _MAX_SOURCES:
        del sources[next(iter(sources))]


def source_lines(source: str) -> list[str]:
    """Give the lines as Python counts them, which `splitlines` does not, each with its end."""
    return list(io.StringIO(f"{source}\n", newline=None))


def end(run: Any) -> None:
    """Forget the lines of the run's own files."""
    for filename in run.__dict__.get("files_with_lines", ()):
        linecache.cache.pop(filename, None)


def describe(error: BaseException) -> tuple[str, str, str]:
    """Give the exception's type, message and traceback."""
    name, message = _type_name(type(error)), _sound(text_of(error))
    try:
        formatted = traceback.TracebackException.from_exception(error, compact=True)
        _drop_own_frames(formatted)
        text = "".join(formatted.format())
    except Stopped:
        raise
    except Exception:  # noqa: BLE001 - too deeply nested, or with attributes that raise
        text = f"{_lines(error.__traceback__)}{name}: {message}\n"
    return name, _cut(message, _MAX_MESSAGE), _cut(_sound(text), _MAX_TRACEBACK)


def where(stop: Stopped) -> str:
    """Say where the code was when it was stopped."""
    asked: BaseException | None = stop
    while asked is not None:
        place = _lines(asked.__traceback__)
        if place:
            return _sound(place)
        # It was asked again on its way out: the exception before says where that began.
        asked = asked.__context__
    return ""


def _lines(trace: TracebackType | None) -> str:
    return "".join(traceback.format_list(_user_frames(traceback.extract_tb(trace))))


def text_of(value: object) -> str:
    """Give `str(value)`, whatever the user's own `__str__` does, but be stopped."""
    try:
        return str(value)
    except Stopped:
        raise
    except BaseException:  # noqa: BLE001 - it may raise anything
        return f"<{'exception' if isinstance(value, BaseException) else type(value).__name__} str() failed>"


def report_ignored(where: str, culprit: object, error: BaseException) -> None:
    """Write to standard error what Python writes of an exception that nobody can catch."""
    _taipan.write_stderr(f"Exception ignored in {where}: {culprit!r}\n{describe(error)[2]}")


def _type_name(kind: type) -> str:
    if kind.__module__ in ("builtins", "__main__"):
        return kind.__qualname__
    module = kind.__module__ if isinstance(kind.__module__, str) else "<unknown>"
    return f"{module}.{kind.__qualname__}"


def _sound(text: str) -> str:
    """Show lone surrogates escaped: they have no UTF-8."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _drop_own_frames(formatted: traceback.TracebackException) -> None:
    """Leave the interpreter's frames out, also of the exceptions this one came from or holds."""
    waiting: list[traceback.TracebackException | None] = [formatted]
    while waiting:
        one = waiting.pop()
        if one is not None:
            one.stack[:] = _user_frames(one.stack)
            waiting += [one.__cause__, one.__context__, *(one.exceptions or ())]


def _user_frames(stack: list[traceback.FrameSummary]) -> list[traceback.FrameSummary]:
    """Leave out how the interpreter called the code, with the event loop it runs top-level `await` in."""
    sources = _sources()
    first = next((place for place, frame in enumerate(stack) if frame.filename in sources), 0)
    if not any(_is_own(frame) for frame in stack[:first]):
        first = 0
    return [frame for frame in stack[first:] if not _is_own(frame)]


def _is_own(frame: traceback.FrameSummary) -> bool:
    return frame.filename.startswith("<taipan>/")


def _cut(text: str, most: int) -> str:
    """Keep the beginning and the end of a long text: a traceback's last line says what happened."""
    if len(text) <= most:
        return text
    end = most // 4
    return f"{text[: most - end]}{_CUT}\n{text[-end:]}" if "\n" in text else text[:most] + _CUT
