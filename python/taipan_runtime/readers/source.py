"""The file that a reader is asked to read."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .failures import MissingLibraryError, ReadError, one_line

if TYPE_CHECKING:
    from types import ModuleType


@dataclass(frozen=True)
class Source:
    """A file's place, its own name for messages, and its type in table T."""

    path: str
    name: str
    type_name: str

    def exists(self) -> bool:
        """Say whether the bytes are still there."""
        return Path(self.path).exists()

    def content(self) -> bytes:
        """Give all bytes of the file."""
        return Path(self.path).read_bytes()

    def start(self, length: int) -> bytes:
        """Give the first `length` bytes, fewer when the file is shorter."""
        with Path(self.path).open("rb") as stream:
            return stream.read(length)

    def unreadable(self, *, reason: str, advice: str) -> ReadError:
        """Make the error that says why this file cannot be read, and what to do about it."""
        return ReadError(f"Could not read '{self.name}' as {self.type_name}: {reason.rstrip('.')}. {advice}")

    def notice(self, text: str) -> None:
        """Tell the user something about this file: one line on stderr."""
        sys.stderr.write(f"{self.name}: {' '.join(text.split())}\n")

    def library(self, module: str, package: str | None = None) -> ModuleType:
        """Import what this format cannot be read without; `package` is its other name."""
        try:
            return importlib.import_module(module)
        except ImportError as error:
            message = (
                f"Could not read '{self.name}' as {self.type_name}: that needs the package "
                f"{package or module}, which could not be imported ({one_line(error)}). Install it, or read "
                f"the file another way: get_file_path('{self.name}') is its path."
            )
            raise MissingLibraryError(message) from error

    def library_or_none(self, module: str, instead: str) -> ModuleType | None:
        """Import what would read this file best; when that fails, say so and what is given `instead`."""
        try:
            return importlib.import_module(module)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - a library that cannot start is as good as none
            self.notice(f"{module} could not be imported ({one_line(error)}); giving {instead} instead.")
            return None
