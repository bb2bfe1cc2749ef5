"""Engines as this app needs them: durable SQLite, PostgreSQL through psycopg 3."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

WRITES = "quizapp_writes"
"""Execution option of a connection whose transaction is going to write."""

READS_ONCE = "quizapp_reads_once"
"""Execution option of a connection that is going to read by one statement."""


class UnsupportedDatabase(ValueError):
    """The database URL names something this app cannot keep answers in."""


def database_url(text: str) -> URL:
    """The URL with its driver spelled out; `postgres://` and `postgresql://` mean psycopg 3.

    Raises UnsupportedDatabase for other databases and for a SQLite that is only in memory.
    """
    url = make_url(text)
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
    """Attach what each new connection and transaction needs."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


def for_single_reads(engine: Engine) -> Engine:
    """The same engine and pool for reads of one statement, which need no transaction around it.

    On PostgreSQL this saves two of three round trips.
    """
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{READS_ONCE: True})
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


def _begin_sqlite(connection: Connection) -> None:
    # A plain BEGIN that writes later cannot wait for its turn: it fails with "database is
    # locked" as soon as someone else has written since its first read.
    options = connection.get_execution_options()
    if options.get(READS_ONCE):
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("BEGIN IMMEDIATE" if options.get(WRITES) else "BEGIN")
