"""Puts back functions and classes that a run has replaced in shared modules.

This cannot be told apart by thread: while a run that patches a module goes on, others see the patch.
"""

import sys
from types import ModuleType
from typing import Any

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

_snapshots: dict[str, tuple[Any, dict[str, Any]]] = {}
_lists: dict[str, tuple[list[Any], list[Any]]] = {}
_options: dict[str, Any] = {}


def _module(name: str) -> ModuleType | None:
    return dict.get(sys.modules, name)


def snapshot() -> None:
    """Remember how things are; called while no run goes on."""
    for name in _MODULES:
        module = _module(name)
        if module is not None:
            _snapshots[name] = (module, dict(vars(module)))
    for module_name, class_name in _CLASSES:
        module = _module(module_name)
        owner = getattr(module, class_name, None)
        if owner is not None:
            _snapshots[f"{module_name}.{class_name}"] = (owner, dict(vars(owner)))
    for name in ("meta_path", "path_hooks", "warnoptions"):
        kept = vars(sys)[name]
        _lists[name] = (kept, list(kept))
    _remember_options()


def restore() -> None:
    """Put back what differs from what was remembered."""
    for owner, before in _snapshots.values():
        now = vars(owner)
        if len(now) != len(before) or now != before:
            _restore(owner, dict(now), before)
    for kept, before in _lists.values():
        if kept != before:
            kept[:] = before
    _restore_options()


def _restore(owner: Any, now: dict[str, Any], before: dict[str, Any]) -> None:
    for name, value in before.items():
        if now.get(name, before) is not value and (name not in now or _is_code(value)):
            setattr(owner, name, value)
    for name, value in now.items():
        if name not in before and not name.startswith("_") and not isinstance(value, ModuleType):
            delattr(owner, name)


def _is_code(value: Any) -> bool:
    """Whether this is what people patch; modules change their own variables, and may."""
    return callable(value) or isinstance(value, property | classmethod | staticmethod | float)


def _remember_options() -> None:
    config = _module("pandas._config.config")
    if config is not None:
        _options["pandas"] = (config, {key: config.get_option(key) for key in config._registered_options})


def _restore_options() -> None:
    if "pandas" not in _options:
        return
    config, before = _options["pandas"]
    for key, value in before.items():
        root, name = config._get_root(key)
        if root[name] is not value and root[name] != value:
            root[name] = value


