"""Threads belong to the run whose code starts them; those left behind are asked to end."""

import _thread
import threading
import time
from collections.abc import Callable
from typing import Any

import _taipan
from _taipan import current

from taipan_runtime.stopping import Stopped, let_go_of_imports

# How long threads that Python would wait for may go on after the code has ended, in seconds.
_GRACE = 1.0
# How long a thread that was asked to end may take.
_ASKED = 0.2
_STEP = 0.005


class _InRun:
    """A thread's function, called as part of the run that started the thread."""

    __slots__ = ("function", "run")

    def __init__(self, run: _taipan.Run, function: Callable[..., Any]) -> None:
        self.run = run
        self.function = function

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        threads = self.run.__dict__.setdefault("threads", set())
        me = _thread.get_ident()
        _taipan.enter(self.run)
        threads.add(me)
        try:
            self.function(*args, **kwargs)
        except Stopped:
            pass
        finally:
            let_go_of_imports()
            threads.discard(me)
            _taipan.leave()


def _starting(start: Callable[..., Any]) -> Callable[..., Any]:
    def start_in_run(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        run = current()
        if run is not None and callable(function):
            function = _InRun(run, function)
        return start(function, *args, **kwargs)

    return start_in_run


_report = threading.excepthook


def _report_unless_stopped(args: Any) -> None:
    """Say nothing of threads that were asked to end."""
    if not issubclass(args.exc_type, Stopped):
        _report(args)


def install() -> None:
    """Wrap every function that starts a thread."""
    threading.excepthook = _report_unless_stopped
    start = _starting(_thread.start_new_thread)
    _thread.start_new_thread = _thread.start_new = threading._start_new_thread = start
    if hasattr(_thread, "start_joinable_thread"):  # Python 3.13
        joinable = _starting(_thread.start_joinable_thread)
        _thread.start_joinable_thread = threading._start_joinable_thread = joinable


def begin(_run: _taipan.Run) -> None:
    """Let this thread look like a program's main thread, whose threads are waited for at the end."""
    me = threading.current_thread()
    if me.name != "MainThread":
        me.name = "MainThread"
        me._daemonic = False


def _name(ident: int) -> str:
    thread = threading._active.get(ident)
    return thread.name if thread is not None else f"thread {ident}"


def _waited_for(ident: int) -> bool:
    """Whether Python would wait for this thread at its end."""
    thread = threading._active.get(ident)
    return thread is not None and not thread.daemon


def _wait(seconds: float, done: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(_STEP)
    return True


def settle(run: _taipan.Run) -> None:
    """Let the run's threads end: wait a moment for those that Python would wait for, then ask."""
    threads: set[int] = run.__dict__.get("threads", set())
    if not threads:
        return
    _wait(_GRACE, lambda: run.stopping or not any(map(_waited_for, threads.copy())))
    left = sorted(threads.copy())
    names = {ident: _name(ident) for ident in left}
    for ident in left:
        _taipan.raise_in_thread(ident, Stopped)
    _wait(_ASKED, lambda: not threads)
    for ident in left:
        if ident in threads:
            run.note(
                f"The thread '{names[ident]}' did not end with the code and could not be stopped. "
                "It may go on in the background; end it in your code, for example with an Event, and join it."
            )
        else:
            run.note(f"The thread '{names[ident]}' was still running when the code ended, and was stopped.")


def end(run: _taipan.Run) -> None:
    """Ask again, should a thread have been started since."""
    for ident in run.__dict__.get("threads", set()).copy():
        _taipan.raise_in_thread(ident, Stopped)
    if threading.gettrace() is not None:
        threading.settrace(None)
    if threading.getprofile() is not None:
        threading.setprofile(None)
