"""Attributes of `sys`, and functions registered with `atexit`, by run."""

import atexit
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import _taipan
from _taipan import current

from taipan_runtime import tracebacks
from taipan_runtime.isolation.scope import by_run, scope_module
from taipan_runtime.stopping import Stopped

_set_limit = sys.setrecursionlimit
_get_limit = sys.getrecursionlimit
_DEFAULT_LIMIT = _get_limit()
# Limits set by runs that go on: the interpreter has one limit, so the highest holds for all.
_limits: dict[int, int] = {}

_MAX_LIMIT = 100_000


def _own_path() -> list[str]:
    run = current()
    return [run.folder, *sys.__dict__["path"], run.packages_folder]


def _own_argv() -> list[str]:
    return ["main.py", *current().args]


def _stream(name: str, number: int) -> property:
    """Give `sys.stdout` as the run redirected it."""

    def get(_owner: object) -> Any:
        return _taipan.redirection(number) or sys.__dict__[name]

    def put(_owner: object, value: Any) -> None:
        _taipan.redirect(number, None if value is sys.__dict__[name] else value)

    return property(get, put)


def _set_recursion_limit(limit: int) -> None:
    run = current()
    if run is None:
        _set_limit(limit)
        return
    if not isinstance(limit, int) or limit < 1:
        _set_limit(limit)  # raises what Python raises
    _limits[id(run)] = min(limit, _MAX_LIMIT)
    _set_limit(max(_DEFAULT_LIMIT, *_limits.values()))


def _get_recursion_limit() -> int:
    return _limits.get(id(current()), _DEFAULT_LIMIT)


def _at_exit(function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Callable[..., Any]:
    run = current()
    if run is None or not _is_users(sys._getframe(1)):
        return _register(function, *args, **kwargs)
    run.__dict__.setdefault("exit_functions", []).append((function, args, kwargs))
    return function


def _is_users(frame: FrameType) -> bool:
    """Whether a frame is of the user's own code: what a library registers is for the end of the program."""
    file = frame.f_globals.get("__file__")
    return frame.f_globals.get("__name__") == "__main__" or str(file).startswith(current().folder)


def _not_at_exit(function: Callable[..., Any]) -> None:
    run = current()
    if run is None:
        _unregister(function)
    else:
        registered = run.__dict__.get("exit_functions", [])
        registered[:] = [entry for entry in registered if entry[0] != function]


_register = atexit.register
_unregister = atexit.unregister


def run_exit_functions(run: _taipan.Run) -> None:
    """Call what the code registered with `atexit`, last first, as Python does at its end."""
    registered = run.__dict__.get("exit_functions")
    while registered:
        function, args, kwargs = registered.pop()
        try:
            function(*args, **kwargs)
        except Stopped:
            raise
        except BaseException as error:  # noqa: BLE001 - as Python does, say so and go on with the next
            tracebacks.report_ignored("atexit callback", function, error)


def _plain(name: str) -> property:
    return by_run(f"sys_{name}", lambda: sys.__dict__[name], lambda: sys.__dict__[name])


def install() -> None:
    """Make the attributes depend on the run."""
    atexit.register = _at_exit
    atexit.unregister = _not_at_exit
    constant = property(lambda _owner: _set_recursion_limit), property(lambda _owner: _get_recursion_limit)
    scope_module(
        sys,
        {
            "argv": by_run("argv", _own_argv, lambda: sys.__dict__["argv"]),
            "path": by_run("path", _own_path, lambda: sys.__dict__["path"]),
            "stdout": _stream("stdout", 1),
            "stderr": _stream("stderr", 2),
            "stdin": _plain("stdin"),
            "displayhook": _plain("displayhook"),
            "excepthook": _plain("excepthook"),
            "setrecursionlimit": constant[0],
            "getrecursionlimit": constant[1],
        },
    )


def end(run: _taipan.Run) -> None:
    """Take back the run's recursion limit, tracing and profiling."""
    if _limits.pop(id(run), None) is not None:
        _set_limit(max(_DEFAULT_LIMIT, *_limits.values(), _DEFAULT_LIMIT))
    if sys.gettrace() is not None:
        sys.settrace(None)
    if sys.getprofile() is not None:
        sys.setprofile(None)
