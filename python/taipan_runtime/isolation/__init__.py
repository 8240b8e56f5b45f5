"""Keeps runs in one interpreter apart: one module for each kind of state they would share.

What a thread sees depends on the run it belongs to (`scope`). What cannot be told apart by thread is put back after
the run (`put_back`); what cannot be put back either is listed in ARCHITECTURE.md.
"""

from collections.abc import Callable
from types import ModuleType

import _taipan

from taipan_runtime import streams, tracebacks
from taipan_runtime.isolation import (
    after_import,
    environment,
    locales,
    modules,
    paths,
    processes,
    put_back,
    system,
    threads,
    warning_filters,
)
from taipan_runtime.isolation.libraries import (
    event_loops,
    log_tree,
    pandas_options,
    plot_state,
    randomness,
)

# In the order of installation: `system` makes attributes of `sys` that the others may set.
_PARTS: tuple[ModuleType, ...] = (
    after_import,
    streams,
    system,
    modules,
    tracebacks,
    environment,
    processes,
    threads,
    event_loops,
    randomness,
    warning_filters,
    log_tree,
    locales,
    paths,
    plot_state,
    pandas_options,
)


def install() -> None:
    """Set everything up, once, before any code runs."""
    for part in _PARTS:
        part.install()


_ENDS: tuple[Callable[[_taipan.Run], None], ...] = (
    system.end,
    modules.end,
    locales.end,
    threads.end,
    tracebacks.end,
    event_loops.end,
    put_back.restore,
)


def begin(run: _taipan.Run) -> None:
    """Prepare what a run needs before its code starts; what is rarely needed is made on first use."""
    modules.begin(run)
    warning_filters.begin(run)
    threads.begin(run)


def end(run: _taipan.Run) -> None:
    """Undo what a run did to state that is shared; the run's own state dies with it."""
    for part in _ENDS:
        try:
            part(run)
        except Exception as error:  # noqa: BLE001 - one part that fails must not keep the others from their work
            _taipan.warn(f"{part.__module__}: {error!r}")
