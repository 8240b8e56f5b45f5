"""Text tables whose delimiter and encoding are found out (table T, csv)."""
# ruff: noqa: RUF001 - letters of many scripts are what this is about

import pytest

from taipan_runtime import readers


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_delimiter_and_encoding_are_found_out(load, delimiter, encoding):
    text = "Straße,Größe,Stück\nAhornweg,1.5,3\nBäckergasse,2.5,4\n".replace(",", delimiter)
    value = load("a.csv", "csv", text.encode(encoding))
    expected = {"Straße": ["Ahornweg", "Bäckergasse"], "Größe": [1.5, 2.5], "Stück": [3, 4]}
    assert value.to_dict("list") == expected


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "имя,город\nИван,Москва\nОльга,Казань\n"),
        ("koi8_r", "имя,город\nИван,Москва\nОльга,Казань\n"),
        ("cp932", "名前,都市\n太郎,東京\n花子,大阪\n"),
        ("euc_jp", "なまえ,とし\nたろう,とうきょう\nはなこ,おおさか\n"),
        ("gb18030", "姓名,城市\n张伟,北京\n王芳,上海\n"),
        ("big5", "姓名,城市\n張偉,台北\n王芳,高雄\n"),
        ("cp949", "이름,도시\n김철수,서울\n이영희,부산\n"),
        ("cp1253", "όνομα,πόλη\nΓιώργος,Αθήνα\nΜαρία,Πάτρα\n"),
        ("cp1250", "imię,miasto\nŻółć,Łódź\nJaźń,Kraków\n"),
        ("cp1252", "prénom,ville\nChloé,Besançon\nZoë,Orléans\n"),
        ("cp1252", "produit;prix\nthé;5 €\ncafé “noir”;7 €\n"),
        ("latin-1", "namn;ort\nÅsa;Örebro\nBjörn;Malmö\n"),
        ("mac_roman", "Straße;Stück\nBäckergasse;für drei\n"),
    ],
)
def test_older_encodings_are_told_apart(load, encoding, text):
    rows = [line.split(";" if ";" in text else ",") for line in text.splitlines()]
    value = load("a.csv", "csv", text.encode(encoding))
    assert [list(value.columns), *value.to_numpy().tolist()] == rows


def test_text_that_stops_being_utf_8_after_the_sample_is_still_read(load):
    text = "name,count\n" + "Anna,1\n" * 50_000 + "Jürgen,2\n"
    value = load("a.csv", "csv", text.encode("cp1252"))
    assert value.iloc[-1].tolist() == ["Jürgen", 2]


def test_a_character_cut_by_the_end_of_the_sample_is_no_reason_to_doubt_utf_8(load):
    text = "aa\n" + "ü" * 300_000 + "\n"
    assert load("a.csv", "csv", text).iloc[0, 0] == "ü" * 300_000


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("only\n1\n2\n", ["only"]),
        ("a;b\n1,5;2,5\n3,5;4,5\n", ["a", "b"]),
        ('a,b\n"x;y;z",1\n"u;v;w",2\n', ["a", "b"]),
        ("a|b|c\n1,2|3|4\n5,6|7|8\n", ["a", "b", "c"]),
        ("date time,value\n2026-01-01 10:00,1\n", ["date time", "value"]),
        ("sep=;\na;b\n1;2\n", ["a", "b"]),
        ('"sep=|"\r\na|b\r\n1|2\r\n', ["a", "b"]),
    ],
)
def test_the_delimiter_is_the_one_that_cuts_evenly(load, text, columns):
    assert list(load("a.csv", "csv", text).columns) == columns


def test_a_tsv_with_commas_in_it_is_cut_at_tabs_and_a_tsv_with_commas_alone_at_commas(load):
    assert list(load("a.tsv", "csv", "x,1\ty,2\n1,5\t2,5\n").columns) == ["x,1", "y,2"]
    assert list(load("a.tsv", "csv", "x,y\n1,2\n").columns) == ["x", "y"]


def test_options_go_to_pandas_and_override_what_is_found_out(load):
    assert load("a.csv", "csv", "a,b;c\n1,2;3\n", sep=";").to_dict("list") == {"a,b": ["1,2"], "c": [3]}
    assert load("a.csv", "csv", "ä\n1\n".encode("cp850"), encoding="cp850").columns[0] == "ä"
    assert load("a.csv", "csv", "a;b\n1,5;x\n", decimal=",", usecols=["a"]).to_dict("list") == {"a": [1.5]}
    assert load("a.csv", "csv", "1,2\n3,4\n", header=None, names=["x", "y"]).to_dict("list") == {
        "x": [1, 3],
        "y": [2, 4],
    }
    chunks = load("a.csv", "csv", "a\n1\n2\n3\n", chunksize=2)
    assert [len(chunk) for chunk in chunks] == [2, 1]


def test_an_uneven_line_is_named_with_what_to_do(load):
    with pytest.raises(readers.ReadError) as caught:
        load("sales.csv", "csv", "a,b\n1,2\n3,4,5\n6,7\n")
    assert str(caught.value) == (
        "Could not read 'sales.csv' as csv: Expected 2 fields in line 3, saw 3. "
        "Pass on_bad_lines='skip' to leave such lines out, or say the layout with sep= and skiprows=."
    )
    assert len(load("sales.csv", "csv", "a,b\n1,2\n3,4,5\n6,7\n", on_bad_lines="skip")) == 2


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_called_empty(load, content):
    with pytest.raises(
        readers.ReadError, match=r"^Could not read 'a\.csv' as csv: (the file is empty|it holds no col)"
    ):
        load("a.csv", "csv", content)


def test_a_wrong_encoding_option_ends_in_advice_on_encodings(load):
    with pytest.raises(readers.ReadError) as caught:
        load("a.csv", "csv", "name\nJürgen\n".encode("cp1252"), encoding="utf-8")
    assert str(caught.value).startswith("Could not read 'a.csv' as csv: 'utf-8' codec can't decode byte 0xfc")
    assert str(caught.value).endswith("Name its encoding, for example encoding='cp1252'.")
