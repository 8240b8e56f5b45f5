"""`/mnt/data` is the run's folder, and files given to a run are copied before the code changes them (X5).

C code that opens a file by itself is given what the code says: string literals are translated by
`taipan_runtime.compiling`.
"""

import functools
import io
import os
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any
from weakref import WeakSet

import _taipan
from _taipan import current

from taipan_runtime.isolation.after_import import after_import

SHOWN = "/mnt/data"

_READING = ("stat", "lstat", "listdir", "scandir", "readlink", "access", "statvfs", "listxattr", "getxattr")
_FOLDERS = ("mkdir", "rmdir", "chdir", "mkfifo", "mknod", "pathconf")
_REMOVING = ("remove", "unlink")
_CHANGING = ("truncate", "utime", "chmod", "chown", "setxattr", "removexattr")
_MOVING = ("rename", "replace", "link")
_WRITING_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_TRUNC | os.O_APPEND | os.O_CREAT


def real(path: Any) -> Any:
    """Give the real path of one under `/mnt/data`; anything else as it is."""
    if isinstance(path, int) or current() is None:
        return path
    try:
        text = os.fspath(path)
    except TypeError:
        return path
    shown: Any = SHOWN if isinstance(text, str) else SHOWN.encode()
    if not text.startswith(shown):
        return path
    rest = text[len(shown) :]
    if rest and rest[:1] not in ("/", b"/"):
        return path
    folder = current().folder
    return (folder if isinstance(text, str) else os.fsencode(folder)) + rest


def for_change(path: Any, *, empty: bool = False) -> Any:
    """Give the path to change: a file given to the run is copied first, and the copy is changed."""
    path = real(path)
    run = current()
    if run is None or isinstance(path, int) or not run.has_inputs:
        return path
    # Asked in full: the answer is for the run's folder, and the code may have changed its own.
    asked = _abspath(os.fsdecode(path))
    place = _taipan.writable(asked, empty)
    # The copy stands where the code looks for it, under the name that the code says.
    if place is None or os.fspath(place) == asked:
        return path
    return os.fsencode(place) if isinstance(path, bytes) else os.fspath(place)


def _translated(
    function: Callable[..., Any], translate: Callable[[Any], Any], paths: int = 1
) -> Callable[..., Any]:
    """Translate the first arguments of a function of `os`."""

    @functools.wraps(function)
    def translated(*args: Any, **kwargs: Any) -> Any:
        if args:
            args = (translate(args[0]), *map(real, args[1:paths]), *args[paths:])
        for name in ("path", "src", "dst"):
            if name in kwargs:
                kwargs[name] = translate(kwargs[name])
        return function(*args, **kwargs)

    return translated


_open = io.open
_abspath = os.path.abspath
_os_open = os.open


@functools.wraps(_open)
def _open_in_run(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
    run = current()
    if run is None or not isinstance(mode, str):
        return _open(file, mode, *args, **kwargs)
    if not any(letter in mode for letter in "wax+"):
        return _open(real(file), mode, *args, **kwargs)
    opened = _open(for_change(file, empty="w" in mode), mode, *args, **kwargs)
    run.__dict__.setdefault("open_files", WeakSet()).add(opened)
    return opened


@functools.wraps(_os_open)
def _os_open_in_run(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
    changes = flags & _WRITING_FLAGS
    return _os_open(for_change(path) if changes else real(path), flags, *args, **kwargs)


def _replace(name: str, function: Callable[..., Any]) -> None:
    original = getattr(os, name)
    setattr(os, name, function)
    for supported in (
        os.supports_dir_fd,
        os.supports_effective_ids,
        os.supports_fd,
        os.supports_follow_symlinks,
    ):
        if original in supported:
            supported.add(function)


def _rebind_open() -> None:
    """Exchange the function also where modules have kept it under a name of their own."""
    for name, module in list(dict.items(sys.modules)):
        if isinstance(module, ModuleType) and name not in ("_io", "_pyio", __name__):
            for attribute in [attribute for attribute, value in vars(module).items() if value is _open]:
                setattr(module, attribute, _open_in_run)


def flush_open_files(run: _taipan.Run) -> None:
    """Write out what the code left in the buffers of files it did not close (X9)."""
    # What it put around a file holds text back of its own, and goes first.
    around = [
        value for value in list(run.modules["__main__"].__dict__.values()) if isinstance(value, io.IOBase)
    ]
    for opened in (*around, *_open_files(run)):
        try:
            if not opened.closed:
                opened.flush()
        except Exception:  # noqa: BLE001, S112 - the code may have classes of its own here
            continue


def _open_files(run: _taipan.Run) -> list[Any]:
    opened = run.__dict__.get("open_files", ())
    while True:
        try:
            return list(opened)
        except RuntimeError:  # a thread the code left behind has opened one more
            continue


def _scope_sqlite(sqlite3: ModuleType) -> None:
    connect = sqlite3.connect

    @functools.wraps(connect)
    def connect_in_run(database: Any, *args: Any, **kwargs: Any) -> Any:
        if not kwargs.get("uri"):
            database = for_change(database)
        return connect(database, *args, **kwargs)

    sqlite3.connect = sqlite3.dbapi2.connect = connect_in_run


def install() -> None:
    """Put the translating functions in their places."""
    _rebind_open()
    for names, translate, paths in (
        (_READING, real, 1),
        (_FOLDERS, real, 1),
        (_REMOVING, real, 1),
        (_CHANGING, for_change, 1),
        (_MOVING, for_change, 2),
    ):
        for name in names:
            if hasattr(os, name):
                _replace(name, _translated(getattr(os, name), translate, paths))
    symlink = os.symlink
    _replace("symlink", lambda src, dst, *args, **kwargs: symlink(real(src), real(dst), *args, **kwargs))
    _replace("open", _os_open_in_run)
    after_import("sqlite3", _scope_sqlite)
