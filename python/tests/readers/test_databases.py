"""Databases: connections that can only read (table T, database)."""

import sqlite3

import pytest

from taipan_runtime import readers


def test_a_database_cannot_be_written_to(samples):
    connection = samples.read("sample.db")
    with pytest.raises(sqlite3.OperationalError, match="readonly database"):
        connection.execute("DELETE FROM people")


@pytest.mark.parametrize(
    "name", ["a b.db", "what?.db", "50%.db", "a#b.db", "ä%20.db", "a&mode=rwc.db", "'quoted'.db"]
)
def test_any_file_name_is_quoted_rightly(load, samples, workspace, name):
    connection = load(name, "sqlite", samples.path("sample.db").read_bytes())
    assert connection.execute("SELECT count(*) FROM people").fetchone() == (2,)
    assert [place.name for place in workspace.iterdir()] == [name]


def test_a_database_in_write_ahead_mode_is_read_without_a_file_beside_it(workspace):
    writer = sqlite3.connect(workspace / "a.db", isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE t (x)")
    writer.execute("INSERT INTO t VALUES (1)")
    writer.close()
    connection = readers.read(str(workspace / "a.db"), "a.db", "sqlite", None, {})
    assert connection.execute("SELECT x FROM t").fetchall() == [(1,)]
    assert [place.name for place in workspace.iterdir()] == ["a.db"]


def test_what_another_connection_has_only_in_its_log_is_read_too(workspace):
    writer = sqlite3.connect(workspace / "a.db", isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE t (x)")
    writer.execute("INSERT INTO t VALUES (1)")
    connection = readers.read(str(workspace / "a.db"), "a.db", "sqlite", None, {})
    assert connection.execute("SELECT x FROM t").fetchall() == [(1,)]


def test_options_go_to_sqlite(samples):
    connection = samples.read("sample.db", check_same_thread=False, timeout=1)
    assert connection.execute("SELECT 1").fetchone() == (1,)


def test_pandas_reads_from_the_connection(samples):
    import pandas as pd

    frame = pd.read_sql("SELECT * FROM people", samples.read("sample.db"))
    assert frame.to_dict("list") == {"name": ["Anna", "Zoë"], "count": [1, 2]}


def test_a_file_that_is_no_database_is_found_out_at_once(load):
    with pytest.raises(readers.ReadError) as caught:
        load("a.db", "sqlite", b"no database " * 100)
    assert str(caught.value).startswith("Could not read 'a.db' as sqlite: file is not a database. ")


@pytest.mark.extras
def test_a_duckdb_database_cannot_be_written_to(samples):
    connection = samples.read("sample.duckdb")
    with pytest.raises(Exception, match="read-only mode"):
        connection.execute("DELETE FROM people")
