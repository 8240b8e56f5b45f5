"""Whatever a reader raises ends in one clear line with the file's name (issue 2, part 4)."""

import pytest
from conftest import EXPECTATIONS

from taipan_runtime import readers

PARSED = sorted(
    name
    for name, expected in EXPECTATIONS.items()
    if expected["value"].count("open(path") == 0
    and expected["type"]
    not in {"text", "rtf", "html", "code", "sql", "svg", "binary", "protobuf", "ini", "env"}
)
BASE_PARSED = [name for name in PARSED if "packages" not in EXPECTATIONS[name]]


@pytest.mark.parametrize("name", BASE_PARSED)
@pytest.mark.parametrize("damage", ["empty", "noise", "half"])
def test_a_damaged_file_ends_in_one_line_that_names_it_or_is_read(load, samples, name, damage):
    check_damaged(load, samples, name, damage)


@pytest.mark.extras
@pytest.mark.parametrize("name", [name for name in PARSED if name not in BASE_PARSED])
@pytest.mark.parametrize("damage", ["empty", "noise", "half"])
def test_a_damaged_file_of_a_rare_type_ends_in_one_line_that_names_it_or_is_read(load, samples, name, damage):
    check_damaged(load, samples, name, damage)


def check_damaged(load, samples, name, damage):
    whole = samples.path(name).read_bytes()
    content = {"empty": b"", "noise": bytes(range(7, 256)) * 3, "half": whole[: len(whole) // 2]}[damage]
    expected = EXPECTATIONS[name]
    try:
        load(name, expected["type"], content, expected.get("compression"))
    except readers.ReadError as error:
        text = str(error)
        assert "\n" not in text
        assert text.startswith(f"Could not read '{name}' as {expected['type']}: ")
        assert len(text) < 700
        assert "/workspace/" not in text


def test_an_unknown_option_is_named_with_the_file(load):
    with pytest.raises(TypeError) as caught:
        load("sales.csv", "csv", "a\n1\n", colour="red")
    assert str(caught.value) == (
        "Could not read 'sales.csv': 'colour' is not an option for csv files "
        "(read_csv() got an unexpected keyword argument 'colour'). "
        "Leave it out, or look at the reader's documentation."
    )
    assert isinstance(caught.value.__cause__, TypeError)


def test_an_unknown_option_is_answered_with_the_ones_there_are(load):
    with pytest.raises(TypeError) as caught:
        load("notes.txt", "text", "hello", sep=",")
    assert str(caught.value) == (
        "Could not read 'notes.txt': 'sep' is not an option for text files. Options here: encoding, errors."
    )


def test_a_type_without_options_says_so(load):
    with pytest.raises(TypeError) as caught:
        load("song.mp3", "audio", b"ID3", rate=1)
    assert (
        str(caught.value)
        == "Could not read 'song.mp3': 'rate' is not an option for audio files, which take none. "
        "Leave it out."
    )


def test_an_option_named_like_a_parameter_of_the_reader_is_an_option_like_any_other(load):
    with pytest.raises(TypeError, match="'source' is not an option for audio files"):
        load("song.mp3", "audio", b"ID3", source=1)


@pytest.mark.parametrize(
    "name",
    [
        *("sample.xlsx", "sample.parquet", "sample.feather", "sample.orc", "sample.dta", "sample.xpt"),
        *("sample.json", "sample.jsonl", "sample.npy", "sample.npz", "sample.mat", "sample.db", "sample.pkl"),
        *("sample.joblib", "sample.wav", "sample.png", "sample.pdf", "sample.docx", "sample.yaml"),
    ],
)
def test_every_reader_refuses_an_unknown_option_by_its_name(samples, name):
    with pytest.raises(TypeError) as caught:
        samples.read(name, colour=1)
    kind = EXPECTATIONS[name]["type"]
    assert str(caught.value).startswith(
        f"Could not read '{name}': 'colour' is not an option for {kind} files"
    )


@pytest.mark.extras
@pytest.mark.parametrize(
    "name",
    [
        *("sample.xlsb", "sample.ods", "sample.numbers", "sample.avro", "sample.sav", "sample.por"),
        *("version8.xpt", "sample.rds", "sample.msgpack", "sample.bson", "sample.cbor", "sample.duckdb"),
        *("sample.h5", "sample.nc", "sample.dcm", "sample.nii", "sample.vtk", "sample.pcap"),
    ],
)
def test_every_reader_of_a_rare_type_refuses_an_unknown_option_by_its_name(samples, name):
    with pytest.raises(TypeError) as caught:
        samples.read(name, colour=1)
    kind = EXPECTATIONS[name]["type"]
    assert str(caught.value).startswith(
        f"Could not read '{name}': 'colour' is not an option for {kind} files"
    )


def test_a_wrong_value_of_an_option_names_the_options_given(load):
    with pytest.raises(readers.ReadError) as caught:
        load("a.csv", "csv", "a\n1\n", usecols=["b"])
    assert str(caught.value).startswith("Could not read 'a.csv' as csv: Usecols do not match columns")
    with pytest.raises(readers.ReadError) as caught:
        load("a.txt", "text", "ü", encoding="no-such")
    assert str(caught.value) == (
        "Could not read 'a.txt' as text: unknown encoding: no-such. Check the options given: encoding."
    )


def test_a_file_that_went_away_is_a_file_not_found_error(workspace):
    with pytest.raises(FileNotFoundError) as caught:
        readers.read(str(workspace / "gone.csv"), "gone.csv", "csv", None, {})
    assert str(caught.value) == "Could not read 'gone.csv': the file is no longer there. Upload it again."


def test_the_cause_is_the_error_that_the_library_raised(load):
    import json

    with pytest.raises(readers.ReadError) as caught:
        load("a.json", "json", '{"a": 1,}')
    assert isinstance(caught.value.__cause__, json.JSONDecodeError)
    assert isinstance(caught.value, ValueError)


def test_a_message_shows_the_file_by_its_name_never_where_it_lies(load):
    with pytest.raises(readers.ReadError) as caught:
        load("a.png", "image", b"no picture")
    assert str(caught.value) == (
        "Could not read 'a.png' as image: cannot identify image file 'a.png'. The file may be damaged, or of "
        "another type than its name says; open(get_file_path('a.png'), 'rb') gives its bytes."
    )


def test_running_out_of_memory_stays_what_it_is(load, monkeypatch):
    import pandas as pd

    def exhausted(*_arguments, **_options):
        raise MemoryError

    monkeypatch.setattr(pd, "read_csv", exhausted)
    with pytest.raises(MemoryError):
        load("a.csv", "csv", "a\n1\n")


def test_a_type_that_nobody_reads_is_said_to_be_so(load):
    with pytest.raises(readers.ReadError, match="no reader is registered for the type 'nonsense'"):
        load("a.xyz", "nonsense", b"")


def test_a_name_with_a_line_end_in_it_stays_on_one_line(workspace):
    with pytest.raises(
        FileNotFoundError, match=r"^Could not read 'a\ufffdb\.csv': the file is no longer there\."
    ):
        readers.read(str(workspace / "gone"), "a\nb.csv", "csv", None, {})


def test_a_panic_in_a_library_of_rust_is_an_error_of_the_file_and_an_interrupt_is_not(load, monkeypatch):
    import pandas as pd

    class PanicException(BaseException):
        pass

    for raised, seen in (
        (PanicException("index out of bounds"), readers.ReadError),
        (KeyboardInterrupt(),) * 2,
    ):

        def fail(*_arguments, error=raised, **_options):
            raise error

        monkeypatch.setattr(pd, "read_csv", fail)
        with pytest.raises(seen if isinstance(seen, type) else type(seen)):
            load("a.csv", "csv", "a\n1\n")


def test_deep_nesting_is_an_error_of_the_file(load):
    with pytest.raises(readers.ReadError) as caught:
        load("deep.json", "json", "[" * 200_000)
    assert str(caught.value).startswith("Could not read 'deep.json' as json: it is nested too deeply.")
