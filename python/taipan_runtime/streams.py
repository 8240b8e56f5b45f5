"""Standard streams that lead to the run of the thread that uses them."""

import io
import sys
from collections.abc import Iterable
from typing import NoReturn

import _taipan

NO_STDIN = (
    "This run was given no input. Give it with --stdin on the command line, "
    "as stdin in a request, or write the value into the code."
)


class RawOutput(io.RawIOBase):
    """What `sys.stdout.buffer` is: takes bytes."""

    def __init__(self, stream: int) -> None:
        """Write to stream 1 or 2."""
        self._stream = stream

    def writable(self) -> bool:
        """Answer yes."""
        return True

    def write(self, data: bytes) -> int:
        """Write bytes; what is not UTF-8 is shown escaped."""
        return _taipan.write_bytes(self._stream, bytes(data))

    def close(self) -> None:
        """Stay open: the stream is shared."""


class OutputStream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` as code sees it, for every run at once."""

    encoding = "utf-8"
    errors = "backslashreplace"
    mode = "w"
    line_buffering = True
    write_through = False

    def __init__(self, stream: int) -> None:
        """Write to stream 1 or 2."""
        self.name = "<stdout>" if stream == 1 else "<stderr>"
        self.buffer = RawOutput(stream)
        # An attribute, not a method: calls go straight into Rust.
        self.write = _taipan.write_stdout if stream == 1 else _taipan.write_stderr

    def writable(self) -> bool:
        """Answer yes."""
        return True

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def isatty(self) -> bool:
        """Answer no."""
        return False

    def fileno(self) -> NoReturn:
        """Refuse: there is no descriptor."""
        message = "this stream has no file descriptor"
        raise io.UnsupportedOperation(message)

    def reconfigure(self, **_options: object) -> None:
        """Accept options; encoding and buffering are fixed."""

    def close(self) -> None:
        """Stay open: the stream is shared."""


class PrintedStream(OutputStream):
    """The same as C code sees it, which knows one `sys.stdout` for all: leads to what a run put in its place.

    Code never gets hold of this one. What it puts in the stream's place often writes to the stream it replaced.
    """

    def __init__(self, stream: int) -> None:
        """Write to stream 1 or 2."""
        super().__init__(stream)
        self.write = _taipan.print_stdout if stream == 1 else _taipan.print_stderr
        self._stream = stream

    def flush(self) -> None:
        """Flush what the code put in the stream's place; the stream itself is never behind."""
        target = _taipan.redirection(self._stream)
        if target is not None:
            target.flush()


class NoInput(io.TextIOBase):
    """`sys.stdin` of a run that was given no input: empty, and `input()` says how to give some (X12)."""

    encoding = "utf-8"
    errors = "strict"
    mode = "r"
    name = "<stdin>"

    def __init__(self) -> None:
        """Begin, and end, with nothing."""
        self.buffer = io.BytesIO()

    def readable(self) -> bool:
        """Answer yes."""
        return True

    def read(self, _size: int | None = -1) -> str:
        """Give nothing."""
        return ""

    def readline(self, _size: int = -1) -> str:
        """Say how to give input."""
        raise EOFError(NO_STDIN)

    def __next__(self) -> str:
        """End at once."""
        raise StopIteration

    def fileno(self) -> NoReturn:
        """Refuse: there is no descriptor."""
        message = "this stream has no file descriptor"
        raise io.UnsupportedOperation(message)


class _GivenBytes(io.BytesIO):
    name = "<stdin>"


def given_input(text: str | None) -> io.TextIOBase:
    """Make a run's `sys.stdin` from what it was given."""
    return NoInput() if text is None else io.TextIOWrapper(_GivenBytes(text.encode()), encoding="utf-8")


class ReadStream(io.TextIOBase):
    """`sys.stdin` as `input()` sees it, which knows one for all: leads to the run's own."""

    encoding = "utf-8"
    errors = "strict"

    def readline(self, size: int = -1) -> str:
        """Read a line."""
        return sys.stdin.readline(size)

    def fileno(self) -> NoReturn:
        """Refuse: there is no descriptor."""
        message = "this stream has no file descriptor"
        raise io.UnsupportedOperation(message)


STDOUT, STDERR = OutputStream(1), OutputStream(2)


def install() -> None:
    """Put the streams in their places."""
    streams = {
        "stdout": (PrintedStream(1), STDOUT),
        "stderr": (PrintedStream(2), STDERR),
        "stdin": (ReadStream(), NoInput()),
    }
    for name, (for_c, for_code) in streams.items():
        setattr(sys, name, for_c)
        setattr(sys, f"__{name}__", for_code)
