"""`dta sav zsav por sas7bdat xpt rds rda rdata`: files of statistics packages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from taipan_runtime.readers.source import Source

SPSS_SYSTEM_FILE_MAGIC = (b"$FL2", b"$FL3")
SAS_TRANSPORT_MAGIC = b"HEADER RECORD"
SAS_TRANSPORT_8_MAGIC = b"HEADER RECORD*******LIBV8"
"""The version with long names, which pandas does not read."""


def read_stata(source: Source, /, **options: Any) -> pd.DataFrame:
    """Read Stata's dta; `options` are those of `pandas.read_stata`."""
    import pandas as pd

    return pd.read_stata(source.path, **options)


def read_spss(source: Source, /, *, convert_categoricals: bool = True, **options: Any) -> pd.DataFrame:
    """Read SPSS's sav, zsav or por, coded values by their labels unless told otherwise.

    `options` are those of `pyreadstat.read_sav` or `pyreadstat.read_por`.
    """
    pyreadstat = source.library("pyreadstat")
    is_system_file = source.start(4) in SPSS_SYSTEM_FILE_MAGIC
    read = pyreadstat.read_sav if is_system_file else pyreadstat.read_por
    frame, _metadata = read(source.path, **{"apply_value_formats": convert_categoricals, **options})
    return frame


def read_sas(source: Source, /, **options: Any) -> pd.DataFrame:
    """Read SAS's sas7bdat or xpt, texts decoded; `options` are those of `pandas.read_sas`.

    A transport file of version 8 is read by pyreadstat, with the options of its `read_xport`.
    """
    import pandas as pd

    if not source.start(len(SAS_TRANSPORT_MAGIC)).startswith(SAS_TRANSPORT_MAGIC):
        frame = pd.read_sas(source.path, **{"format": "sas7bdat", "encoding": "infer", **options})
        return _read_by_readstat(source, frame) if "" in getattr(frame, "columns", ()) else frame
    if source.start(len(SAS_TRANSPORT_8_MAGIC)) == SAS_TRANSPORT_8_MAGIC:
        frame, _metadata = source.library("pyreadstat").read_xport(source.path, **options)
        return frame
    # A transport file does not say its encoding, and pandas alone would give undecoded bytes.
    try:
        return pd.read_sas(source.path, **{"format": "xport", "encoding": "utf-8", **options})
    except UnicodeDecodeError:
        return pd.read_sas(source.path, **{"format": "xport", **options, "encoding": "cp1252"})


def _read_by_readstat(source: Source, instead: pd.DataFrame) -> pd.DataFrame:
    """Read a sas7bdat that R wrote, whose column names pandas finds at the wrong places."""
    pyreadstat = source.library_or_none("pyreadstat", "the table with column names cut short")
    return pyreadstat.read_sas7bdat(source.path)[0] if pyreadstat else instead


def read_rdata(source: Source, /, *, object_name: str | None = "", **options: Any) -> Any:
    """Read the data frame of an rds or rda file; of several the first, the others are named on stderr.

    `object_name="other"` chooses another one, `object_name=None` gives a dict of all. The remaining `options`
    are those of `pyreadr.read_r`.
    """
    pyreadr = source.library("pyreadr")
    frames = pyreadr.read_r(source.path, **options)
    if not frames:
        raise source.unreadable(
            reason="it holds no data frame", advice="Save one with saveRDS(as.data.frame(x), file) in R."
        )
    if object_name is None:
        return dict(frames)
    first, *others = frames
    if object_name and object_name not in frames:
        names = ", ".join(str(name) for name in frames)
        raise source.unreadable(reason=f"it holds no object '{object_name}'", advice=f"It holds: {names}.")
    if others and not object_name:
        names = ", ".join(f"'{name}'" for name in others)
        source.notice(
            f"this is the object '{first}'. Others: {names} (object_name='{others[0]}' gives that one)."
        )
    return frames[object_name or first]
