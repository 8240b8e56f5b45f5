"""Workbooks: the first sheet, the others on request (table T, excel ods numbers)."""

import io

import pandas as pd
import pytest
import xlsxwriter

from taipan_runtime import readers


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
