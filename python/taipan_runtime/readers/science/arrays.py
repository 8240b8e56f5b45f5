"""`npy npz mat`: arrays of numpy and MATLAB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taipan_runtime.readers.unpacking import check_zip

if TYPE_CHECKING:
    from types import ModuleType

    import numpy as np

    from taipan_runtime.readers.source import Source

HDF5_MAGIC_PLACE = 512
"""MATLAB 7.3 files begin with a text of 512 bytes, then HDF5."""
HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
OBJECTS_ADVICE = "Pass allow_pickle=True if you trust where it comes from: loading objects runs their code."


def read_npy(source: Source, /, **options: Any) -> np.ndarray:
    """Give the array; `options` are those of `numpy.load`."""
    import numpy as np

    try:
        return np.load(source.path, **options)
    except ValueError as error:
        raise _explained(source, error) from error


def read_npz(source: Source, /, **options: Any) -> dict[str, np.ndarray]:
    """Give a dict of all arrays; `options` are those of `numpy.load`."""
    import numpy as np

    check_zip(source)
    try:
        with np.load(source.path, **options) as arrays:
            return dict(arrays)
    except ValueError as error:
        raise _explained(source, error) from error


def read_matlab(source: Source, /, **options: Any) -> dict[str, Any]:
    """Give a dict of the variables; `options` are those of `scipy.io.loadmat`.

    Files of MATLAB 7.3, which are HDF5 inside, are read to the same forms: arrays in MATLAB's order, texts,
    structs as dicts, cells as lists.
    """
    start = source.start(HDF5_MAGIC_PLACE + len(HDF5_MAGIC))
    if start.startswith(HDF5_MAGIC) or start[HDF5_MAGIC_PLACE:] == HDF5_MAGIC:
        h5py = source.library("h5py")
        with h5py.File(source.path, "r") as file:
            return {name: _variable(h5py, file, file[name]) for name in file if not name.startswith("#")}
    from scipy.io import loadmat

    variables = loadmat(source.path, **options)
    return {name: value for name, value in variables.items() if not name.startswith("__")}


def _explained(source: Source, error: ValueError) -> Exception:
    if "allow_pickle" in str(error):
        return source.unreadable(reason="it holds Python objects, not only numbers", advice=OBJECTS_ADVICE)
    return error


def _variable(h5py: ModuleType, file: Any, item: Any) -> Any:
    """Give one variable of a MATLAB 7.3 file as Python has it."""
    import numpy as np

    if isinstance(item, h5py.Group):
        return {name: _variable(h5py, file, item[name]) for name in item}
    kind = item.attrs.get("MATLAB_class", b"")
    if item.attrs.get("MATLAB_empty", 0):
        return "" if kind == b"char" else np.zeros(tuple(int(size) for size in item[()]))
    value = item[()]
    if item.dtype == h5py.ref_dtype:
        return [_variable(h5py, file, file[reference]) for reference in np.ravel(value.T)]
    if kind == b"char":
        return "".join(
            chr(code) for code in np.ravel(value.T if value.shape[0] > 1 and value.ndim > 1 else value)
        )
    if value.dtype.names == ("real", "imag"):
        value = value["real"] + 1j * value["imag"]
    value = value.T if isinstance(value, np.ndarray) else value
    return value.astype(bool) if kind == b"logical" else value
