"""Nested values, settings and packed records (table T, structured)."""

import datetime as dt

import pandas as pd
import pytest

from taipan_runtime import readers


@pytest.mark.parametrize(
    "text",
    [
        '[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]',
        '{"a": [1, 2], "b": ["x", "y"]}',
        '{"a": {"0": 1, "1": 2}, "b": {"0": "x", "1": "y"}}',
        '{"columns": ["a", "b"], "index": [0, 1], "data": [[1, "x"], [2, "y"]]}',
        '{"a": 1, "b": "x"}\n{"a": 2, "b": "y"}\n',
        '\ufeff[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]',
    ],
)
def test_json_that_is_a_table_is_a_data_frame(load, text):
    frame = load("a.json", "json", text)
    pd.testing.assert_frame_equal(frame, pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}))


@pytest.mark.parametrize(
    "value",
    [
        [],
        {},
        3,
        None,
        "text",
        [1, 2],
        [[1, 2], [3, 4]],
        [{"a": 1}, 2],
        {"a": 1, "b": [1, 2]},
        {"a": [1], "b": [1, 2]},
        {"a": [], "b": []},
        {"database": {"host": "x"}, "cache": {"host": "y"}},
    ],
)
def test_other_json_is_the_value(load, value):
    import json

    assert load("a.json", "json", json.dumps(value, indent=1)) == value


def test_json_in_utf_16_is_read(load):
    assert load("a.json", "json", '{"name": "Zoë"}'.encode("utf-16")) == {"name": "Zoë"}


def test_json_with_options_is_read_by_pandas(load):
    frame = load("a.json", "json", '{"r1": {"a": 1}, "r2": {"a": 2}}', orient="index")
    assert frame.to_dict() == {"a": {"r1": 1, "r2": 2}}
    assert load("a.jsonl", "jsonl", '{"a": 1}\n{"a": 2}\n', nrows=1).to_dict("list") == {"a": [1]}


def test_broken_json_names_the_place(load):
    with pytest.raises(readers.ReadError) as caught:
        load("a.json", "json", '{\n  "a": 1,\n  oops\n}')
    assert str(caught.value) == (
        "Could not read 'a.json' as json: Expecting property name enclosed in double quotes "
        "(line 3, column 3, at 'oops'). Correct that place, or read it as text: "
        "open(get_file_path('a.json')).read()."
    )
    with pytest.raises(readers.ReadError, match=r"\(line 2, column 2, at 'oops'\)"):
        load("a.jsonl", "jsonl", '{"a": 1}\n oops\n')


def test_lines_of_json_may_be_blank_and_differ(load):
    frame = load("a.jsonl", "jsonl", '{"a": 1}\r\n\r\n{"a": 2, "b": {"c": [1]}}')
    assert frame["a"].tolist() == [1, 2]
    assert frame["b"].iloc[1] == {"c": [1]}


def test_several_yaml_documents_are_a_list_and_tags_make_no_objects(load):
    assert load("a.yaml", "yaml", "a: 1\n---\n- 2\n") == [{"a": 1}, [2]]
    assert load("a.yaml", "yaml", "day: 2026-01-02\n") == {"day": dt.date(2026, 1, 2)}
    with pytest.raises(readers.ReadError, match="could not determine a constructor for the tag"):
        load("a.yaml", "yaml", "!!python/object/apply:os.system [echo]\n")


def test_entities_in_xml_are_neither_fetched_nor_let_grow(load, workspace):
    (workspace / "secret").write_text("hidden")
    with pytest.raises(readers.ReadError, match="undefined entity"):
        load("a.xml", "xml", '<!DOCTYPE a [<!ENTITY e SYSTEM "secret">]><a>&e;</a>')
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    with pytest.raises(readers.ReadError, match="limit on input amplification"):
        load("a.xml", "xml", f'<!DOCTYPE a [<!ENTITY e0 "{"x" * 100}">{entities}]><a>&e11;</a>')


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("[a]\nx = 1\nX = 2\n", {"a": {"x": "1", "X": "2"}}),
        ("x = 1\n", {"x": "1"}),
        ("[DEFAULT]\nx = 1\n[a]\ny = %(x)s\n", {"DEFAULT": {"x": "1"}, "a": {"y": "%(x)s"}}),
        ("[a]\nlist =\n  one\n  two\n", {"a": {"list": "\none\ntwo"}}),
        ("[a]\nx = 1\n[a]\ny = 2\n", {"a": {"x": "1", "y": "2"}}),
        ("", {}),
    ],
)
def test_ini_files_are_dicts_of_their_sections(load, text, values):
    assert load("a.ini", "ini", text) == values


def test_a_line_of_an_ini_file_that_is_nothing_is_named_by_its_number(load):
    with pytest.raises(readers.ReadError) as caught:
        load("a.conf", "ini", "[a]\nx = 1\n= 2\n")
    assert str(caught.value) == (
        "Could not read 'a.conf' as ini: line 3 is neither a section nor a name with a value: = 2. "
        "Read it as text: open(get_file_path('a.conf')).read()."
    )


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a=1\nb : 2\nc 3\n", {"a": "1", "b": "2", "c": "3"}),
        ("# no\n! no\n\n  a = 1 \n", {"a": "1 "}),
        ("long = one, \\\n    two\n", {"long": "one, two"}),
        ("path = C:\\\\temp\\\\\nnext=1\n", {"path": "C:\\temp\\", "next": "1"}),
        ("a\\ b\\=c = \\u00fc\\t\n", {"a b=c": "ü\t"}),
        ("empty\nalso=\n", {"empty": "", "also": ""}),
        ("url=http://example.org/?a=b\n", {"url": "http://example.org/?a=b"}),
    ],
)
def test_properties_follow_the_rules_of_java(load, text, values):
    assert load("a.properties", "properties", text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("A=1\nexport B=2\n", {"A": "1", "B": "2"}),
        ("A=a#b\nB=a #b\n", {"A": "a#b", "B": "a"}),
        ("A='x # y' # z\nB=\"x # y\"\n", {"A": "x # y", "B": "x # y"}),
        ('A="two\nlines"\nB=1\n', {"A": "two\nlines", "B": "1"}),
        ('A="say \\"hi\\"\\n"\n', {"A": 'say "hi"\n'}),
        ("A=$HOME\nB=${A}\n", {"A": "$HOME", "B": "${A}"}),
        ("A=\r\nB=x=y\r\n", {"A": "", "B": "x=y"}),
        ("#A=1\n", {}),
        ("A=it's\nB=1\n", {"A": "it's", "B": "1"}),
    ],
)
def test_environment_files_are_dicts_and_nothing_is_substituted(load, text, values):
    assert load("a.env", "env", text) == values


@pytest.mark.extras
def test_a_packed_file_that_is_cut_short_says_so(load):
    with pytest.raises(readers.ReadError) as caught:
        load("a.msgpack", "msgpack", b"\x01\x93\x01\x02")
    assert str(caught.value) == (
        "Could not read 'a.msgpack' as msgpack: its last value is cut short. Upload the whole file again."
    )
    with pytest.raises(readers.ReadError, match=r"^Could not read 'a\.cbor' as cbor: "):
        load("a.cbor", "cbor", b"\x01\x83\x01\x02")


@pytest.mark.extras
def test_several_packed_values_are_a_list(load):
    assert load("a.msgpack", "msgpack", b"\x01\x93\x01\x02\x03") == [1, [1, 2, 3]]
    assert load("a.cbor", "cbor", b"\x01\x83\x01\x02\x03") == [1, [1, 2, 3]]
