"""Workbooks that are XML inside, read with nothing but the standard library.

OpenDocument (`content.xml` of an ods; source: OpenDocument 1.3 part 3, chapters 9 and 19) and the XML
Spreadsheet of Excel 2003, which still comes as `.xls` out of many programs. Their cells are written into a
workbook that pandas reads, so that all its options hold here too.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_CELLS = 2_000_000
"""Cells and rows may say that they repeat; this many are written in all."""
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
EXCEL = "{urn:schemas-microsoft-com:office:spreadsheet}"
DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")

Cell = tuple[int, int, Any]
"""Row and column, both from 0, and value."""


def workbook_of_ods(content: bytes) -> io.BytesIO:
    """Give the sheets of an OpenDocument's `content.xml` as a workbook."""
    root = ET.fromstring(content)  # noqa: S314 - expat bounds and fetches nothing
    return _workbook(
        (table.get(f"{TABLE}name", ""), _ods_cells(table)) for table in root.iter(f"{TABLE}table")
    )


def workbook_of_excel_2003(content: bytes) -> io.BytesIO:
    """Give the sheets of an XML Spreadsheet as a workbook."""
    root = ET.fromstring(content)  # noqa: S314 - expat bounds and fetches nothing
    return _workbook(
        (sheet.get(f"{EXCEL}Name", ""), _excel_cells(sheet)) for sheet in root.iter(f"{EXCEL}Worksheet")
    )


def _workbook(sheets: Iterator[tuple[str, Iterator[Cell]]]) -> io.BytesIO:
    import xlsxwriter

    content, written = io.BytesIO(), 0
    formats = {
        "default_date_format": "yyyy-mm-dd hh:mm:ss",
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(content, {**formats, "in_memory": True}) as book:
        for name, cells in sheets:
            sheet = book.add_worksheet(name)
            for row, column, value in cells:
                written += 1
                if written > MAX_CELLS:
                    message = f"it holds more than {MAX_CELLS:,} cells"
                    raise ValueError(message)
                sheet.write(row, column, value)
    return content


def _ods_cells(table: ET.Element) -> Iterator[Cell]:
    row = 0
    for element in table.iter(f"{TABLE}table-row"):
        values = list(_ods_row(element))
        repeated = int(element.get(f"{TABLE}number-rows-repeated", "1"))
        # Empty rows at a sheet's end repeat a million times, and cost nothing here.
        for offset in range(repeated if values else 0):
            yield from ((row + offset, column, value) for column, value in values)
        row += repeated


def _ods_row(row: ET.Element) -> Iterator[tuple[int, Any]]:
    column = 0
    for cell in row:
        if cell.tag not in {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"}:
            continue
        repeated = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
        value = _ods_value(cell)
        if value is not None:
            yield from ((column + offset, value) for offset in range(repeated))
        column += repeated


def _ods_value(cell: ET.Element) -> Any:
    match cell.get(f"{OFFICE}value-type"):
        case "float" | "percentage" | "currency":
            return float(cell.get(f"{OFFICE}value", "nan"))
        case "date":
            return dt.datetime.fromisoformat(cell.get(f"{OFFICE}date-value", ""))
        case "boolean":
            return cell.get(f"{OFFICE}boolean-value") == "true"
        case "time":
            return _time(cell.get(f"{OFFICE}time-value", ""))
    paragraphs = ["".join(paragraph.itertext()) for paragraph in cell.findall(f"{TEXT}p")]
    return "\n".join(paragraphs) or None


def _time(text: str) -> dt.time | str:
    """Give a time of day; what lasts longer than a day stays as it is written."""
    match = DURATION.fullmatch(text)
    hours, minutes, seconds = (int(part) for part in match.groups()) if match else (24, 0, 0)
    return dt.time(hours, minutes, seconds) if hours < 24 else text  # noqa: PLR2004 - of a day


def _excel_cells(sheet: ET.Element) -> Iterator[Cell]:
    row = -1
    for element in sheet.iter(f"{EXCEL}Row"):
        row = int(element.get(f"{EXCEL}Index", row + 2)) - 1
        column = -1
        for cell in element.iter(f"{EXCEL}Cell"):
            column = int(cell.get(f"{EXCEL}Index", column + 2)) - 1
            content = cell.find(f"{EXCEL}Data")
            if content is not None and (value := _excel_value(content)) is not None:
                yield row, column, value
            column += int(cell.get(f"{EXCEL}MergeAcross", "0"))


def _excel_value(content: ET.Element) -> Any:
    text = "".join(content.itertext())
    match content.get(f"{EXCEL}Type"):
        case "Number":
            return float(text)
        case "Boolean":
            return text == "1"
        case "DateTime":
            return dt.datetime.fromisoformat(text).replace(tzinfo=None)
    return text or None
