"""Modules a run imports from its own folder, or from its owner's packages, are seen by that run alone.

Modules of Python and of the base packages are shared: importing them again takes seconds, and many can only be
imported once.
"""

import importlib._bootstrap
import sys
import threading
from collections import OrderedDict
from collections.abc import ItemsView, Iterator, KeysView, ValuesView
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import _taipan
from _taipan import current

# Owners whose packages stay imported. Extension modules often cannot be imported a second time.
_MAX_OWNERS = 32
_owners: OrderedDict[str, dict[str, Any]] = OrderedDict()

_get = dict.__getitem__
_MISSING = object()


class RunModules(dict):
    """The class of `sys.modules`: a run's own modules first, then its owner's, then the shared ones."""

    __slots__ = ()

    def __getitem__(self, name: str) -> Any:
        run = current()
        if run is not None:
            own = run.__dict__.get("modules", ())
            if name in own:
                return own[name]
            own = run.__dict__.get("owner_modules", ())
            if name in own:
                return own[name]
        return _get(self, name)

    def get(self, name: str, default: Any = None) -> Any:
        try:
            return self[name]
        except KeyError:
            return default

    def __contains__(self, name: object) -> bool:
        return self.get(name, _MISSING) is not _MISSING

    def __setitem__(self, name: str, module: Any) -> None:
        own = _own_table(module, sys._getframe(1).f_globals)
        if own is None:
            dict.__setitem__(self, name, module)
            return
        own[name] = module
        # Cython's modules enter themselves into the table, past this class, while they are set up.
        if dict.get(self, name) is module and _is_beneath(current(), module):
            dict.__delitem__(self, name)
        # C code asks a half-imported package for its parts by attribute alone where its table has no entry.
        parent, _, child = name.rpartition(".")
        if parent in own:
            setattr(own[parent], child, module)

    def __delitem__(self, name: str) -> None:
        for own in _own_tables():
            if name in own:
                del own[name]
                return
        dict.__delitem__(self, name)

    def pop(self, name: str, *default: Any) -> Any:
        for own in _own_tables():
            if name in own:
                return own.pop(name)
        return dict.pop(self, name, *default)

    def setdefault(self, name: str, default: Any = None) -> Any:
        found = self.get(name, _MISSING)
        if found is _MISSING:
            self[name] = found = default
        return found

    def copy(self) -> dict[str, Any]:
        merged = dict(dict.items(self))
        for own in reversed(_own_tables()):
            merged.update(own)
        return merged

    def keys(self) -> KeysView[str]:
        return self.copy().keys()

    def values(self) -> ValuesView[Any]:
        return self.copy().values()

    def items(self) -> ItemsView[str, Any]:
        return self.copy().items()

    def __iter__(self) -> Iterator[str]:
        return iter(self.copy())

    def __len__(self) -> int:
        return len(self.copy())


def _own_tables() -> list[dict[str, Any]]:
    run = current()
    if run is None:
        return []
    return [table for key in ("modules", "owner_modules") if (table := run.__dict__.get(key)) is not None]


def _own_table(module: Any, setter: dict[str, Any]) -> dict[str, Any] | None:
    """Give the table a module belongs into; None for the shared one."""
    run = current()
    if run is None or "modules" not in run.__dict__:
        return None
    place = _place(module)
    if place is None:
        # Not a module from a file: an entry the user's own code makes is its own.
        made_by_user = setter.get("__name__") == "__main__" or _place_of_globals(setter).startswith(run.folder)
        return run.modules if made_by_user else None
    if place.startswith(run.folder + "/"):
        return run.modules
    if place.startswith(run.packages_folder + "/"):
        return _owner_table(run)
    return None


def _is_beneath(run: _taipan.Run, module: Any) -> bool:
    """Whether a module lies in the run's folder or among its owner's packages."""
    return str(_place(module)).startswith((run.folder + "/", run.packages_folder + "/"))


def _place(module: Any) -> str | None:
    spec = getattr(module, "__spec__", None)
    if spec is None:
        return None
    if spec.origin is not None and spec.origin != "namespace":
        return spec.origin
    return next(iter(spec.submodule_search_locations or ()), "")


