"""Attributes of `sys`, and functions registered with `atexit`, by run."""

import atexit
import os
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

import _taipan
from _taipan import current

from taipan_runtime import streams, tracebacks
from taipan_runtime.isolation.scope import by_run, scope_module
from taipan_runtime.stopping import Stopped

_DEFAULT_LIMIT = sys.getrecursionlimit()
# More than this does not fit on a worker's stack.
_MAX_LIMIT = 100_000
# What a level of C code takes of a thread's stack, and the stack that threads have where nobody says otherwise.
_LEVEL_BYTES = 1024
_STACK_BYTES = 8 * 1024 * 1024

# There is no way to look at the mask without setting it.
_umask = os.umask(0o022)
os.umask(_umask)


def _own_path() -> list[str]:
    run = current()
    return [run.folder, *sys.__dict__["path"], run.packages_folder]


def _own_argv() -> list[str]:
    return ["main.py", *current().args]


def _own_input() -> Any:
    return sys.__stdin__


def _stream(number: int, stream: Any) -> property:
    """Give `sys.stdout` as the run redirected it."""

    def get(_owner: object) -> Any:
        target = _taipan.redirection(number)
        return stream if target is None else target

    def put(_owner: object, value: Any) -> None:
        _taipan.redirect(number, None if value is stream else value)

    return property(get, put)


def _set_recursion_limit(limit: int, /) -> None:
    run = current()
    if run is None or not isinstance(limit, int) or limit < 1:
        _set_limit(limit)  # raises what Python raises
        return
    _taipan.set_recursion_limit(min(limit, _MAX_LIMIT))
    run.recursion_limit = limit


def _get_recursion_limit() -> int:
    run = current()
    return _get_limit() if run is None else run.__dict__.get("recursion_limit", _DEFAULT_LIMIT)


_set_limit = sys.setrecursionlimit
_get_limit = sys.getrecursionlimit


def enter_thread(run: _taipan.Run) -> None:
    """Let a thread have its run's recursion limit, as far as its stack allows."""
    limit = run.__dict__.get("recursion_limit")
    if limit is not None:
        room = (threading.stack_size() or _STACK_BYTES) // _LEVEL_BYTES
        _taipan.set_recursion_limit(min(limit, max(room, _DEFAULT_LIMIT)))


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


def _copied(name: str) -> property:
    return by_run(f"sys_{name}", lambda: list(sys.__dict__[name]), lambda: sys.__dict__[name])


def install() -> None:
    """Make the attributes depend on the run."""
    atexit.register = _at_exit
    atexit.unregister = _not_at_exit
    if _taipan.find_recursion_limit():
        sys.setrecursionlimit = _set_recursion_limit
        sys.getrecursionlimit = _get_recursion_limit
    given_input = by_run(
        "stdin_given", lambda: streams.given_input(current().stdin), lambda: sys.__dict__["__stdin__"]
    )
    scope_module(
        sys,
        {
            "argv": by_run("argv", _own_argv, lambda: sys.__dict__["argv"]),
            "path": by_run("path", _own_path, lambda: sys.__dict__["path"]),
            "meta_path": _copied("meta_path"),
            "path_hooks": _copied("path_hooks"),
            "stdout": _stream(1, streams.STDOUT),
            "stderr": _stream(2, streams.STDERR),
            "stdin": by_run("stdin_used", _own_input, _own_input),
            "__stdin__": given_input,
            "displayhook": _plain("displayhook"),
            "excepthook": _plain("excepthook"),
        },
    )


def end(run: _taipan.Run) -> None:
    """Take back what the run set for its thread: recursion limit, tracing, profiling, file mode mask."""
    if "recursion_limit" in run.__dict__:
        _taipan.set_recursion_limit(_DEFAULT_LIMIT)
    if sys.gettrace() is not None:
        sys.settrace(None)
    if sys.getprofile() is not None:
        sys.setprofile(None)
    os.umask(_umask)
