"""Calls functions right after a module was imported for the first time, whoever imports it."""

import sys
from collections.abc import Callable
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_callbacks: dict[str, list[Callable[[ModuleType], None]]] = {}


def after_import(name: str, callback: Callable[[ModuleType], None]) -> None:
    """Call back with the module once it is there: now, or after its first import."""
    module = dict.get(sys.modules, name)
    if module is not None:
        callback(module)
    _callbacks.setdefault(name, []).append(callback)


class _Announcing(Loader):
    """Loads as another loader does, then calls back."""

    def __init__(self, loader: Any, name: str) -> None:
        self._loader = loader
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(self._loader, attribute)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        for callback in _callbacks[self._name]:
            callback(module)


class _Finder(MetaPathFinder):
    """Finds modules somebody waits for, through the other finders."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if fullname not in _callbacks:
            return None
        for finder in sys.meta_path:
            if finder is self:
                continue
            spec = finder.find_spec(fullname, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _Announcing(spec.loader, fullname)
                return spec
        return None


def install() -> None:
    """Look before the other finders."""
    sys.meta_path.insert(0, _Finder())
