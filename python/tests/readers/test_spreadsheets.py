"""Workbooks: the first sheet, the others on request (table T, excel ods numbers)."""

import datetime as dt
import io
import zipfile

import pandas as pd
import pytest
import xlsxwriter

from taipan_runtime import readers
from taipan_runtime.readers.tables import xml_sheets


def test_sheet_name_none_gives_all_sheets(samples, capsys):
    sheets = samples.read("sample.xlsx", sheet_name=None)
    assert {name: frame.shape for name, frame in sheets.items()} == {"people": (3, 3), "places": (1, 1)}
    assert not capsys.readouterr().err


def test_a_sheet_can_be_chosen_by_name_and_by_number(samples):
    assert samples.read("sample.xlsx", sheet_name="places").to_dict("list") == {"place": ["Zürich"]}
    assert samples.read("sample.xls", sheet_name=1).to_dict("list") == {"place": ["Zürich"]}


@pytest.mark.extras
@pytest.mark.parametrize("name", ["sample.xlsb", "sample.ods"])
def test_sheets_of_rarer_workbooks_can_be_chosen_too(samples, name):
    assert list(samples.read(name, sheet_name=None)) == ["people", "places"]
    assert samples.read(name, sheet_name="places").to_dict("list") == {"place": ["Zürich"]}


@pytest.mark.extras
@pytest.mark.filterwarnings("ignore::RuntimeWarning:numbers_parser")
def test_a_numbers_file_has_sheets_too(samples):
    assert samples.read("sample.numbers", sheet_name="Sheet 1").shape == (3, 3)
    [(name, frame)] = samples.read("sample.numbers", sheet_name=None).items()
    assert (name, frame.shape) == ("Sheet 1", (3, 3))
    assert samples.read("sample.numbers", header=None).iloc[0].tolist() == ["name", "count", "score"]
    with pytest.raises(readers.ReadError) as caught:
        samples.read("sample.numbers", sheet_name="nowhere")
    assert str(caught.value) == (
        "Could not read 'sample.numbers' as numbers: it has no sheet 'nowhere'. Its sheets: Sheet 1."
    )


def test_options_go_to_pandas(samples):
    frame = samples.read("sample.xlsx", usecols="A,C", skiprows=1, header=None, names=["who", "points"])
    assert frame.to_dict("list") == {"who": ["Anna", "Jürgen", "Zoë"], "points": [1.5, 2.5, 3.5]}


def test_a_sheet_that_is_not_there_is_named(samples):
    with pytest.raises(readers.ReadError) as caught:
        samples.read("sample.xlsx", sheet_name="nowhere")
    assert str(caught.value).startswith(
        "Could not read 'sample.xlsx' as excel: Worksheet named 'nowhere' not found."
    )


def test_dates_and_numbers_keep_their_types(load):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["day", "count", "flag"])
        sheet.write_datetime(1, 0, pd.Timestamp("2026-02-03").to_pydatetime())
        sheet.write_number(1, 1, 7)
        sheet.write_boolean(1, 2, True)  # noqa: FBT003
    [row] = load("a.xlsx", "excel", content.getvalue()).to_dict("records")
    assert row == {"day": pd.Timestamp("2026-02-03"), "count": 7, "flag": True}


def test_a_text_table_called_xls_is_read_as_text(load, capsys):
    frame = load("export.xls", "excel", "name\tcount\nJürgen\t1\n".encode("utf-16"))
    assert frame.to_dict("list") == {"name": ["Jürgen"], "count": [1]}
    assert capsys.readouterr().err == "export.xls: this is a text table, not a workbook.\n"


def test_a_web_page_called_xls_is_read_as_its_table(samples, capsys):
    assert samples.read("webpage.xls", sheet_name=0).shape == (2, 2)
    assert (
        capsys.readouterr().err
        == "webpage.xls: this is a web page, not a workbook; giving its first table.\n"
    )


def test_a_workbook_called_xls_that_is_an_xlsx_is_read(load, samples):
    assert load("a.xls", "excel", samples.path("sample.xlsx").read_bytes()).shape == (3, 3)


def test_a_protected_workbook_says_so(load):
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(readers.ReadError) as caught:
        load("secret.xlsx", "excel", content)
    assert str(caught.value) == (
        "Could not read 'secret.xlsx' as excel: it is protected by a password. "
        "Save it without one and upload it again."
    )


OPEN_DOCUMENT = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
  xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
  xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
  <table:table table:name="one">{rows}</table:table></office:spreadsheet></office:body>
  </office:document-content>"""


def open_document(rows: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", OPEN_DOCUMENT.format(rows=rows))
    return content.getvalue()


@pytest.mark.usefixtures("without_extras")
def test_an_ods_read_by_its_xml_has_its_types_and_repeated_cells(load):
    rows = """
    <table:table-row><table:table-cell><text:p>text</text:p></table:table-cell>
      <table:table-cell><text:p>day</text:p></table:table-cell>
      <table:table-cell><text:p>flag</text:p></table:table-cell>
      <table:table-cell><text:p>time</text:p></table:table-cell>
      <table:table-cell><text:p>x</text:p></table:table-cell>
      <table:table-cell><text:p>y</text:p></table:table-cell></table:table-row>
    <table:table-row table:number-rows-repeated="2">
      <table:table-cell office:value-type="string"><text:p>=a</text:p><text:p>b</text:p></table:table-cell>
      <table:table-cell office:value-type="date" office:date-value="2026-02-03"/>
      <table:table-cell office:value-type="boolean" office:boolean-value="true"/>
      <table:table-cell office:value-type="time" office:time-value="PT10H30M05S"/>
      <table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="1.5"/>
      <table:table-cell table:number-columns-repeated="16000"/></table:table-row>
    <table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row>"""
    frame = load("a.ods", "ods", open_document(rows))
    day, time = pd.Timestamp("2026-02-03"), dt.time(10, 30, 5)
    row = {"text": "=a\nb", "day": day, "flag": True, "time": time, "x": 1.5, "y": 1.5}
    assert frame.to_dict("records") == [row, row]


@pytest.mark.usefixtures("without_extras")
def test_an_ods_that_repeats_without_end_is_refused(load, monkeypatch):
    monkeypatch.setattr(xml_sheets, "MAX_CELLS", 1000)
    cell = '<table:table-cell table:number-columns-repeated="9" office:value-type="float" office:value="1"/>'
    rows = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    with pytest.raises(readers.ReadError) as caught:
        load("a.ods", "ods", open_document(rows))
    assert str(caught.value).startswith("Could not read 'a.ods' as ods: it holds more than 1,000 cells. ")


def test_a_binary_workbook_whose_cells_would_be_lost_is_refused(load, samples):
    content = io.BytesIO(samples.path("sample.xlsb").read_bytes())
    short_cell = bytes([13, 8]) + bytes(8)  # BrtShortRk
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/worksheets/sheet3.bin", b"\x81\x01\x00" + short_cell)
    with pytest.raises(readers.ReadError) as caught:
        load("a.xlsb", "excel", content.getvalue())
    assert str(caught.value) == (
        "Could not read 'a.xlsb' as excel: its cells are in a short form, as SheetJS writes it, that would "
        "lose columns. Save it as xlsx and upload that."
    )
