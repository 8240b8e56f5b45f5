"""`xlsx xls xlsm xlsb ods numbers`: workbooks, of which the first sheet is read unless told otherwise."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from taipan_runtime.readers.text.encoding import decode
from taipan_runtime.readers.unpacking import check_zip

from .short_cells import has_short_cells
from .xml_sheets import workbook_of_excel_2003, workbook_of_ods

if TYPE_CHECKING:
    import pandas as pd

    from taipan_runtime.readers.source import Source

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLDEST_XLS_MAGICS = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")
"""Worksheets of Excel 2 to 5, before there were workbooks in a container."""
PASSWORD_MARK = "EncryptedPackage".encode("utf-16-le")
EXCEL_2003_MARK = b"urn:schemas-microsoft-com:office:spreadsheet"
BINARY_WORKBOOK_MEMBER = "xl/workbook.bin"
"""What an xlsb has where other workbooks have XML."""


def read_excel(source: Source, /, **options: Any) -> pd.DataFrame | dict[Any, pd.DataFrame]:
    """Read a workbook; `options` are those of `pandas.read_excel`, `sheet_name=None` gives a dict of all.

    Web pages and text tables that are called `.xls`, as many programs export them, are read as what they are.
    """
    start = source.start(8)
    if start.startswith(ZIP_MAGIC):
        check_zip(source)
    elif start == OLE_MAGIC:
        if PASSWORD_MARK in source.content():
            raise source.unreadable(
                reason="it is protected by a password", advice="Save it without one and upload it again."
            )
    elif not start.startswith(OLDEST_XLS_MAGICS):
        return _read_impostor(source, options)
    engine = options.pop("engine", None) or _engine(source, start)
    return _read_book(source, source.path, engine, options)


def read_ods(source: Source, /, **options: Any) -> pd.DataFrame | dict[Any, pd.DataFrame]:
    """Read an OpenDocument spreadsheet; `options` are those of `pandas.read_excel`."""
    check_zip(source)
    engine = options.pop("engine", None)
    if engine:
        return _read_book(source, source.path, engine, options)
    if source.library_or_none("python_calamine", "what its XML says, which takes longer") and _is_in_order(
        source
    ):
        return _read_book(source, source.path, "calamine", options)
    with zipfile.ZipFile(source.path) as archive:
        return _read_book(source, workbook_of_ods(archive.read("content.xml")), "openpyxl", options)


def read_numbers(
    source: Source,
    /,
    *,
    sheet_name: str | int | None = 0,
    header: int | None = 0,
) -> pd.DataFrame | dict[Any, pd.DataFrame]:
    """Read the first table of a sheet of Apple Numbers; `sheet_name=None` gives a dict of all sheets."""
    check_zip(source)
    numbers_parser = source.library("numbers_parser", "numbers-parser")
    sheets = {sheet.name: sheet for sheet in numbers_parser.Document(source.path).sheets}
    if sheet_name is None:
        return {name: _numbers_table(sheet, header) for name, sheet in sheets.items()}
    names = list(sheets)
    if isinstance(sheet_name, str) and sheet_name not in sheets:
        raise source.unreadable(
            reason=f"it has no sheet '{sheet_name}'", advice=f"Its sheets: {', '.join(names)}."
        )
    if sheet_name == 0:
        _name_others(source, names)
    return _numbers_table(sheets[names[sheet_name] if isinstance(sheet_name, int) else sheet_name], header)


def _engine(source: Source, start: bytes) -> str:
    """Choose what pandas reads a workbook with: calamine for the binary ones, else what is always there."""
    if not start.startswith(ZIP_MAGIC):
        return "xlrd"
    with zipfile.ZipFile(source.path) as archive:
        if BINARY_WORKBOOK_MEMBER not in archive.namelist():
            return "openpyxl"
    if has_short_cells(source.path):
        raise source.unreadable(
            reason="its cells are in a short form, as SheetJS writes it, that would lose columns",
            advice="Save it as xlsx and upload that.",
        )
    source.library("python_calamine", "python-calamine")
    return "calamine"


def _read_book(source: Source, book_file: str | io.BytesIO, engine: str, options: dict[str, Any]) -> Any:
    import pandas as pd

    with pd.ExcelFile(book_file, engine=engine, engine_kwargs=options.pop("engine_kwargs", None)) as book:
        if "sheet_name" not in options:
            _name_others(source, book.sheet_names)
        return pd.read_excel(book, **options)


def _is_in_order(source: Source) -> bool:
    """Say whether the type stands first and unpacked, as the format asks; calamine knows no other."""
    with zipfile.ZipFile(source.path) as archive:
        first = archive.infolist()[0]
    return first.filename == "mimetype" and first.compress_type == zipfile.ZIP_STORED


def _name_others(source: Source, names: list[str]) -> None:
    first, *others = names
    if others:
        listed = ", ".join(f"'{name}'" for name in others)
        source.notice(
            f"this is the sheet '{first}'. Others: {listed} "
            f"(sheet_name='{others[0]}' gives that one, sheet_name=None a dict of all).",
        )


def _read_impostor(source: Source, options: dict[str, Any]) -> Any:
    """Read a web page, text table or XML that is called a workbook."""
    import pandas as pd

    from .delimited import read_csv

    start = source.start(64 * 1024)
    if EXCEL_2003_MARK in start:
        return _read_book(source, workbook_of_excel_2003(source.content()), "openpyxl", options)
    if b"<table" not in start.lower():
        source.notice("this is a text table, not a workbook.")
        return read_csv(source, **_without_sheets(options))
    source.notice("this is a web page, not a workbook; giving its first table.")
    return pd.read_html(io.StringIO(decode(source.content())), **_without_sheets(options))[0]


def _without_sheets(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in {"sheet_name", "engine"}}


def _numbers_table(sheet: Any, header: int | None) -> pd.DataFrame:
    import pandas as pd

    rows = sheet.tables[0].rows(values_only=True)
    if header is None:
        return pd.DataFrame(rows)
    return pd.DataFrame(rows[header + 1 :], columns=rows[header]).infer_objects()
