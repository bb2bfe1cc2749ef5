"""Engines as this app needs them: durable SQLite, PostgreSQL through psycopg 3."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

WRITES = "quizapp writes"
"""Key in a session's `info` while its next transaction is going to write."""


class UnsupportedDatabase(ValueError):
    """The database URL names something this app cannot keep answers in."""


def database_url(text: str) -> URL:
    """The URL with its driver spelled out; `postgres://` and `postgresql://` mean psycopg 3.

    Raises UnsupportedDatabase for other databases, for a SQLite that is only in memory and for
    what is no URL.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise UnsupportedDatabase("the database URL cannot be read") from error
    if url.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite":
        raise UnsupportedDatabase(f"{url.drivername} is not supported: use sqlite or postgresql")
    if url.database in {None, "", ":memory:"}:
        raise UnsupportedDatabase("a SQLite database in memory would lose every answer")
    return url


def engine_options(url: URL) -> dict[str, Any]:
    """Keyword arguments for `create_engine`."""
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": 15}}
    return {"pool_pre_ping": False, "pool_size": 8, "max_overflow": 24, "pool_recycle": 1800}


def prepare(engine: Engine) -> None:
    """Attach what each new connection needs.

    There is no listener for transactions: with one, SQLAlchemy asks after listeners several
    times a statement. Who opens a transaction without a session begins it with `begin`.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)


def begin(connection: Connection, *, writes: bool) -> None:
    """Begin a transaction on SQLite; other drivers begin by themselves.

    A plain BEGIN that writes later cannot wait for its turn: it fails with "database is locked"
    as soon as someone else has written since its first read.
    """
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.dbapi_connection
        driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")


@event.listens_for(Session, "after_begin")
def _begin_session(session: Session, _transaction: object, connection: Connection) -> None:
    begin(connection, writes=session.info.get(WRITES, False))


@lru_cache(maxsize=16)
def for_single_statements(engine: Engine) -> Engine:
    """The same engine and pool for work of one statement, which is a transaction by itself.

    On PostgreSQL this saves two of three round trips; on SQLite nothing begins by itself.
    """
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def make_engine(text: str) -> Engine:
    """A prepared engine of its own, outside any web app."""
    url = database_url(text)
    engine = create_engine(url, **engine_options(url))
    prepare(engine)
    return engine


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite database, None for a server database."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    return Path(url.database)


def _open_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transaction handling would begin lazily and non-immediately.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    # FULL, not NORMAL: in WAL mode NORMAL loses acknowledged answers at a power cut.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # Kibibytes a connection: the pages of a term's answers, where the default holds a week's.
    connection.execute("PRAGMA cache_size = -8000")
