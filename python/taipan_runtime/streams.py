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
    """`sys.stdout` or `sys.stderr`, for every run at once."""

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
        self._stream = stream

    def writable(self) -> bool:
        """Answer yes."""
        return True

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Flush what the code put in the stream's place; the stream itself is never behind."""
        target = _taipan.redirection(self._stream)
        if target is not None:
            target.flush()

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


class InputStream(io.TextIOBase):
    """`sys.stdin`, for every run at once."""

    encoding = "utf-8"
    errors = "strict"
    mode = "r"
    name = "<stdin>"

    @staticmethod
    def _text() -> io.StringIO | None:
        run = _taipan.current()
        if run is None or run.stdin is None:
            return None
        if "stdin_text" not in run.__dict__:
            run.stdin_text = io.StringIO(run.stdin)
        return run.stdin_text

    @property
    def buffer(self) -> io.BytesIO:
        """The rest of the input as bytes."""
        return io.BytesIO(self.read().encode())

    def readable(self) -> bool:
        """Answer yes."""
        return True

    def read(self, size: int | None = -1) -> str:
        """Read up to `size` characters."""
        text = self._text()
        return "" if text is None else text.read(size)

    def readline(self, size: int = -1) -> str:
        """Read a line; raise EOFError where the run was given no input at all."""
        text = self._text()
        if text is None:
            raise EOFError(NO_STDIN)
        return text.readline(size)

    def __next__(self) -> str:
        """Give the next line."""
        text = self._text()
        line = "" if text is None else text.readline()
        if not line:
            raise StopIteration
        return line

    def isatty(self) -> bool:
        """Answer no."""
        return False

    def fileno(self) -> NoReturn:
        """Refuse: there is no descriptor."""
        message = "this stream has no file descriptor"
        raise io.UnsupportedOperation(message)

    def close(self) -> None:
        """Stay open: the stream is shared."""


def install() -> None:
    """Put the streams in their places."""
    for name, stream in (("stdout", OutputStream(1)), ("stderr", OutputStream(2)), ("stdin", InputStream())):
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
