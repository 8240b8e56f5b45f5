"""The lzip format, which the standard library can decode but does not know the frame of.

A member is `LZIP`, a version byte, a coded dictionary size, a raw LZMA stream with an end marker, and a
trailer of 20 bytes: CRC-32, unpacked size, member size (all little-endian). Source: the "File format" chapter
of the lzip manual.
"""

from __future__ import annotations

import io
import lzma
import struct
import zlib
from pathlib import Path

HEADER_BYTES = 6
TRAILER = struct.Struct("<IQQ")
STEP_BYTES = 64 * 1024


class LzipFile(io.RawIOBase):
    """Reads the plain bytes of an lzip file with one or more members."""

    def __init__(self, path: str) -> None:
        """Open the file at `path` and check the first member's header."""
        super().__init__()
        self._file = Path(path).open("rb")  # noqa: SIM115 - closed in `close`
        self._packed = b""
        self._begin_member()

    def readable(self) -> bool:
        """Say yes, as streams for reading do."""
        return True

    def readinto(self, buffer: memoryview) -> int:
        """Fill `buffer` with the next plain bytes and say how many there are; 0 at the end."""
        while True:
            if self._decoder.eof and not self._next_member():
                return 0
            if self._decoder.needs_input and not self._packed:
                self._packed = self._file.read(STEP_BYTES)
                if not self._packed:
                    raise EOFError
            plain = self._decoder.decompress(self._packed, max_length=len(buffer))
            self._packed = self._decoder.unused_data if self._decoder.eof else b""
            if plain:
                self._crc = zlib.crc32(plain, self._crc)
                self._size += len(plain)
                buffer[: len(plain)] = plain
                return len(plain)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()

    def _take(self, count: int) -> bytes:
        while len(self._packed) < count and (step := self._file.read(STEP_BYTES)):
            self._packed += step
        taken, self._packed = self._packed[:count], self._packed[count:]
        return taken

    def _position(self) -> int:
        """Give the place in the file up to which its bytes were used."""
        return self._file.tell() - len(self._packed)

    def _begin_member(self) -> None:
        self._start = self._position()
        header = self._take(HEADER_BYTES)
        if len(header) < HEADER_BYTES or header[:5] != b"LZIP\x01":
            message = "it does not begin with an lzip header"
            raise lzma.LZMAError(message)
        base = 1 << (header[5] & 0x1F)
        dictionary = base - (base // 16) * (header[5] >> 5)
        chain = [{"id": lzma.FILTER_LZMA1, "dict_size": dictionary, "lc": 3, "lp": 0, "pb": 2}]
        self._decoder = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=chain)
        self._crc, self._size = 0, 0

    def _next_member(self) -> bool:
        """Check the trailer of the member that ended and begin the next, if there is one."""
        trailer = self._take(TRAILER.size)
        if len(trailer) < TRAILER.size:
            raise EOFError
        found = (self._crc, self._size, self._position() - self._start)
        if TRAILER.unpack(trailer) != found:
            message = "its checksum or size does not match"
            raise lzma.LZMAError(message)
        self._packed = self._take(HEADER_BYTES) + self._packed
        if self._packed[:4] != b"LZIP":
            return False
        self._begin_member()
        return True
