"""`db sqlite sqlite3 duckdb`: databases in a file, given as connections that can only read."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from .source import Source


def open_sqlite(source: Source, /, **options: Any) -> sqlite3.Connection:
    """Open an SQLite database for reading; `options` are those of `sqlite3.connect`.

    A file that stands alone is opened as immutable, so that one in write-ahead mode opens in a folder where
    nothing may be written; where its `-wal` stands beside it, that is read too.
    """
    path = Path(source.path).absolute()
    mode = "mode=ro" if path.with_name(path.name + "-wal").exists() else "mode=ro&immutable=1"
    connection = sqlite3.connect(f"file:{quote(str(path))}?{mode}", **{"uri": True, **options})
    try:
        # SQLite opens lazily; asking now finds out here, not in the user's first query, what the file is.
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def open_duckdb(source: Source, /, **options: Any) -> Any:
    """Open a DuckDB database for reading; `options` are those of `duckdb.connect`."""
    duckdb = source.library("duckdb")
    return duckdb.connect(str(Path(source.path).absolute()), **{"read_only": True, **options})
