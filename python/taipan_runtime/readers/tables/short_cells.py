"""Cells of an xlsb that no library for Python reads.

SheetJS writes a cell that follows another as a "short" record without its column (BrtShortBlank to
BrtShortIsst, [MS-XLSB] 2.3.2). Excel reads them; calamine and pyxlsb leave them out and say nothing, which
would be a table with columns missing.
"""

from __future__ import annotations

import re
import zipfile

SHORT_RECORDS = range(12, 19)
LOOKED_AT = 5000
"""Records at the beginning of each sheet; a program writes all its rows alike."""
SHEET = re.compile(r"xl/worksheets/[^/]+\.bin")


def has_short_cells(path: str) -> bool:
    """Say whether a sheet of the workbook at `path` holds such cells."""
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if SHEET.fullmatch(name)]
        return any(_holds_short_records(archive.read(name)) for name in sheets)


def _holds_short_records(content: bytes) -> bool:
    at = 0
    for _ in range(LOOKED_AT):
        if at >= len(content):
            break
        kind, at = _number(content, at, most=2)
        size, at = _number(content, at, most=4)
        if kind in SHORT_RECORDS:
            return True
        at += size
    return False


def _number(content: bytes, at: int, most: int) -> tuple[int, int]:
    """Read a number of up to `most` bytes, seven bits in each, the lowest first, and the place after it."""
    number = 0
    for index, byte in enumerate(content[at : at + most]):
        number |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:  # noqa: PLR2004 - the bit that says that more follow
            return number, at + index + 1
    return number, at + most
