"""Modules a run imports from its own folder, or from its owner's packages, are seen by that run alone.

Modules of Python and of the base packages are shared: importing them again takes seconds, and many can only be
imported once.
"""

import sys
import threading
from collections import OrderedDict
from collections.abc import ItemsView, Iterator, KeysView, ValuesView
from importlib import _bootstrap
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
# Stands in a run's table for a shared module that the run has taken out.
_HIDDEN = object()
# Modules whose entries in the table are the run's own.
_USERS = {"__main__", "unittest.mock", "_pytest.monkeypatch"}

# The variables of `__main__` of the runs that go on, by identity.
_mains: dict[int, _taipan.Run] = {}


class RunModules(dict):
    """The class of `sys.modules`: a run's own modules first, then its owner's, then the shared ones."""

    __slots__ = ()

    def __getitem__(self, name: str) -> Any:
        run = current()
        if run is not None:
            own = run.__dict__.get("modules", ())
            if name in own:
                if own[name] is _HIDDEN:
                    raise KeyError(name)
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
        run = current()
        if run is not None and dict.get(self, name, _MISSING) is module:
            table = run.__dict__.get("modules", {})
            if table.get(name) is _HIDDEN:
                # What the run had taken out is back.
                del table[name]
                if not _is_beneath(run, module):
                    return
        own = None if run is None else _own_table(run, name, module, _setter())
        if own is None:
            dict.__setitem__(self, name, module)
            return
        if dict.get(self, name, _MISSING) is module:
            if not _is_beneath(run, module):
                # What the run had taken out or replaced is as it was.
                own.pop(name, None)
                return
            # Cython's modules enter themselves into the table, past this class, while they are set up.
            dict.__delitem__(self, name)
        own[name] = module
        # C code asks a half-imported package for its parts by attribute alone where its table has no entry.
        parent, _, child = name.rpartition(".")
        if own.get(parent, _HIDDEN) is not _HIDDEN:
            setattr(own[parent], child, module)

    def __delitem__(self, name: str) -> None:
        self.pop(name)

    def pop(self, name: str, *default: Any) -> Any:
        found = self.get(name, _MISSING)
        if found is _MISSING:
            if default:
                return default[0]
            raise KeyError(name)
        run = current()
        if run is None or (_setter() is vars(_bootstrap) and not any(name in own for own in _own_tables())):
            return dict.pop(self, name)
        for own in _own_tables():
            own.pop(name, None)
        if dict.__contains__(self, name):
            _table(run)[name] = _HIDDEN
        return found

    def popitem(self) -> tuple[str, Any]:
        name = next(reversed(self.copy()))
        return name, self.pop(name)

    def setdefault(self, name: str, default: Any = None) -> Any:
        found = self.get(name, _MISSING)
        if found is _MISSING:
            self[name] = found = default
        return found

    def update(self, *others: Any, **named: Any) -> None:
        for name, module in dict(*others, **named).items():
            self[name] = module

    def __ior__(self, other: Any) -> Any:
        self.update(other)
        return self

    def clear(self) -> None:
        for name in self.copy():
            self.pop(name)

    def copy(self) -> dict[str, Any]:
        merged = dict(dict.items(self))
        for own in reversed(_own_tables()):
            merged.update(own)
        return {name: module for name, module in merged.items() if module is not _HIDDEN}

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


def _table(run: _taipan.Run) -> dict[str, Any]:
    """Give the run's own table; a thread that was left behind gets a new one."""
    return run.__dict__.setdefault("modules", {})


def _setter() -> dict[str, Any]:
    """Give the global variables of the code that changes the table."""
    frame = sys._getframe(2)
    while frame.f_globals is globals() and frame.f_back is not None:
        frame = frame.f_back
    return frame.f_globals


def _own_table(run: _taipan.Run, name: str, module: Any, setter: dict[str, Any]) -> dict[str, Any] | None:
    """Give the table a module belongs into; None for the shared one."""
    own = _table(run)
    # What the run has taken out, it imports anew for itself.
    if name in own:
        return own
    place = _place(module)
    if place is not None and place.startswith(run.folder + "/"):
        return own
    if place is not None and place.startswith(run.packages_folder + "/"):
        return _owner_table(run)
    # An entry that the user's code makes, by itself or with the libraries for that, is its own.
    file = str(setter.get("__file__") or "")
    return own if setter.get("__name__") in _USERS or file.startswith(run.folder) else None


def _is_beneath(run: _taipan.Run, module: Any) -> bool:
    """Whether a module lies in the run's folder or among its owner's packages."""
    return str(_place(module)).startswith((run.folder + "/", run.packages_folder + "/"))


def _place(module: Any) -> str | None:
    # Modules that load their parts late must not be asked for more than they have.
    known = module.__dict__ if isinstance(module, ModuleType) else {}
    spec = known.get("__spec__")
    if spec is None:
        return None
    if spec.origin is not None and spec.origin != "namespace":
        return spec.origin
    return next(iter(spec.submodule_search_locations or ()), "")


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
        own = (run.folder, run.packages_folder)
        shared = [place for place in sys.path if place.startswith("/") and place not in own]
        spec = PathFinder.find_spec(fullname, shared)
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


_find = _bootstrap._find_and_load
_load = _bootstrap._load_unlocked
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
    if (
        run is None
        or place.startswith((run.folder + "/", run.packages_folder + "/"))
        or spec.name in _table(run)  # what the run has taken out, it imports anew for itself
    ):
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
    _bootstrap._find_and_load = _part_of_importlib(_find_one_at_a_time)
    _bootstrap._load_unlocked = _part_of_importlib(_load_shared)


def begin(run: _taipan.Run) -> None:
    """Give the run its own `__main__`."""
    module = ModuleType("__main__")
    module.__file__ = run.file_name
    run.modules = {"__main__": module}
    run.main_variables = id(module.__dict__)
    _mains[run.main_variables] = run
    if run.packages_folder in _owners:
        _owner_table(run)


def take_over(run: _taipan.Run) -> None:
    """Make the `__main__` of the run before it in its session this run's own."""
    _mains[run.main_variables] = run
    if not run.is_aside:
        run.modules["__main__"].__file__ = run.file_name


def is_main_of_another(variables: dict[str, Any], run: _taipan.Run) -> bool:
    """Whether these are the variables of the `__main__` of a run that goes on, other than this one."""
    return _mains.get(id(variables), run) is not run


def clear_main(run: _taipan.Run) -> None:
    """Let go of the code's variables. Destructors may run here, and are the code's own."""
    run.modules["__main__"].__dict__.clear()


def end(run: _taipan.Run) -> None:
    """Forget the run's modules."""
    folder = run.folder + "/"
    if "path" in run.__dict__:
        # Relative places were found from this run's folder, and mean others in the next.
        for place in list(sys.path_importer_cache):
            if f"{place}/".startswith(folder) or not place.startswith("/"):
                sys.path_importer_cache.pop(place, None)
    _mains.pop(run.main_variables, None)
    for name, module in list(run.modules.items()):
        # Shared modules may stand here too, under names the code gave them.
        if isinstance(module, ModuleType) and (
            name == "__main__" or (_place(module) or "").startswith(folder)
        ):
            module.__dict__.clear()
    run.modules.clear()
