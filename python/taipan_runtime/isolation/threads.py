"""Threads belong to the run whose code starts them; those left behind are asked to end."""

import _thread
import contextlib
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import thread as executors
from typing import Any

import _taipan
from _taipan import current

from taipan_runtime import tracebacks
from taipan_runtime.isolation import locales, system
from taipan_runtime.isolation.scope import by_run, scope_module
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
        try:
            threads.add(me)
            system.enter_thread(self.run)
            locales.enter_thread(self.run)
            self.function(*args, **kwargs)
        except (Stopped, SystemExit):
            pass
        except BaseException as error:  # noqa: BLE001 - Python reports what ends a thread, and so does this
            _print_error(f"Exception in thread {me}:", error)
        finally:
            let_go_of_imports()
            threads.discard(me)
            _taipan.leave()


# How many threads a run may have, where that is limited.
_limit: dict[str, int] = {}


def limit(most: int) -> None:
    """Say how many threads a run may have, for the error when there are more."""
    _limit["most"] = most


def _starting(start: Callable[..., Any]) -> Callable[..., Any]:
    def start_in_run(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        run = current()
        if run is not None and callable(function):
            function = _InRun(run, function)
        try:
            return start(function, *args, **kwargs)
        except RuntimeError as error:
            if "most" not in _limit:
                raise
            # Python's own words do not say that there is a limit, nor which.
            message = f"{error}: a run may have {_limit['most']} threads at a time"
            raise RuntimeError(message) from None

    return start_in_run


def _print_error(heading: str, error: BaseException) -> None:
    with contextlib.suppress(Exception):
        sys.stderr.write(f"{heading}\n{tracebacks.describe(error)[2]}")


def _report(args: Any) -> None:
    """Report what ended a thread; say nothing of threads that were asked to end."""
    if issubclass(args.exc_type, Stopped | SystemExit):
        return
    run = current()
    hook = None if run is None else run.__dict__.get("thread_excepthook")
    if hook not in (None, _report):
        hook(args)
    elif run is None or args.exc_value is None:
        _report_anywhere(args)
    else:
        name = _thread.get_ident() if args.thread is None else args.thread.name
        _print_error(f"Exception in thread {name}:", args.exc_value)


_report_anywhere = threading.excepthook


def is_main(run: _taipan.Run) -> bool:
    """Whether this thread runs the code itself, rather than having been started by it."""
    return _thread.get_ident() == run.__dict__.get("main_thread")


def _enumerate() -> list[threading.Thread]:
    """Give the threads of the run alone."""
    run = current()
    if run is None:
        return _enumerate_all()
    idents = {run.__dict__.get("main_thread"), *run.__dict__.get("threads", ())}
    return [thread for thread in _enumerate_all() if thread.ident in idents]


_enumerate_all = threading.enumerate


def _active_count() -> int:
    return len(_enumerate())


def _new_name(template: str) -> str:
    """Count the threads of the run alone."""
    run = current()
    if run is None or not template.startswith("Thread-"):
        return _name_anywhere(template)
    run.threads_named = run.__dict__.get("threads_named", 0) + 1
    return template % run.threads_named


_name_anywhere = threading._newname


def install() -> None:
    """Wrap every function that starts a thread, and those that tell of threads."""
    threading.excepthook = threading.__excepthook__ = _report
    hook = by_run("thread_excepthook", lambda: _report, lambda: _report)
    scope_module(threading, {"excepthook": hook})
    threading.enumerate = _enumerate
    threading.active_count = _active_count
    threading._newname = _new_name
    start = _starting(_thread.start_new_thread)
    _thread.start_new_thread = _thread.start_new = threading._start_new_thread = start
    if hasattr(_thread, "start_joinable_thread"):  # Python 3.13
        joinable = _starting(_thread.start_joinable_thread)
        _thread.start_joinable_thread = threading._start_joinable_thread = joinable


def begin(run: _taipan.Run) -> None:
    """Let this thread look like a program's main thread, whose threads are waited for at the end."""
    run.main_thread = _thread.get_ident()
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


def _shut_executors(threads: set[int]) -> None:
    """Let the threads of executors end once they have nothing to do, as Python does at its end."""
    for thread, queue in list(executors._threads_queues.items()):
        if thread.ident in threads:
            executor = thread._args[0]()
            if executor is not None:
                executor.shutdown(wait=False)
            queue.put(None)


def settle(run: _taipan.Run) -> None:
    """Let the run's threads end: wait a moment for those that Python would wait for, then ask."""
    threads: set[int] = run.__dict__.get("threads", set())
    if not threads:
        return
    _shut_executors(threads)
    _wait(_GRACE, lambda: run.stopping or not any(map(_waited_for, threads.copy())))
    left = sorted(threads.copy())
    names = {ident: _name(ident) for ident in left}
    # Python stops the others without a word.
    waited_for = set(filter(_waited_for, left))
    for ident in left:
        _taipan.raise_in_thread(ident, Stopped)
    _wait(_ASKED, lambda: not threads)
    for ident in left:
        if ident in threads:
            run.note(
                f"The thread '{names[ident]}' did not end with the code and could not be stopped. "
                "It may go on in the background; end it in your code, for example with an Event, and join it."
            )
        elif ident in waited_for:
            run.note(f"The thread '{names[ident]}' was still running when the code ended, and was stopped.")


def end(run: _taipan.Run) -> None:
    """Ask again, should a thread have been started since."""
    for ident in run.__dict__.get("threads", set()).copy():
        _taipan.raise_in_thread(ident, Stopped)
    if threading.gettrace() is not None:
        threading.settrace(None)
    if threading.getprofile() is not None:
        threading.setprofile(None)
