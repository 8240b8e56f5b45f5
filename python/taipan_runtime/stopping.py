"""Ends code which ran too long or was cancelled: the exception, and waits that it can reach.

An exception raised in a thread from outside arrives between two of its byte codes. Functions that wait in C
do not get there until they are done, so those that wait longest do it here in short slices.
"""

import _imp
import functools
import selectors
import threading
import time
from collections.abc import Callable
from typing import Any

from _taipan import current

# How long a stop may wait for code that waits, in seconds.
_SLICE = 0.05
# More than this is refused by `time.sleep`, as it does itself.
_LONGEST_SLEEP = 9e9

_allocate_lock = threading.Lock


class Stopped(BaseException):
    """Raised in running code to stop it; no `Exception`, so that `except Exception` lets it pass."""


def let_go_of_imports() -> None:
    """Give back the lock of all imports, which code stopped in the midst of one may hold for ever."""
    while True:
        try:
            _imp.release_lock()
        except RuntimeError:  # this thread does not hold it
            return


def _slices(seconds: float | None, wait: Callable[[float], Any]) -> Any:
    """Wait for at most so long, or until what is waited for is there."""
    deadline = None if seconds is None else time.monotonic() + seconds
    while True:
        left = _SLICE if deadline is None else min(_SLICE, deadline - time.monotonic())
        there = wait(max(left, 0))
        if there or left < _SLICE:
            return there


def _sleeping(sleep: Callable[[float], None]) -> Callable[[float], None]:
    @functools.wraps(sleep)
    def sleep_in_run(seconds: float, /) -> None:
        in_slices = (
            isinstance(seconds, int | float) and _SLICE < seconds < _LONGEST_SLEEP and current() is not None
        )
        if in_slices:
            _slices(seconds, sleep)
        else:
            sleep(seconds)

    return sleep_in_run


def _selecting(select: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(select)
    def select_in_run(self: Any, timeout: float | None = None) -> Any:
        if (timeout is not None and timeout <= _SLICE) or current() is None:
            return select(self, timeout)
        return _slices(timeout, lambda seconds: select(self, seconds))

    return select_in_run


def _joining(join: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(join)
    def join_in_run(self: threading.Thread, timeout: float | None = None) -> None:
        if timeout is not None or current() is None:
            join(self, timeout)
            return
        # The first also refuses what cannot be joined.
        join(self, _SLICE)
        while self.is_alive():
            join(self, _SLICE)

    return join_in_run


class _Waiter:
    """The lock with which a thread waits for a condition, an event, a queue or a future."""

    __slots__ = ("_lock", "release")

    def __init__(self) -> None:
        self._lock = _allocate_lock()
        self.release = self._lock.release

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:  # noqa: FBT001, FBT002 - as a lock has it
        if self._lock.acquire(blocking=False):
            return True
        return blocking and _slices(
            None if timeout < 0 else timeout, lambda seconds: self._lock.acquire(timeout=seconds)
        )


def _new_waiter() -> Any:
    return _allocate_lock() if current() is None else _Waiter()


def install() -> None:
    """Put the waits that can be stopped in their places."""
    time.sleep = _sleeping(time.sleep)
    threading.Thread.join = _joining(threading.Thread.join)
    threading._allocate_lock = _new_waiter  # noqa: SLF001 - what conditions take their locks from
    for name in ("EpollSelector", "PollSelector", "SelectSelector"):
        selector = getattr(selectors, name, None)
        if selector is not None:
            selector.select = _selecting(selector.select)
