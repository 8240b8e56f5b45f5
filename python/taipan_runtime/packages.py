"""Packages that the user's code imports and nobody has installed yet (X6).

A `Finder` stands at the end of `sys.meta_path`, so it costs nothing until an import has missed everywhere
else. Then it asks the run's `RunImports`, which lets the host install what is missing, all that the code
imports at once, and the import goes on as if nothing had been.

Only imports that the user's own code issues are installed for, and what pandas cannot do without for something
it is asked to do: a library that tries an optional import keeps its fallback.
"""

from __future__ import annotations

import ast
import importlib
import os
import sys
import threading
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from importlib.machinery import ModuleSpec
    from types import FrameType, ModuleType

    # Installs what import names stand for; tells those that stay missing, with package and reason.
    Install = Callable[[list[str]], Mapping[str, tuple[str, str]]]

_READERS = "taipan_runtime.readers"
_PANDAS_OPTIONAL = "pandas.compat._optional"
_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
_IMPORT_MACHINERY = frozenset(
    {
        "importlib",
        "importlib._bootstrap",
        "importlib._bootstrap_external",
        "importlib.util",
        "taipan_runtime.isolation.modules",
    }
)
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


class Finder:
    """The last finder of `sys.meta_path`: hands what nobody found to the run that is going on."""

    def __init__(self, current: Callable[[], RunImports | None]) -> None:
        """Remember how to find out which run the calling thread belongs to, if any."""
        self._current = current

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,  # noqa: ARG002 (the protocol of finders has it)
    ) -> ModuleSpec | None:
        """Find a top-level module, or one in a namespace that many packages share."""
        if path is not None and not _is_namespace(fullname.rpartition(".")[0]):
            return None
        run = self._current()
        return None if run is None else run.find_spec(fullname, sys._getframe(1))  # noqa: SLF001 (no other way)


class RunImports:
    """What one run may import beyond what is installed, and what it has tried."""

    def __init__(
        self,
        install: Install,
        is_user_code: Callable[[FrameType], bool],
        folder: str | None = None,
        tree: ast.AST | None = None,
    ) -> None:
        """Take the installer, the owner's folder (it need not exist yet) and the run's code.

        What else the code misses is installed along with the first thing it misses.
        """
        self._install = install
        self._is_user_code = is_user_code
        self._folder = folder
        self._tree = tree
        self._tried: set[str] = set()
        self._reasons: dict[str, tuple[str, str]] = {}
        self._lock = threading.RLock()

    def find_spec(self, name: str, frame: FrameType) -> ModuleSpec | None:
        """Find a module that is nowhere else, installing it when the user's code is what asks for it."""
        spec = _find_beneath(self._folder, name)
        if spec is not None or name.partition(".")[0] in sys.stdlib_module_names:
            return spec
        importer = _importer(frame)
        if importer is None or not self._is_user_code(importer):
            return None
        with self._lock:
            spec = self._find_installing(name)
        if spec is None:
            raise self._not_found(name)
        return spec

    def _find_installing(self, name: str) -> ModuleSpec | None:
        asked = self._full_names(name)
        if not self._tried.issuperset(asked):
            others = [] if self._tree is None else missing_imports(self._tree, self._folder)
            wanted = sorted({*asked, *others} - self._tried)
            self._tried.update(wanted)
            self._reasons.update(self._install(wanted))
            importlib.invalidate_caches()
        return _find_beneath(self._folder, name) or _find(name)

    def _full_names(self, name: str) -> list[str]:
        """Give what the code imports below `name`: the first part of a shared namespace says nothing."""
        below = [full for full, _ in _imports(self._tree) if f"{full}.".startswith(f"{name}.")]
        return sorted(set(below)) or [name]

    def _not_found(self, name: str) -> ModuleNotFoundError:
        known = [self._reasons[full] for full in self._full_names(name) if full in self._reasons]
        package, reason = known[0] if known else ("", "What was installed for it has no such module.")
        why = f"The package {package} could not be installed. {reason}" if package else reason
        # `from namespace import part` would swallow an error that bears the part's own name.
        return ModuleNotFoundError(f"No module named {name!r}. {why}", name=name.partition(".")[0])


def user_code(workspace: str) -> Callable[[FrameType], bool]:
    """Tell the user's own frames: `__main__`, modules in the workspace, and the readers that serve him."""
    beneath = os.path.join(os.path.realpath(workspace), "")  # noqa: PTH118 (ends in a separator)

    def is_user_code(frame: FrameType) -> bool:
        module = frame.f_globals.get("__name__")
        if module == "__main__" or f"{module}.".startswith(f"{_READERS}.") or _is_demanded(frame):
            return True
        file = frame.f_globals.get("__file__")
        return isinstance(file, str) and os.path.realpath(file).startswith(beneath)

    return is_user_code


