"""The second baseline: a row as large as a response, committed with nothing around it."""

import sqlite3
from itertools import count
from pathlib import Path

import psycopg

TABLE = """
    CREATE TABLE response (
        item_id INTEGER NOT NULL PRIMARY KEY,
        chosen VARCHAR(12) NOT NULL,
        certainty INTEGER,
        credit BIGINT NOT NULL,
        answered_at TIMESTAMP NOT NULL,
        elapsed_ms INTEGER
    )
"""
ROW = ("c", 2, 277_200, "2026-02-02 08:00:00.000000", 8_123)


class SqliteRows:
    """A file of its own to which each `commit` adds one row."""

    def __init__(self, file: Path) -> None:
        self._connection = open_sqlite(file)
        self._connection.execute(TABLE)

    def commit(self) -> None:
        commit_to_sqlite(self._connection)

    def close(self) -> None:
        self._connection.close()


def open_sqlite(file: Path) -> sqlite3.Connection:
    """A connection as durable as the app's own."""
    connection = sqlite3.connect(file, timeout=15, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def commit_to_sqlite(connection: sqlite3.Connection) -> None:
    """One row, one transaction; the file numbers its rows itself."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO response VALUES (NULL, ?, ?, ?, ?, ?)", ROW)
    connection.execute("COMMIT")


class PostgresRows:
    """The same in a PostgreSQL database of its own, through psycopg as it comes.

    Raises RuntimeError where the server would acknowledge what a power cut could take back.
    """

    def __init__(self, url: str) -> None:
        self._numbers = count(1)
        self._connection = psycopg.connect(url)
        for setting in ("fsync", "synchronous_commit"):
            row = self._connection.execute(f"SHOW {setting}").fetchone()
            if row != ("on",):
                raise RuntimeError(f"{setting} is {row}: commits of this server are not durable")
        self._connection.execute(TABLE)
        self._connection.commit()

    def commit(self) -> None:
        self._connection.execute(
            "INSERT INTO response VALUES (%s, %s, %s, %s, %s, %s)", (next(self._numbers), *ROW)
        )
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()
