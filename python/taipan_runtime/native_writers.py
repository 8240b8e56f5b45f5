"""Libraries that open files for writing by themselves, past Python's `open`, are given the run's own copies (X5).

Paths are translated and inputs copied where Python opens files (`isolation.paths`). Code in C++ or Rust opens them
by itself, and would write through the link to the stored original. The functions here are those through which such
libraries are told where to write; what is in no list is noticed afterwards, and noted.
"""

import functools
import inspect
from collections.abc import Callable
from typing import Any

from taipan_runtime.isolation.after_import import after_import
from taipan_runtime.isolation.paths import for_change, real

# Functions that always write: module, then function or method, then the parameter that names the file.
_WRITERS = (
    ("pyarrow.feather", "write_feather", "dest"),
    ("pyarrow.orc", "ORCWriter.__init__", "where"),
    ("pyarrow.parquet.core", "ParquetWriter.__init__", "where"),
    ("geopandas.io.file", "_to_file", "filename"),
    ("pyogrio.geopandas", "write_dataframe", "path"),
    ("pyogrio.raw", "write", "path"),
    ("polars.dataframe.frame", "DataFrame.write_csv", "file"),
    ("polars.dataframe.frame", "DataFrame.write_ipc", "file"),
    ("polars.dataframe.frame", "DataFrame.write_parquet", "file"),
    ("soundfile", "write", "file"),
)
# Functions that write if their mode says so: module, function, parameter of the file, parameter of the mode, default.
_OPENERS = (
    ("h5py._hl.files", "File.__init__", "name", "mode", "r"),
    ("rasterio", "open", "fp", "mode", "r"),
    ("tables.file", "open_file", "filename", "mode", "r"),
    ("tables", "open_file", "filename", "mode", "r"),
)
# Classes written in C, whose instances are opened by their constructors: the file is named first, then the mode.
_CLASSES = (("pyarrow", "OSFile"), ("netCDF4", "Dataset"))


def _redirected(
    function: Callable[..., Any], file: str, mode: str | None, default: str
) -> Callable[..., Any]:
    try:
        signature = inspect.signature(function)
    except ValueError:  # written in C, without one
        return function

    @functools.wraps(function)
    def redirected(*args: Any, **kwargs: Any) -> Any:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError:
            return function(*args, **kwargs)
        if isinstance(bound.arguments.get(file), str | bytes) or hasattr(
            bound.arguments.get(file), "__fspath__"
        ):
            chosen = "w" if mode is None else bound.arguments.get(mode, default)
            bound.arguments[file] = _place(bound.arguments[file], chosen)
        return function(*bound.args, **bound.kwargs)

    return redirected


def _place(path: Any, mode: Any) -> Any:
    """Give the path to open with this mode."""
    if isinstance(mode, str) and any(letter in mode for letter in "wax+"):
        return for_change(path, empty=mode.startswith("w"))
    return real(path)


def _redirect(name: str, file: str, mode: str | None = None, default: str = "") -> Callable[[Any], None]:
    def in_module(module: Any) -> None:
        *owners, function = name.split(".")
        owner = functools.reduce(lambda owner, part: getattr(owner, part, None), owners, module)
        if hasattr(owner, function):
            setattr(owner, function, _redirected(getattr(owner, function), file, mode, default))

    return in_module


def _with_own_copy(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Put the run's own copy in the place of the path, which comes first or by one of its usual names."""
    mode = args[1] if len(args) > 1 else kwargs.get("mode", "r")
    if args:
        return (_place(args[0], mode), *args[1:]), kwargs
    paths = {name: _place(kwargs[name], mode) for name in ("filename", "path", "name") if name in kwargs}
    return args, {**kwargs, **paths}


def _redirect_class(name: str) -> Callable[[Any], None]:
    def in_module(module: Any) -> None:
        plain = getattr(module, name)

        class Redirected(plain):
            """The class, opening the run's own copy where it is about to write."""

            def __new__(cls, *args: Any, **kwargs: Any) -> Any:
                args, kwargs = _with_own_copy(args, kwargs)
                return super().__new__(cls, *args, **kwargs)

            def __init__(self, *args: Any, **kwargs: Any) -> None:
                if plain.__init__ is not object.__init__:
                    args, kwargs = _with_own_copy(args, kwargs)
                    super().__init__(*args, **kwargs)

        Redirected.__name__ = Redirected.__qualname__ = plain.__name__
        Redirected.__module__, Redirected.__doc__ = plain.__module__, plain.__doc__
        setattr(module, name, Redirected)

    return in_module


def install() -> None:
    """Wait for the libraries."""
    for module, name, file in _WRITERS:
        after_import(module, _redirect(name, file))
    for module, name, file, mode, default in _OPENERS:
        after_import(module, _redirect(name, file, mode, default))
    for module, name in _CLASSES:
        after_import(module, _redirect_class(name))
