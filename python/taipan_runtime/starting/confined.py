"""Python alone in a process: signals stop its code, and what the first run needs is touched ahead."""

import resource
import signal
import sys
from collections.abc import Iterator
from types import FrameType, ModuleType

from _taipan import current

from taipan_runtime.isolation import processes, threads
from taipan_runtime.isolation.after_import import after_import
from taipan_runtime.starting import warming
from taipan_runtime.stopping import Stopped

# What asks code to stop; the same in `src/interpreter/sandbox/guest`.
_STOP = signal.SIGUSR2


def _stop(_number: int, _frame: FrameType | None) -> None:
    run = current()
    if run is not None and run.is_running:
        run.ask_to_stop()
        raise Stopped


def prepare() -> None:
    """Let the signal stop code on this thread, Python's main one."""
    signal.signal(_STOP, _stop)
    # A file that gets too large is an error where it is written, and not the end of everything.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    # As a program that was started in a terminal has it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    processes.confine()
    threads.limit(resource.getrlimit(resource.RLIMIT_NPROC)[0])
    after_import("scapy.arch.linux.rtnetlink", _without_interfaces)


def _without_interfaces(rtnetlink: ModuleType) -> None:
    """Let scapy, which asks the kernel for network interfaces as it is imported, find none: it may not ask here."""
    rtnetlink._sr1_rtrequest = lambda _request: []  # noqa: SLF001 - what asks


def _steps() -> Iterator[None]:
    """Use what is imported once more, in small steps: a copy of a process pays when it first writes to a page."""
    exec(compile("1", "main.py", "exec"), {})  # noqa: S102 - code of our own
    yield
    if "pandas" in sys.modules:
        for step in warming.pandas_steps():
            step()
            yield
    if "matplotlib.pyplot" in sys.modules:
        warming.plot()
        yield


_remaining = _steps()


def warm_up() -> bool:
    """Do the next step; tell whether there may be more."""
    return next(_remaining, _remaining) is not _remaining
