"""Archives and compressed files: by the standard library, py7zr, zstandard and lzip; rar by hand."""

import bz2
import gzip
import lzma
import struct
import subprocess
import tarfile
import zipfile
import zlib
from pathlib import Path

import py7zr
import zstandard


def write(folder: Path) -> None:
    text, table = folder / "sample.txt", folder / "sample.csv"
    with zipfile.ZipFile(folder / "sample.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(text, text.name)
    with py7zr.SevenZipFile(folder / "sample.7z", "w") as archive:
        archive.write(text, text.name)
    for ending in ("", ".gz", ".bz2", ".xz"):
        with tarfile.open(folder / f"sample.tar{ending}", f"w:{ending[1:]}") as archive:
            archive.add(text, text.name)
    (folder / "sample.rar").write_bytes(stored_rar(text.name, text.read_bytes()))
    raw = table.read_bytes()
    packers = {
        "gz": gzip.compress,
        "bz2": bz2.compress,
        "xz": lzma.compress,
        "zst": zstandard.compress,
        "lzma": lambda plain: lzma.compress(plain, lzma.FORMAT_ALONE),
        "lz": lambda plain: (
            subprocess.run(["lzip", "-c"], input=plain, capture_output=True, check=True).stdout
        ),
    }
    for ending, pack in packers.items():
        (folder / f"sample.csv.{ending}").write_bytes(pack(raw))
        # Without an inner extension that is known it is an archive.
        (folder / f"sample.{ending}").write_bytes(pack(b"\x00\x01" + raw))


def stored_rar(name: str, content: bytes) -> bytes:
    """Make an archive of version 4 with one stored file: marker, archive header, file header, end."""

    def block(kind: int, flags: int, body: bytes, content: bytes = b"") -> bytes:
        head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head + content

    size, crc = len(content), zlib.crc32(content)
    file = (
        struct.pack("<IIBIIBBHI", size, size, 3, crc, 0x5C210000, 20, 0x30, len(name), 0o100644)
        + name.encode()
    )
    return (
        b"Rar!\x1a\x07\x00"
        + block(0x73, 0, bytes(6))
        + block(0x74, 0x8000, file, content)
        + block(0x7B, 0x4000, b"")
    )
