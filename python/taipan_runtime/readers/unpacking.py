"""Compressed files, opened within bounds: a small file may claim to hold terabytes (S14)."""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
import tempfile
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .source import Source

MAX_UNPACKED_BYTES = 1024**3
"""Nothing is unpacked beyond this size: 1 GiB."""
FREE_BYTES = 10 * 1024**2
"""The first 10 MiB may be packed as tightly as they like."""
MAX_RATIO = 1000
"""Unpacked to packed bytes beyond `FREE_BYTES`."""
STEP_BYTES = 1024**2

ENDINGS = (".gz", ".bz2", ".xz", ".zst", ".lzma", ".lz")


def allowed_size(packed: int) -> int:
    """Give the most bytes that `packed` compressed bytes may unpack to."""
    return min(MAX_UNPACKED_BYTES, FREE_BYTES + MAX_RATIO * packed)


@contextmanager
def unpacked(source: Source, compression: str, *, keep: bool) -> Iterator[Source]:
    """Give the same file without its compression.

    The plain bytes lie in a hidden folder of the working directory, which belongs to the run and goes with
    it. It is removed at once unless the value that was read still needs it (`keep`).
    """
    folder = _hidden_folder()
    done = False
    try:
        target = folder / _plain_name(source.name)
        _unpack(source, compression, target)
        yield replace(source, path=str(target))
        done = True
    finally:
        if not (done and keep):
            shutil.rmtree(folder, ignore_errors=True)


def check_zip(source: Source) -> None:
    """Refuse a zip-based document (xlsx, docx, epub …) that would unpack beyond the bounds.

    Archive readers never unpack more of a member than its directory entry says, so that the entries' sum
    counts.
    """
    with zipfile.ZipFile(source.path) as archive:
        total = sum(entry.file_size for entry in archive.infolist())
    if total > allowed_size(Path(source.path).stat().st_size):
        raise _too_large(source)


def _too_large(source: Source) -> Exception:
    return source.unreadable(
        reason=f"it unpacks to more than allowed ({MAX_UNPACKED_BYTES // 1024**2} MB, and {MAX_RATIO} times "
        f"its packed size beyond the first {FREE_BYTES // 1024**2} MB)",
        advice=f"Unpack a part of it yourself: get_file_path('{source.name}') is its path.",
    )


def _hidden_folder() -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix=".unpacked-", dir=Path.cwd()))
    except OSError:  # a working directory that is gone or read-only
        return Path(tempfile.mkdtemp(prefix=".unpacked-"))


def _plain_name(name: str) -> str:
    base = Path(name.replace("\0", "_")).name or "file"
    plain = Path(base)
    return plain.stem if plain.suffix.lower() in ENDINGS else base


def _unpack(source: Source, compression: str, target: Path) -> None:
    limit = allowed_size(Path(source.path).stat().st_size)
    written = 0
    try:
        with _opened(source.path, compression) as packed, target.open("wb") as plain:
            while step := packed.read(STEP_BYTES):
                written += len(step)
                if written > limit:
                    raise _too_large(source)
                plain.write(step)
    except (EOFError, OSError) as error:
        if isinstance(error, OSError) and "Truncated" not in str(error):  # as Arrow says it
            raise
        raise source.unreadable(
            reason="its compressed data ends too early", advice="Upload the whole file again."
        ) from error


def _opened(path: str, compression: str) -> BinaryIO:
    match compression:
        case "gzip" | "gz":
            return gzip.open(path, "rb")
        case "bzip2" | "bz2":
            return bz2.open(path, "rb")
        case "xz" | "lzma":
            return lzma.open(path, "rb")
        case "lzip" | "lz":
            from .lzip import LzipFile

            return LzipFile(path)
        case "zstd" | "zst":
            import pyarrow as pa

            return pa.CompressedInputStream(pa.OSFile(path, "rb"), "zstd")
    message = f"'{compression}' is not a compression that can be unpacked"
    raise ValueError(message)