def _place_of_globals(setter: dict[str, Any]) -> str:
    return str(setter.get("__file__") or "")


def _owner_table(run: _taipan.Run) -> dict[str, Any]:
    table = run.__dict__.get("owner_modules")
    if table is None:
        table = _owners.setdefault(run.packages_folder, {})
        _owners.move_to_end(run.packages_folder)
        if len(_owners) > _MAX_OWNERS:
            _owners.popitem(last=False)
        run.owner_modules = table
    return table


class _SharedFirst(MetaPathFinder):
    """Looks for modules that all runs share before Python looks for those of the run and its owner.

    Files given to a run are data (S14): one called `json.py` must not be executed because a library imports `json`,
    nor stay in that library for the runs to come.
    """

    def find_spec(self, fullname: str, path: Any = None, _target: Any = None) -> ModuleSpec | None:
        run = current()
        if run is None or path is not None:
            return None
        elsewhere = (run.folder, run.packages_folder, "")
        spec = PathFinder.find_spec(fullname, [place for place in sys.path if place not in elsewhere])
        # A mere folder of the name gives way to a module, as in Python.
        return spec if spec is not None and spec.origin is not None else None


class _FreshFinder(MetaPathFinder):
    """Finds a module the code wrote a moment ago: directory caches look at times too coarse to notice."""

    def find_spec(self, fullname: str, path: Any = None, _target: Any = None) -> ModuleSpec | None:
        run = current()
        if run is None or path is not None or not _is_written(run.folder, fullname):
            return None
        sys.path_importer_cache.pop(run.folder, None)
        return PathFinder.find_spec(fullname, [run.folder])


def _is_written(folder: str, name: str) -> bool:
    place = Path(folder, name)
    return place.with_name(f"{name}.py").exists() or place.is_dir()


_find = importlib._bootstrap._find_and_load
_load = importlib._bootstrap._load_unlocked
# Held while a shared module is imported: two threads importing pandas at once have crashed. It is taken before the
# locks of single modules, so that nobody waits for the other.
_importing = threading.RLock()


def _find_one_at_a_time(name: str, import_: object) -> ModuleType:
    """Import a module that is not there yet; one that all runs share while nobody else imports one."""
    run = current()
    if run is None or _is_written(run.folder, name.partition(".")[0]):
        return _find(name, import_)
    with _importing:
        return _find(name, import_)


def _load_shared(spec: ModuleSpec) -> ModuleType:
    """Load a module; one that all runs share sets itself up for all of them, not for the run that was first."""
    run = current()
    place = spec.origin or next(iter(spec.submodule_search_locations or ()), "")
    if run is None or place.startswith((run.folder + "/", run.packages_folder + "/")):
        return _load(spec)
    _taipan.begin_shared_import()
    try:
        return _load(spec)
    finally:
        _taipan.end_shared_import()


def _part_of_importlib(function: FunctionType) -> FunctionType:
    """Let CPython take the function's frames for its own, which it leaves out of tracebacks."""
    function.__code__ = function.__code__.replace(co_filename=_find.__code__.co_filename)
    return function


def install() -> None:
    """Look for the run's own modules after all others, for freshly written ones last; watch over the import of all."""
    sys.meta_path.insert(sys.meta_path.index(PathFinder), _SharedFirst())
    sys.meta_path.append(_FreshFinder())
    importlib._bootstrap._find_and_load = _part_of_importlib(_find_one_at_a_time)
    importlib._bootstrap._load_unlocked = _part_of_importlib(_load_shared)


def begin(run: _taipan.Run) -> None:
    """Give the run its own `__main__`."""
    module = ModuleType("__main__")
    run.modules = {"__main__": module}
    if run.packages_folder in _owners:
        _owner_table(run)


def end(run: _taipan.Run) -> None:
    """Forget the run's modules."""
    folder = run.folder
    if folder in sys.path_importer_cache:
        for place in [place for place in sys.path_importer_cache if place.startswith(folder)]:
            sys.path_importer_cache.pop(place, None)
    for module in run.modules.values():
        getattr(module, "__dict__", {}).clear()
    run.modules.clear()
