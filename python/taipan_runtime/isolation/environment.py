"""Environment variables by run: `os.environ` shows each run a copy of its own, made when it is written to."""

import os
from collections.abc import Iterator, MutableMapping
from typing import Any

from _taipan import current


class RunEnvironment(MutableMapping):
    """What `os.environ` keeps its encoded names and values in."""

    def __init__(self, shared: dict[bytes, bytes]) -> None:
        """Start from the process's variables."""
        self._shared = shared

    def _now(self) -> dict[bytes, bytes]:
        run = current()
        return self._shared if run is None else run.__dict__.get("environment", self._shared)

    def _own(self) -> dict[bytes, bytes]:
        run = current()
        if run is None:
            return self._shared
        if "environment" not in run.__dict__:
            run.environment = dict(self._shared)
        return run.environment

    def __getitem__(self, name: bytes) -> bytes:
        """Give a value."""
        return self._now()[name]

    def __setitem__(self, name: bytes, value: bytes) -> None:
        """Set a value."""
        self._own()[name] = value

    def __delitem__(self, name: bytes) -> None:
        """Remove a value."""
        del self._own()[name]

    def __iter__(self) -> Iterator[bytes]:
        """Go through the names."""
        return iter(self._now())

    def __len__(self) -> int:
        """Count the names."""
        return len(self._now())

    def __contains__(self, name: object) -> bool:
        """Look a name up."""
        return name in self._now()


def _only_outside(change: Any) -> Any:
    """Change the process's environment outside of runs only: C code of all runs shares it."""

    def changed(*args: Any) -> None:
        if current() is None:
            change(*args)

    return changed


def install() -> None:
    """Put the mapping behind `os.environ` and `os.environb`."""
    variables = RunEnvironment(os.environ._data)
    os.environ._data = variables
    os.environb._data = variables
    os.putenv = _only_outside(os.putenv)
    os.unsetenv = _only_outside(os.unsetenv)
