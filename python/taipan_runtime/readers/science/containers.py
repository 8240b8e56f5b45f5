"""`h5 hdf hdf5 nc fits fts`: containers of arrays, given as the library's own open file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from taipan_runtime.readers.source import Source

PANDAS_MARK = "pandas_type"
"""The attribute that pandas gives to each group it writes."""
CLASSIC_NETCDF_MAGIC = b"CDF"


def open_hdf5(source: Source, /, **options: Any) -> Any:
    """Give the DataFrame that pandas wrote (of several the first; `key=` chooses), else the open `h5py.File`.

    `options` are those of `pandas.read_hdf` or of `h5py.File`.
    """
    h5py = source.library("h5py")
    keys = _pandas_keys(h5py, source.path)
    if keys and source.library_or_none("tables", "the open h5py file"):
        import pandas as pd

        if "key" not in options and len(keys) > 1:
            others = ", ".join(f"'{key}'" for key in keys[1:])
            source.notice(
                f"this is the table '{keys[0]}'. Others: {others} (key='{keys[1]}' gives that one)."
            )
        return pd.read_hdf(source.path, **{"key": keys[0], **options})
    return h5py.File(source.path, **{"mode": "r", **options})


def open_netcdf(source: Source, /, **options: Any) -> Any:
    """Give the open `xarray.Dataset`; `options` are those of `xarray.open_dataset`.

    Without xarray and netCDF4 a classic file is given as scipy's `netcdf_file`.
    """
    is_classic = source.start(len(CLASSIC_NETCDF_MAGIC)) == CLASSIC_NETCDF_MAGIC
    if not is_classic:
        source.library("netCDF4")
        return source.library("xarray").open_dataset(source.path, **{"engine": "netcdf4", **options})
    xarray = source.library_or_none("xarray", "scipy's netcdf_file")
    if xarray:
        return xarray.open_dataset(source.path, **{"engine": "scipy", **options})
    from scipy.io import netcdf_file

    return netcdf_file(source.path, **{"mode": "r", "mmap": False, **options})


def open_fits(source: Source, /, **options: Any) -> Any:
    """Give the open `astropy.io.fits.HDUList`; `options` are those of `astropy.io.fits.open`."""
    fits = source.library("astropy.io.fits", "astropy")
    return fits.open(Path(source.path), **options)


def _pandas_keys(h5py: Any, path: str) -> list[str]:
    """Name the groups that pandas wrote, outermost first."""
    keys: list[str] = []

    def note(name: str, item: Any) -> None:
        inside = any(name.startswith(f"{key}/") for key in keys)
        if not inside and isinstance(item, h5py.Group) and PANDAS_MARK in item.attrs:
            keys.append(name)

    with h5py.File(path, "r") as file:
        file.visititems(note)
    return keys
