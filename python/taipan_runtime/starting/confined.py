"""Python alone in a process: signals stop its code; what its first run may be like."""

import resource
import signal
import sys
from types import FrameType, ModuleType

from _taipan import current

from taipan_runtime.isolation import processes, threads
from taipan_runtime.isolation.after_import import after_import
from taipan_runtime.stopping import Stopped

# What asks code to stop; the same in `src/interpreter/sandbox/guest`.
_STOP = signal.SIGUSR2

# Code by the module it needs.
_TYPICAL = (
    ("sys", "print(1)"),
    ("sys", "1 / 0"),
    (
        "pandas",
        """
import pandas as pd
frame = pd.DataFrame({"name": ["a", "b", "a"] * 10, "count": range(30), "price": [1.5, 2.5, 3.5] * 10})
print(frame.head())
print(frame.describe())
print(frame.groupby("name")["count"].sum().to_dict(), frame.groupby("name").mean())
print(frame.sort_values("price")[frame["count"] > 3].value_counts("name"))
frame.to_csv("/dev/null")
frame
""",
    ),
    (
        "matplotlib.pyplot",
        """
import io
import matplotlib.pyplot as plt
figure, axes = plt.subplots()
axes.plot([0, 1], [0, 1], label="a")
axes.bar([0, 1], [0, 1])
axes.set_title("a")
axes.legend()
figure.savefig(io.BytesIO(), format="png")
plt.close(figure)
""",
    ),
)


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


def typical_code() -> list[str]:
    """Give pieces of code such as people often ask for, as far as what they need was imported, the simplest first."""
    return [code for module, code in _TYPICAL if module in sys.modules]
