"""Puts back functions and classes that a run has replaced in shared modules.

This cannot be told apart by thread: while a run that patches a module goes on, others see the patch.
"""

import sys
from types import ModuleType
from typing import Any

import _taipan

# Modules and classes that code likes to patch. Comparing all of the thousands that are loaded takes too long.
_MODULES = (
    "builtins", "os", "sys", "io", "json", "math", "time", "datetime", "re", "random", "string", "collections",
    "functools", "itertools", "pathlib", "shutil", "subprocess", "threading", "pickle", "copy", "csv", "socket",
    "urllib.request", "logging", "warnings", "traceback", "textwrap", "inspect", "types", "typing", "asyncio",
    "numpy", "numpy.linalg", "pandas", "matplotlib", "matplotlib.pyplot", "scipy.stats", "seaborn",
)  # fmt: skip
_CLASSES = (
    ("pandas", "DataFrame"),
    ("pandas", "Series"),
    ("pandas", "Index"),
    ("matplotlib.axes", "Axes"),
    ("matplotlib.figure", "Figure"),
    ("pathlib", "Path"),
    ("json", "JSONEncoder"),
)  # fmt: skip

# What may change and is put back, with what it was: modules, then classes.
_modules: list[tuple[Any, dict[str, Any]]] = []
_classes: list[tuple[Any, dict[str, Any]]] = []
# Dictionaries of options, and lists: what they were.
_options: list[tuple[dict[str, Any], dict[str, Any]]] = []
_lists: list[tuple[list[Any], list[Any]]] = []
_snapshots: list[_taipan.Snapshot] = []


def snapshot() -> None:
    """Remember how things are; called while no run goes on."""
    for kept in (_modules, _classes, _options, _lists, _snapshots):
        kept.clear()
    for name in _MODULES:
        module = _module(name)
        if module is not None:
            _modules.append((module, dict(vars(module))))
    for module_name, class_name in _CLASSES:
        owner = getattr(_module(module_name), class_name, None)
        if owner is not None:
            _classes.append((owner, dict(vars(owner))))
    _options.extend((options, dict(options)) for options in _dictionaries_of_options())
    for name in ("meta_path", "path_hooks", "warnoptions"):
        kept = vars(sys)[name]
        _lists.append((kept, list(kept)))
    _look_again()


def _look_again() -> None:
    dictionaries = [vars(module) for module, _ in _modules] + [options for options, _ in _options]
    _snapshots[:] = [_taipan.Snapshot(dictionaries, [owner for owner, _ in _classes])]


def restore() -> None:
    """Put back what differs from what was remembered."""
    for kept, before in _lists:
        if kept != before:
            kept[:] = before
    if not _snapshots:
        return
    dictionaries, classes = _snapshots[0].changed()
    if not dictionaries and not classes:
        return
    for place in dictionaries:
        if place < len(_modules):
            _restore(*_modules[place])
        else:
            options, before = _options[place - len(_modules)]
            options.update(before)
    for place in classes:
        _restore(*_classes[place])
    _accept()


def _restore(owner: Any, before: dict[str, Any]) -> None:
    now = dict(vars(owner))
    for name, value in before.items():
        if now.get(name, before) is not value and (name not in now or _is_code(value)):
            setattr(owner, name, value)
    for name, value in now.items():
        if name not in before and not name.startswith("_") and not isinstance(value, ModuleType):
            delattr(owner, name)


def _accept() -> None:
    """Take for given what stays different: modules change their own variables, and may."""
    for kept in (_modules, _classes):
        kept[:] = [(owner, dict(vars(owner))) for owner, _ in kept]
    _look_again()


def _is_code(value: Any) -> bool:
    """Whether this is what people patch."""
    return callable(value) or isinstance(value, property | classmethod | staticmethod | float)


def _module(name: str) -> ModuleType | None:
    """Give a module that is there in full: a run of another interpreter may be importing it just now."""
    module = dict.get(sys.modules, name)
    return None if getattr(getattr(module, "__spec__", None), "_initializing", False) else module


def _dictionaries_of_options() -> list[dict[str, Any]]:
    """Give the dictionaries of pandas' options, which lie in each other."""
    config = _module("pandas._config.config")
    found = [] if config is None else [config._global_config]
    for options in found:
        found += [value for value in options.values() if isinstance(value, dict)]
    return found
