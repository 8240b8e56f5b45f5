"""Processes that code starts: programs are heard and have the run's variables, copies of this process are refused.

A forked copy of a program with many threads may stop at any lock, and what it prints is lost.
"""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any

import _taipan
from _taipan import current

from taipan_runtime.isolation.after_import import after_import

_NO_COPIES = (
    "This code shares its process with other runs, so the process cannot be copied. Use threads instead "
    "(concurrent.futures.ThreadPoolExecutor, multiprocessing.pool.ThreadPool), or start a program with subprocess."
)
_NO_SIGNALS = "This code shares its process with other runs, so it cannot have signals sent to it by a timer."
_ONE_PROCESS = (
    "A sandbox has one process. Use threads instead "
    "(concurrent.futures.ThreadPoolExecutor, multiprocessing.pool.ThreadPool)."
)
# Why copies of the process are refused.
_no_copies = [_NO_COPIES]
_ALARMS = {name: getattr(signal, name) for name in ("alarm", "setitimer")}
# How long is waited for the rest of what an ended program has written, in seconds: others may hold its output open.
_REST = 1.0
_CHUNK = 64 * 1024
# A year, which is longer than any run.
_ENDLESS = 365 * 24 * 3600.0
# How long a program that was asked to end may take, in seconds.
_ASKED = 0.2
_START_METHODS = {"fork", "spawn", "forkserver"}


def _refused(function: Callable[..., Any], reason: list[str]) -> Callable[..., Any]:
    def refused(*args: Any, **kwargs: Any) -> Any:
        if current() is None:
            return function(*args, **kwargs)
        raise RuntimeError(reason[0])

    return refused


def _scope_multiprocessing(process: ModuleType) -> None:
    start = process.BaseProcess.start

    def start_in_run(self: Any) -> None:
        # Others bring their own way to start: joblib's processes are programs of their own.
        if current() is not None and getattr(self, "_start_method", None) in _START_METHODS:
            raise RuntimeError(_no_copies[0])
        start(self)

    process.BaseProcess.start = start_in_run


class RunPopen(subprocess.Popen):
    """`subprocess.Popen`: what a program writes to inherited streams becomes output of the run."""

    def __init__(
        self, args: Any, bufsize: int = -1, executable: Any = None, *rest: Any, **options: Any
    ) -> None:
        """Start a program."""
        self._heard: list[threading.Thread] = []
        run = current()
        if run is None or rest:
            super().__init__(args, bufsize, executable, *rest, **options)
            return
        if options.get("stdin") is None:
            # What this process reads is not for the run.
            options["stdin"] = subprocess.DEVNULL
        with contextlib.ExitStack() as ends:
            for name, stream in (("stdout", 1), ("stderr", 2)):
                if options.get(name) is None:
                    options[name] = self._hear(stream, ends)
            super().__init__(args, bufsize, executable, **options)
        run.__dict__.setdefault("children", []).append(self)

    def _hear(self, stream: int, ends: contextlib.ExitStack) -> int:
        reading, writing = os.pipe()
        ends.callback(os.close, writing)
        heard = threading.Thread(target=_pass_on, args=(reading, stream), daemon=True)
        heard.start()
        self._heard.append(heard)
        return writing

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the program to end, and for what it has written."""
        # Python waits for a time in small steps, between which this thread can be stopped.
        endless = timeout is None and current() is not None
        code = super().wait(_ENDLESS if endless else timeout)
        for heard in self._heard:
            heard.join(_REST)
        return code


def end_children(run: _taipan.Run) -> None:
    """End the programs that the code has left running: nobody waits for them any more."""
    for child in run.__dict__.pop("children", ()):
        if child.poll() is not None:
            continue
        child.terminate()
        try:
            child.wait(_ASKED)
        except subprocess.TimeoutExpired:
            child.kill()
        name = child.args if isinstance(child.args, str | bytes) else next(iter(child.args), "")
        run.note(f"The program '{os.fsdecode(name)}' was still running when the code ended, and was ended.")


RunPopen.__name__ = RunPopen.__qualname__ = "Popen"
RunPopen.__module__ = "subprocess"


def _pass_on(reading: int, stream: int) -> None:
    with open(reading, "rb", buffering=0) as output:
        while data := output.read(_CHUNK):
            _taipan.write_bytes(stream, data)


def _system(command: str | bytes) -> int:
    """Do as C's `system`, with the variables of the run, and heard by it; gives a wait status."""
    if current() is None:
        return _system_anywhere(command)
    code = subprocess.call(command, shell=True)  # noqa: S602 - this is what was asked for
    return code << 8 if code >= 0 else -code


_system_anywhere = os.system


def _with_environment(fork_exec: Callable[..., int]) -> Callable[..., int]:
    """Start child processes with the run's variables, which the process itself does not have."""
    environment_place = 5  # of `_posixsubprocess.fork_exec`, in Python 3.11 to 3.13

    def start(*args: Any) -> int:
        if args[environment_place] is None and current() is not None:
            variables = [name + b"=" + value for name, value in os.environ._data.items()]
            args = (*args[:environment_place], variables, *args[environment_place + 1 :])
        return fork_exec(*args)

    return start


def _spawning(spawn: Callable[..., int]) -> Callable[..., int]:
    """Do the same for `os.posix_spawn`, which Python 3.13 starts programs with."""

    def start(path: Any, argv: Any, env: Any, **options: Any) -> int:
        return spawn(path, argv, os.environ if env is None else env, **options)

    return start


def install() -> None:
    """Put the functions in their places."""
    subprocess._fork_exec = _with_environment(subprocess._fork_exec)
    subprocess.Popen = RunPopen
    os.system = _system
    for name in ("posix_spawn", "posix_spawnp"):
        setattr(os, name, _spawning(getattr(os, name)))
    for name in ("fork", "forkpty"):
        setattr(os, name, _refused(getattr(os, name), _no_copies))
    for name, function in _ALARMS.items():
        setattr(signal, name, _refused(function, [_NO_SIGNALS]))
    after_import("multiprocessing.process", _scope_multiprocessing)


def confine() -> None:
    """Prepare for being the only run of the process, which is also the only process there may be."""
    _no_copies[0] = _ONE_PROCESS
    for name, function in _ALARMS.items():
        setattr(signal, name, function)
    after_import("joblib.parallel", _use_threads)


def _use_threads(parallel: ModuleType) -> None:
    """Let joblib, and scikit-learn with it, use threads where nobody chose something else."""
    parallel.DEFAULT_BACKEND = parallel.DEFAULT_THREAD_BACKEND
