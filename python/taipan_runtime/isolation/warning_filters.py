"""Warning filters by run, and warnings that are shown once are shown once in each run."""

import warnings
from typing import Any

import _taipan
from _taipan import current

from taipan_runtime.isolation.scope import by_run, scope_module

_shared = warnings.filters
_add_shared = warnings._add_filter


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


def _reset() -> None:
    warnings.filters[:] = []
    warnings._filters_mutated()


def _kept(name: str) -> property:
    shared = vars(warnings)[name]
    return by_run(f"warnings_{name}", lambda: shared, lambda: vars(warnings)[name])


def install() -> None:
    """Make the filters, and the functions that show warnings, depend on the run."""
    scope_module(
        warnings,
        {
            "filters": by_run("warning_filters", lambda: list(_shared), lambda: _shared),
            **{name: _kept(name) for name in ("showwarning", "formatwarning", "_showwarning_orig", "_showwarnmsg_impl")},
        },
    )
    warnings._add_filter = _add_filter
    warnings.resetwarnings = _reset


def begin(_run: _taipan.Run) -> None:
    """Forget which warnings were shown before."""
    warnings._filters_mutated()
