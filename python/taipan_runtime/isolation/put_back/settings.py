"""Settings of the whole process, and variables of modules, that code may change: compared and put back one by one.

They are C code's own, or read by a module past its attributes, so that others see a change until the run ends.
"""

import _signal
import asyncio
import csv
import decimal
import gc
import logging
import mimetypes
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from itertools import zip_longest
from types import ModuleType
from typing import Any

import _taipan

from taipan_runtime.isolation.after_import import after_import

_decimals = decimal.DefaultContext

# How a setting is read, and how it is set.
Setting = tuple[Callable[[], Any], Callable[[Any], Any]]

_SETTINGS: tuple[Setting, ...] = (
    (sys.getswitchinterval, sys.setswitchinterval),
    (sys.get_int_max_str_digits, sys.set_int_max_str_digits),
    (sys.getdlopenflags, sys.setdlopenflags),
    (sys.get_coroutine_origin_tracking_depth, sys.set_coroutine_origin_tracking_depth),
    (gc.isenabled, lambda on: gc.enable() if on else gc.disable()),
    (gc.get_threshold, lambda thresholds: gc.set_threshold(*thresholds)),
    (gc.get_debug, gc.set_debug),
    (socket.getdefaulttimeout, socket.setdefaulttimeout),
    (threading.stack_size, threading.stack_size),
    (csv.field_size_limit, csv.field_size_limit),
    (
        lambda: _signal.pthread_sigmask(signal.SIG_BLOCK, ()),
        lambda blocked: _signal.pthread_sigmask(signal.SIG_SETMASK, blocked),
    ),
    (lambda: _decimals.prec, lambda precision: setattr(_decimals, "prec", precision)),
    (lambda: _decimals.rounding, lambda rounding: setattr(_decimals, "rounding", rounding)),
)

_MISSING = object()
_ABSENT_WHERE_UNSET = (
    "tracebacklimit",
    "ps1",
    "ps2",
    "last_type",
    "last_value",
    "last_traceback",
    "last_exc",
)
# Variables of modules, which are put back whatever they hold.
_VARIABLES: dict[str, tuple[str, ...]] = {
    "sys": ("dont_write_bytecode", "pycache_prefix", "__stdout__", "__stderr__", *_ABSENT_WHERE_UNSET),
    "builtins": ("_",),
    "asyncio.events": ("_event_loop_policy",),
    "logging": (
        "_loggerClass", "_logRecordFactory", "_warnings_showwarning", "raiseExceptions", "lastResort", "logThreads",
        "logProcesses", "logMultiprocessing",
    ),
    "tempfile": ("tempdir", "template"),
    "threading": ("_trace_hook", "_profile_hook"),
    "matplotlib.pyplot": ("_backend_mod",),
}  # fmt: skip
# Tables of modules, as the attribute that holds them.
_TABLES: dict[str, tuple[str, ...]] = {
    "copyreg": ("dispatch_table",),
    "gc": ("callbacks",),
    "logging": ("_levelToName", "_nameToLevel"),
    "matplotlib": ("colormaps._cmaps", "colormaps._builtin_cmaps"),
    "mimetypes": ("types_map", "encodings_map", "suffix_map"),
    "sys": ("warnoptions",),
}

_kept: list[tuple[Setting, Any]] = []
_variables: list[tuple[dict[str, Any], str, Any]] = []
_tables: list[tuple[Any, Any]] = []
# What tells at once whether a variable or a table differs; empty when it is to be made anew.
_snapshots: list[_taipan.Snapshot] = []


def _remember_variables(module: ModuleType) -> None:
    variables = vars(module)
    _variables.extend(
        (variables, name, variables.get(name, _MISSING)) for name in _VARIABLES[module.__name__]
    )
    _snapshots.clear()


def _remember_tables(module: ModuleType) -> None:
    for path in _TABLES[module.__name__]:
        table: Any = module
        for name in path.split("."):
            table = getattr(table, name, None)
        if isinstance(table, dict | list):
            _tables.append((table, table.copy()))
    _snapshots.clear()


def snapshot() -> None:
    """Remember how things are; only the first call does, since later ones may find runs that go on."""
    if _kept:
        return
    # These are made on first use.
    asyncio.get_event_loop_policy()
    tempfile.gettempdir()
    mimetypes.init()
    logging.getLogger()
    _kept.extend((setting, setting[0]()) for setting in _SETTINGS)
    for name in _VARIABLES:
        after_import(name, _remember_variables)
    for name in _TABLES:
        after_import(name, _remember_tables)


def restore() -> None:
    """Put back what differs from what was remembered."""
    for (read, write), before in _kept:
        now = read()
        if now is not before and now != before:
            write(before)
    for table, before in _tables:
        if isinstance(table, list) and not _is_same(table, before):
            table[:] = before
    if not _snapshots or _snapshots[0].changed() != ([], []):
        _restore_dictionaries()


def _is_same(values: Iterable[Any], before: Iterable[Any]) -> bool:
    """Compare by identity: what code puts there may have an `==` of its own."""
    missing = object()
    return all(one is other for one, other in zip_longest(values, before, fillvalue=missing))


def _restore_dictionaries() -> None:
    for variables, name, before in _variables:
        if variables.get(name, _MISSING) is not before:
            if before is _MISSING:
                del variables[name]
            else:
                variables[name] = before
    for table, before in _tables:
        if isinstance(table, dict) and not (
            table.keys() == before.keys() and _is_same(table.values(), map(before.get, table))
        ):
            table.clear()
            table.update(before)
    modules = {id(variables): variables for variables, _, _ in _variables}
    tables = [table for table, _ in _tables if isinstance(table, dict)]
    _snapshots[:] = [_taipan.Snapshot([*modules.values(), *tables], [])]
