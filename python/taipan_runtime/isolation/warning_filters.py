"""Warning filters by run, and warnings that are shown once are shown once in each run."""

import sys
import warnings
from types import FrameType
from typing import Any

import _taipan
from _taipan import current

from taipan_runtime.isolation.scope import by_run, scope_module

_shared = warnings.filters
_add_shared = warnings._add_filter
_warn_anywhere = warnings.warn


def _warn(
    message: Any, category: Any = None, stacklevel: int = 1, source: Any = None, **prefixes: Any
) -> None:
    """Issue a warning; whether it was shown before is remembered by run, not by the module that warns."""
    run = current()
    kind = type(message) if isinstance(message, Warning) else UserWarning if category is None else category
    if run is None or prefixes or not (isinstance(kind, type) and issubclass(kind, Warning)):
        # With prefixes the level counts from the first frame outside of them, so this one makes no difference.
        _warn_anywhere(message, category, stacklevel + (not prefixes), source, **prefixes)
        return
    frame = _frame(sys._getframe(1), stacklevel)
    if frame is None:
        variables, filename, line = vars(sys), "sys", 1
    else:
        variables, filename, line = frame.f_globals, frame.f_code.co_filename, frame.f_lineno
    shown = run.__dict__.setdefault("shown_warnings", {}).setdefault(filename, {})
    text = str(message)
    if (text, kind, line) in shown or (text, kind) in shown:
        return
    registry: dict[Any, Any] = {}
    module = variables.get("__name__", "<string>")
    warnings.warn_explicit(message, kind, filename, line, module, registry, None, source)
    # What is to be shown once is marked there: by line, or for the whole module.
    shown.update(registry)


def _frame(frame: FrameType | None, level: int) -> FrameType | None:
    """Go up as `warnings.warn` does: frames of the import system do not count, nor do this package's."""
    skips = level > 1 and not _is_internal(frame)
    while frame is not None and level > 1:
        frame = frame.f_back
        while skips and frame is not None and _is_internal(frame):
            frame = frame.f_back
        level -= 1
    return frame


def _is_internal(frame: FrameType) -> bool:
    filename = frame.f_code.co_filename
    return filename.startswith("<taipan>/") or ("importlib" in filename and "_bootstrap" in filename)


def _show(message: Any) -> None:
    """Show a warning with the functions of the run; the module itself looks past them."""
    if warnings.showwarning is warnings._showwarning_orig:
        warnings._showwarnmsg_impl(message)
        return
    if not callable(warnings.showwarning):
        problem = "warnings.showwarning() must be set to a function or method"
        raise TypeError(problem)
    warnings.showwarning(
        message.message, message.category, message.filename, message.lineno, message.file, message.line
    )


def _format(message: Any) -> str:
    if warnings.formatwarning is _format_originally:
        return warnings._formatwarnmsg_impl(message)
    return warnings.formatwarning(
        message.message, message.category, message.filename, message.lineno, message.line
    )


_format_originally = warnings.formatwarning


def _add_filter(*item: Any, append: bool) -> None:
    """Add to the run's filters what the module would add to everybody's."""
    if current() is None:
        _add_shared(*item, append=append)
        return
    filters = warnings.filters
    if item in filters and append:
        return
    if item in filters:
        filters.remove(item)
    filters.insert(len(filters) if append else 0, item)
    warnings._filters_mutated()


def _mutated() -> None:
    """Let what was shown under other filters be shown again, in this run."""
    run = current()
    if run is not None:
        run.__dict__.pop("shown_warnings", None)
    _mutated_anywhere()


_mutated_anywhere = warnings._filters_mutated


def _reset() -> None:
    warnings.filters[:] = []
    warnings._filters_mutated()


def _kept(name: str) -> property:
    shared = vars(warnings)[name]
    return by_run(f"warnings_{name}", lambda: shared, lambda: vars(warnings)[name])


def install() -> None:
    """Make the filters, and the functions that show warnings, depend on the run."""
    replaced = ("showwarning", "formatwarning", "_showwarning_orig", "_showwarnmsg_impl", "defaultaction")
    scope_module(
        warnings,
        {
            "filters": by_run("warning_filters", lambda: list(_shared), lambda: _shared),
            "onceregistry": by_run("warnings_once", dict, lambda: vars(warnings)["onceregistry"]),
            **{name: _kept(name) for name in replaced},
        },
    )
    warnings._add_filter = _add_filter
    warnings._filters_mutated = _mutated
    warnings.resetwarnings = _reset
    warnings.warn = _warn
    warnings._showwarnmsg = _show
    warnings._formatwarnmsg = _format


def begin(_run: _taipan.Run) -> None:
    """Forget which warnings C code has shown before."""
    _mutated_anywhere()
