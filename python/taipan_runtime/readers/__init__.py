"""The readers behind `load_file`: one function for each type of table T.

The program that embeds this package resolves an id to a file, finds out the file's type, and calls `read`.
Importing this package is cheap: a format's module, and the library it needs, are imported when the first file
of that format is read.

Layout: `registry` maps type names to readers, `source` is what a reader is given, `unpacking` opens
compressed files within bounds, `failures` turns what a reader raises into one clear line; the rest are the
readers by family.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .failures import FailureReport, MissingLibraryError, ReadError
from .registry import reader_of, type_names
from .source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MissingLibraryError", "ReadError", "read", "type_names"]

RUST_PANIC = "PanicException"
"""What libraries written in Rust raise on files they did not expect, and what is no `Exception`."""


def read(path: str, name: str, type_name: str, compression: str | None, options: dict[str, Any]) -> object:
    """Give the content of the file at `path` in the form that table T promises for `type_name`.

    `name` is what the file's owner calls it and stands in every message; `compression` names what a single
    compressed file (`sales.csv.gz`) is packed with; `options` go to the reader of the format unchanged.

    Raises `ReadError` (a `ValueError`), `MissingLibraryError` (also an `ImportError`), `FileNotFoundError`,
    or `TypeError` for an option that the format does not have, each with one line that names the file.
    """
    shown = "".join(character if character.isprintable() else "\ufffd" for character in name)
    source = plain = Source(path, shown, type_name)
    try:
        reader = reader_of(type_name)
        if compression is None:
            with _quiet_libraries():
                return reader.function()(source, **options)
        from .unpacking import unpacked

        with unpacked(source, compression, keep=reader.keeps_file) as plain, _quiet_libraries():
            return reader.function()(plain, **options)
    except (ReadError, MemoryError):
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != RUST_PANIC:
            raise
        raise FailureReport(plain, options, error).exception() from error


@contextmanager
def _quiet_libraries() -> Iterator[None]:
    """Keep what libraries tell each other's authors from people; what is odd about the file is still said."""
    with warnings.catch_warnings():
        for category in (DeprecationWarning, PendingDeprecationWarning, FutureWarning):
            warnings.simplefilter("ignore", category)
        # It does not know the newest version of its format, and says so of each part of a file.
        warnings.filterwarnings("ignore", category=RuntimeWarning, module="numbers_parser")
        yield
