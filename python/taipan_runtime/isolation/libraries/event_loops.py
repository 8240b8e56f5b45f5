"""The event loop of the thread that runs the code: each run has its own, made on first use as on a main thread."""

import asyncio
import threading
from typing import Any

import _taipan
from _taipan import current

from taipan_runtime.isolation import threads

_Default: Any = asyncio.DefaultEventLoopPolicy


class _Loops:
    """What the policy keeps for a thread: for a run's main thread, it is kept by the run."""

    def __init__(self) -> None:
        self._by_thread = threading.local()

    def _place(self) -> dict[str, Any]:
        run = current()
        return run.__dict__ if run is not None and threads.is_main(run) else self._by_thread.__dict__

    @property
    def _loop(self) -> Any:
        return self._place().get("event_loop")

    @_loop.setter
    def _loop(self, loop: Any) -> None:
        self._place()["event_loop"] = loop

    @property
    def _set_called(self) -> bool:
        return "event_loop" in self._place()

    @_set_called.setter
    def _set_called(self, _called: bool) -> None:
        self._place().setdefault("event_loop", None)


class RunPolicy(_Default):
    """Python's own policy, to which the thread that runs code is a main thread."""

    def __init__(self) -> None:
        """Begin without loops."""
        super().__init__()
        self._local = _Loops()

    def get_event_loop(self) -> Any:
        """Give the thread's loop; make one for the thread that runs the code."""
        run = current()
        if run is not None and threads.is_main(run) and "event_loop" not in run.__dict__:
            self.set_event_loop(self.new_event_loop())
        return super().get_event_loop()


def install() -> None:
    """Put the policy in its place."""
    asyncio.set_event_loop_policy(RunPolicy())


def end(run: _taipan.Run) -> None:
    """Close the loop that the code left behind."""
    loop = run.__dict__.get("event_loop")
    if loop is not None and not loop.is_running() and not loop.is_closed():
        loop.close()
