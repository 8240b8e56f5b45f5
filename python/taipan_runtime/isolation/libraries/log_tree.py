"""Loggers by run: handlers, levels and names a run sets are its own."""

import logging
from typing import Any

from _taipan import current


def _changes() -> dict[tuple[Any, str], Any] | None:
    run = current()
    return None if run is None else run.__dict__.setdefault("loggers", {})


def _by_run(name: str, *, copied: bool) -> property:
    """Keep a logger's attribute by run; lists and dicts are copied on first use."""

    def get(logger: Any) -> Any:
        changes = _changes()
        shared = logger.__dict__.get(name)
        if changes is None:
            return shared
        key = (logger, name)
        if key not in changes:
            if not copied:
                return shared
            changes[key] = type(shared)(shared)
        return changes[key]

    def put(logger: Any, value: Any) -> None:
        changes = _changes()
        if changes is None or name not in logger.__dict__:
            # A new logger is the run's own; nothing of it needs to be kept apart.
            logger.__dict__[name] = value
        else:
            changes[logger, name] = value

    return property(get, put)


def install() -> None:
    """Make the attributes of loggers and the table of their names depend on the run."""
    for name, copied in (
        ("handlers", True),
        ("filters", True),
        ("_cache", True),
        ("level", False),
        ("disabled", False),
        ("propagate", False),
        ("parent", False),
    ):
        setattr(logging.Logger, name, _by_run(name, copied=copied))
    for name, copied in (("loggerDict", True), ("_disable", False), ("loggerClass", False)):
        setattr(logging.Manager, name, _by_run(name, copied=copied))