def _is_demanded(frame: FrameType) -> bool:
    """Tell whether pandas fails without this package at what it was asked to do, as `to_markdown` without tabulate."""
    return frame.f_globals.get("__name__") == _PANDAS_OPTIONAL and frame.f_locals.get("errors") == "raise"


def missing_imports(tree: ast.AST, folder: str | None = None) -> list[str]:
    """Give the modules that code imports and that cannot be found now, by their full names, sorted.

    Left out are the standard library's, and imports the code can do without (`try` … `except ImportError`):
    those are installed when they are reached, not before.
    """
    needed = {name for name, optional in _imports(tree) if not optional}
    return sorted(
        name
        for name in needed
        if name.partition(".")[0] not in sys.stdlib_module_names and _is_missing(name, folder)
    )


def _imports(tree: ast.AST | None) -> Iterator[tuple[str, bool]]:
    """Give each absolute import of the code with its full name and whether the code can do without it."""
    pending: list[tuple[ast.AST, bool]] = [] if tree is None else [(tree, False)]
    while pending:
        node, optional = pending.pop()
        if isinstance(node, ast.Import):
            yield from ((alias.name, optional) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level == 0 and node.module:
                for alias in node.names:
                    yield (node.module if alias.name == "*" else f"{node.module}.{alias.name}"), optional
        else:
            pending.extend(_inner(node, optional=optional))


def _inner(node: ast.AST, *, optional: bool) -> Iterator[tuple[ast.AST, bool]]:
    """Give the statements inside a statement; imports stand nowhere else."""
    may_fail: tuple[str, ...] = ()
    if isinstance(node, ast.Try | ast.TryStar) and any(map(_catches_import_errors, node.handlers)):
        may_fail = ("body", "handlers")
    elif isinstance(node, ast.With) and any(map(_suppresses_import_errors, node.items)):
        may_fail = ("body",)
    is_typing = isinstance(node, ast.If) and _last_name(node.test) == "TYPE_CHECKING"
    for block in _BLOCKS:
        inner = getattr(node, block, None)
        if isinstance(inner, list) and not (is_typing and block == "body"):
            yield from ((child, optional or block in may_fail) for child in inner)


def _catches_import_errors(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or _last_name(kind) in _IMPORT_ERRORS for kind in caught)


def _suppresses_import_errors(item: ast.withitem) -> bool:
    expression = item.context_expr
    return (
        isinstance(expression, ast.Call)
        and _last_name(expression.func) == "suppress"
        and any(_last_name(kind) in _IMPORT_ERRORS for kind in expression.args)
    )


def _last_name(expression: ast.expr) -> str | None:
    if isinstance(expression, ast.Attribute):
        return expression.attr
    return expression.id if isinstance(expression, ast.Name) else None


def _is_missing(name: str, folder: str | None) -> bool:
    """Tell whether a module cannot be found, without importing the packages it lies in."""
    parts = name.split(".")
    path: Sequence[str] | None = None
    for depth in range(1, len(parts) + 1):
        full = ".".join(parts[:depth])
        try:
            spec = _find(full, path) or _find_beneath(folder, full)
        except (ImportError, ValueError):
            return False
        if spec is None:
            return True
        if spec.origin is not None or spec.submodule_search_locations is None:
            return False  # What a package of its own contains is its own affair.
        path = spec.submodule_search_locations
    return False


def _find(name: str, path: Sequence[str] | None = None) -> ModuleSpec | None:
    """Ask all finders but ours."""
    module = sys.modules.get(name)
    if module is not None and getattr(module, "__spec__", None) is not None:
        return module.__spec__
    if path is None and "." in name:
        path = getattr(sys.modules.get(name.rpartition(".")[0]), "__path__", None)
    for finder in sys.meta_path:
        find_spec = None if isinstance(finder, Finder) else getattr(finder, "find_spec", None)
        spec = None if find_spec is None else find_spec(name, path)
        if spec is not None:
            return spec
    return None


def _find_beneath(folder: str | None, name: str) -> ModuleSpec | None:
    """Look for a module in the owner's folder, whether that stands on `sys.path` or not."""
    if folder is None:
        return None
    *parents, _ = name.split(".")
    spec = PathFinder.find_spec(name, [os.path.join(folder, *parents)])  # noqa: PTH118 (entries are strings)
    if spec is not None and spec.origin is None and spec.submodule_search_locations is not None:
        # A namespace's own list would be computed anew from `sys.path` alone.
        spec.submodule_search_locations = list(spec.submodule_search_locations)
    return spec


def _is_namespace(name: str) -> bool:
    module = sys.modules.get(name)
    return hasattr(module, "__path__") and getattr(module, "__file__", None) is None


def _importer(frame: FrameType | None) -> FrameType | None:
    """Give the frame that issued an import, or none when it only asks whether a module is there."""
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module == "importlib.util" and frame.f_code.co_name == "find_spec":
            return None
        if module not in _IMPORT_MACHINERY:
            return frame
        frame = frame.f_back
    return None
