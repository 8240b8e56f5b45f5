"""Puts back functions and classes that a run has replaced in shared modules.

This cannot be told apart by thread: while a run that patches a module goes on, others see the patch.
"""

import contextlib
from types import FunctionType, MethodType, ModuleType
from typing import Any

import _taipan

from taipan_runtime.isolation.after_import import after_import
from taipan_runtime.isolation.modules import is_main_of_another

# Modules and classes that code likes to patch. Comparing all of the thousands that are loaded takes too long.
_MODULES = (
    "builtins", "os", "posixpath", "sys", "io", "json", "json.encoder", "json.decoder", "math", "time", "datetime",
    "re", "random", "string", "collections", "functools", "itertools", "pathlib", "shutil", "subprocess", "threading",
    "pickle", "copy", "csv", "socket", "glob", "tempfile", "locale", "contextlib", "linecache", "importlib",
    "urllib.request", "logging", "warnings", "traceback", "textwrap", "inspect", "types", "typing", "asyncio",
    "numpy", "numpy.linalg", "numpy.random", "pandas", "matplotlib", "matplotlib.pyplot", "scipy.stats", "seaborn",
)  # fmt: skip
_CLASSES = {
    "pandas": ("DataFrame", "Series", "Index"),
    "matplotlib.axes": ("Axes",),
    "matplotlib.figure": ("Figure",),
    "pathlib": ("Path", "PurePath"),
    "json": ("JSONEncoder", "JSONDecoder"),
    "threading": ("Thread",),
    "logging": ("Logger", "Handler", "Formatter"),
    "subprocess": ("Popen",),
}

# What may change and is put back, with what it was.
_remembered: list[tuple[Any, dict[str, Any]]] = []
# What tells at once whether anything differs; empty when it is to be made anew.
_snapshots: list[_taipan.Snapshot] = []


def _remember(module: ModuleType) -> None:
    _remembered.append((module, dict(vars(module))))
    _snapshots.clear()


def _remember_classes(module: ModuleType) -> None:
    for name in _CLASSES[module.__name__]:
        owner = getattr(module, name, None)
        if owner is not None:
            _remembered.append((owner, dict(vars(owner))))
    _snapshots.clear()


def install() -> None:
    """Remember each module as it is after its import, and as the runtime has changed it: call this last."""
    for name in _MODULES:
        after_import(name, _remember)
    for name in _CLASSES:
        after_import(name, _remember_classes)


def restore(run: _taipan.Run) -> None:
    """Put back what differs from what was remembered, unless it is plainly the work of another run."""
    if _snapshots and _snapshots[0].changed() == ([], []):
        return
    # All are looked at before any is accepted: what another run has patched waits for that run's end.
    settled = [_restore(owner, before, run) for owner, before in _remembered]
    if all(settled):
        modules = [vars(owner) for owner, _ in _remembered if isinstance(owner, ModuleType)]
        classes = [owner for owner, _ in _remembered if isinstance(owner, type)]
        _snapshots[:] = [_taipan.Snapshot(modules, classes)]
    else:
        _snapshots.clear()


def _restore(owner: Any, before: dict[str, Any], run: _taipan.Run) -> bool:
    """Give whether everything is as it should be now."""
    now = dict(vars(owner))
    # Compared by identity: what code puts there may have an `==` of its own.
    if now.keys() == before.keys() and all(before[name] is value for name, value in now.items()):
        return True
    settled = True
    for name, value in now.items():
        if name in before and before[name] is value:
            continue
        if _is_of_another(value, run):
            settled = False
        elif name in before and _is_constant(name, before[name]):
            setattr(owner, name, before[name])
        elif name in before or name.startswith("_") or isinstance(value, ModuleType):
            # Modules change their own variables, and may.
            before[name] = value
        else:
            with contextlib.suppress(AttributeError):  # another run's end was first
                delattr(owner, name)
    for name in before.keys() - now.keys():
        setattr(owner, name, before[name])
    return settled


def _is_constant(name: str, value: Any) -> bool:
    """Whether only people who patch change this: code, and public values that cannot change by themselves."""
    if callable(value) or isinstance(value, property | classmethod | staticmethod):
        return True
    return not name.startswith("_") and isinstance(value, str | bytes | int | float | tuple | frozenset)


def _variables_of(value: Any) -> dict[str, Any] | None:
    """Give the global variables of the code that made a function or class, as far as that can be told."""
    if isinstance(value, property):
        value = value.fget
    if isinstance(value, classmethod | staticmethod | MethodType):
        value = value.__func__
    if isinstance(value, type):
        functions = (member for member in vars(value).values() if isinstance(member, FunctionType))
        value = next(functions, None)
    return value.__globals__ if isinstance(value, FunctionType) else None


def _is_of_another(value: Any, run: _taipan.Run) -> bool:
    """Whether a run that goes on, other than this one, made this."""
    variables = _variables_of(value)
    return variables is not None and is_main_of_another(variables, run)
