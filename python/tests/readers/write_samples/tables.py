"""Tables.

Text tables by hand, xlsx by xlsxwriter (read by openpyxl), ods by odfpy (read by calamine), columnar files by
polars and pyorc (read by pyarrow and fastavro). The other workbooks are written by containers.cjs, files of
statistics packages by statistics.R and portable.sps.
"""

import datetime as dt
import zipfile
from pathlib import Path

import pandas as pd
import polars as pl
import pyorc
import xlsxwriter

NAMES = ["Anna", "Jürgen", "Zoë"]
COUNTS = [1, 2, 3]
SCORES = [1.5, 2.5, 3.5]
DAYS = [dt.date(2026, 1, day) for day in (1, 2, 3)]
WEB_TABLE = "<html><table><tr><th>name<th>count<tr><td>Anna<td>1<tr><td>Jürgen<td>2</table></html>"


def write(folder: Path) -> None:
    write_text_tables(folder)
    write_workbooks(folder)
    frame = pl.DataFrame({"name": NAMES, "count": COUNTS, "score": SCORES, "day": DAYS})
    frame.write_parquet(folder / "sample.parquet", compression="zstd")
    frame.write_ipc(folder / "sample.feather", compression="lz4")
    frame.write_ipc(folder / "sample.arrow")
    frame.write_ipc_stream(folder / "stream.arrow")
    frame.write_avro(folder / "sample.avro", compression="snappy")
    schema = "struct<name:string,count:bigint,score:double>"
    with (folder / "sample.orc").open("wb") as stream, pyorc.Writer(stream, schema) as writer:
        writer.writerows(zip(NAMES, COUNTS, SCORES, strict=True))


def write_text_tables(folder: Path) -> None:
    rows = [("name", "count", "score"), *zip(NAMES, COUNTS, SCORES, strict=True)]

    def table(delimiter: str, line_end: str = "\n") -> str:
        return "".join(delimiter.join(map(str, row)) + line_end for row in rows)

    (folder / "sample.csv").write_text(table(","), encoding="utf-8")
    (folder / "sample.tsv").write_text(table("\t"), encoding="utf-8")
    (folder / "semicolons.csv").write_bytes(table(";", "\r\n").encode("cp1252"))
    (folder / "pipes.csv").write_text(table("|"), encoding="utf-8-sig")
    (folder / "utf16.csv").write_text(table("\t"), encoding="utf-16")
    quoted = 'text;note\n"one; two, three";"a, b"\n"four, five";"c, d"\n'
    (folder / "quoted.csv").write_text(quoted, encoding="utf-8")
    (folder / "hint.csv").write_text("sep=|\n" + table("|"), encoding="utf-8")
    (folder / "webpage.xls").write_text(WEB_TABLE, encoding="cp1252")


def write_workbooks(folder: Path) -> None:
    with xlsxwriter.Workbook(folder / "sample.xlsx") as book:
        first, second = book.add_worksheet("people"), book.add_worksheet("places")
        for column, (title, values) in enumerate({"name": NAMES, "count": COUNTS, "score": SCORES}.items()):
            first.write_column(0, column, [title, *values])
        second.write_column(0, 0, ["place", "Zürich"])
    with pd.ExcelWriter(folder / "sample.ods", engine="odf") as book:
        pd.DataFrame({"name": NAMES, "count": COUNTS, "score": SCORES}).to_excel(
            book, sheet_name="people", index=False
        )
        pd.DataFrame({"place": ["Zürich"]}).to_excel(book, sheet_name="places", index=False)
    with (
        zipfile.ZipFile(folder / "sample.xlsx") as plain,
        zipfile.ZipFile(folder / "sample.xlsm", "w") as macro,
    ):
        for entry in plain.infolist():
            content = plain.read(entry).replace(
                b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
            )
            macro.writestr(entry, content, zipfile.ZIP_DEFLATED)
