"""Arrays, containers and objects (table T, scientific)."""

import io
import pickle

import joblib
import numpy as np
import pandas as pd
import pytest

from taipan_runtime import readers


def saved(write) -> bytes:
    content = io.BytesIO()
    write(content)
    return content.getvalue()


def test_an_array_of_objects_is_only_loaded_on_request(load):
    content = saved(lambda stream: np.save(stream, np.array([{"a": 1}, None]), allow_pickle=True))
    with pytest.raises(readers.ReadError) as caught:
        load("a.npy", "npy", content)
    assert str(caught.value) == (
        "Could not read 'a.npy' as npy: it holds Python objects, not only numbers. Pass allow_pickle=True "
        "if you trust where it comes from: loading objects runs their code."
    )
    assert load("a.npy", "npy", content, allow_pickle=True).tolist() == [{"a": 1}, None]


def test_arrays_can_be_mapped_instead_of_loaded(load):
    content = saved(lambda stream: np.save(stream, np.arange(4)))
    assert isinstance(load("a.npy", "npy", content, mmap_mode="r"), np.memmap)


def test_options_go_to_loadmat(samples):
    assert samples.read("sample.mat", variable_names=["word"], chars_as_strings=False)["word"].shape == (1, 5)


def test_a_pickle_that_joblib_wrote_is_read(load):
    value = {"grid": np.arange(3), "name": "Zoë"}
    for compress in (0, 3):
        loaded = load(
            "a.pkl",
            "pickle",
            saved(lambda stream, level=compress: joblib.dump(value, stream, compress=level)),
        )
        assert loaded["grid"].tolist() == [0, 1, 2]


def test_a_pickled_data_frame_is_read(load):
    frame = pd.DataFrame({"a": [1, 2]})
    pd.testing.assert_frame_equal(load("a.pkl", "pickle", pickle.dumps(frame)), frame)


def test_a_pickle_of_a_class_that_is_not_there_says_which(load):
    content = b"\x80\x04\x8c\x08__main__\x8c\x06Absent\x93)\x81."
    with pytest.raises(readers.ReadError) as caught:
        load("model.pkl", "pickle", content)
    assert str(caught.value).startswith("Could not read 'model.pkl' as pickle: ")
    assert "'Absent'" in str(caught.value)
    assert str(caught.value).endswith(
        "Define the class or function of that name first, or install the version that had it."
    )


def test_a_pickle_that_needs_a_library_says_which(load):
    with pytest.raises(readers.MissingLibraryError) as caught:
        load("model.pkl", "pickle", b"\x80\x04\x8c\x0bno_such_lib\x8c\x05Model\x93)\x81.")
    assert str(caught.value) == (
        "Could not read 'model.pkl' as pickle: No module named 'no_such_lib'. Install the package that it "
        "names, or read the file another way: get_file_path('model.pkl') is its path."
    )


@pytest.mark.extras
def test_a_key_chooses_among_the_tables_that_pandas_wrote(samples, capsys):
    assert samples.read("pandas.h5", key="places").to_dict("list") == {"x": [1.0]}
    assert not capsys.readouterr().err


@pytest.mark.extras
def test_an_object_of_an_rda_file_can_be_chosen(samples):
    assert samples.read("sample.rda", object_name="places").to_dict("list") == {"place": ["Zürich"]}
    assert list(samples.read("sample.rda", object_name=None)) == ["people", "places"]
    with pytest.raises(readers.ReadError) as caught:
        samples.read("sample.rda", object_name="x")
    assert str(caught.value) == (
        "Could not read 'sample.rda' as rdata: it holds no object 'x'. It holds: people, places."
    )


@pytest.mark.extras
def test_coded_values_come_as_codes_on_request(samples):
    assert samples.read("sample.sav", convert_categoricals=False)["answer"].tolist() == [1, 2, 1]
    assert samples.read("sample.por", convert_categoricals=False)["ANSWER"].tolist() == [1, 2, 1]
