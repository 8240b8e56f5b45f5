"""`parquet feather arrow orc avro`: typed tables of data systems."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from taipan_runtime.readers.source import Source

ARROW_FILE_MAGIC = b"ARROW1"


def read_parquet(source: Source, /, **options: Any) -> pd.DataFrame:
    """Read Parquet; `options` are those of `pandas.read_parquet`."""
    import pandas as pd

    # From an open file, not a path: folders named `key=value` on the way would be taken for columns.
    with Path(source.path).open("rb") as stream:
        return pd.read_parquet(stream, **options)


def read_arrow(source: Source, /, **options: Any) -> pd.DataFrame:
    """Read an Arrow file (`options` of `pandas.read_feather`) or an Arrow stream (of `Table.to_pandas`)."""
    import pandas as pd
    import pyarrow as pa

    if source.start(len(ARROW_FILE_MAGIC)) == ARROW_FILE_MAGIC:
        return pd.read_feather(source.path, **options)
    with pa.OSFile(source.path, "rb") as stream, pa.ipc.open_stream(stream) as reader:
        return reader.read_all().to_pandas(**options)


def read_orc(source: Source, /, **options: Any) -> pd.DataFrame:
    """Read ORC; `options` are those of `pandas.read_orc`."""
    import pandas as pd

    return pd.read_orc(source.path, **options)


def read_avro(source: Source, /, **options: Any) -> pd.DataFrame:
    """Read the records of an Avro file; `options` are those of `fastavro.reader`."""
    import pandas as pd

    fastavro = source.library("fastavro")
    with Path(source.path).open("rb") as stream:
        reader = fastavro.reader(stream, **options)
        schema = reader.writer_schema
        records = list(reader)
    names = [field["name"] for field in schema["fields"]] if schema.get("type") == "record" else None
    return pd.DataFrame(records, columns=names)
