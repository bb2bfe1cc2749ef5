"""Databases for tests: as many as wanted, on either engine, each a copy of a migrated one.

One that was given back is emptied and lent again, so that what an engine has compiled for it is
compiled once, not in each test.
"""

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache, cached_property
from itertools import count
from pathlib import Path
from typing import Protocol

from psycopg.sql import SQL, Identifier
from sqlalchemy import URL, Engine

from quizapp.db.engine import database_url, make_engine
from quizapp.db.migrate import upgrade
from tests.support.postgres import PostgresServer

END_OTHER_SESSIONS = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
OUR_TABLES = """
    SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
RESTART_NUMBERS = "SELECT setval(seqrelid::regclass, 1, false) FROM pg_sequence"


def engine_of(url: str) -> Engine:
    """The engine that all sessions of the tests on this database share."""
    return _engine_at(database_url(url))


@cache
def _engine_at(url: URL) -> Engine:
    return make_engine(url.render_as_string(hide_password=False))


class Databases(Protocol):
    """Gives out URLs; a database is gone when its block ends."""

    def fresh(self) -> AbstractContextManager[str]:
        """The URL of a database with our tables and nothing in them."""
        ...

    def bare(self) -> AbstractContextManager[str]:
        """The URL of a database without any table."""
        ...


class SqliteDatabases:
    """Files, each in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._idle: list[Path] = []
        self._numbers = count(1)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        file = self._idle.pop() if self._idle else self._place()
        shutil.copyfile(self._template, file)
        yield _url(file)
        _clear(file)
        self._idle.append(file)

    @contextmanager
    def bare(self) -> Iterator[str]:
        file = self._place()
        yield _url(file)
        _clear(file)

    def _place(self) -> Path:
        folder = self._folder / str(next(self._numbers))
        folder.mkdir()
        return folder / "quizapp.sqlite"

    @cached_property
    def _template(self) -> Path:
        file = self._folder / "template.sqlite"
        upgrade(_url(file))
        return file


def content_of(url: str) -> bytes:
    """All of a SQLite database to which nobody else is connected."""
    file = _file(url)
    engine_of(url).dispose()
    assert [part for part in _parts(file) if part != file] == [], "somebody is connected"
    return file.read_bytes()


def put_back(url: str, content: bytes) -> None:
    """Have a SQLite database be again what `content_of` said."""
    _clear(_file(url))
    _file(url).write_bytes(content)


def _clear(file: Path) -> None:
    engine_of(_url(file)).dispose()
    for part in _parts(file):
        part.unlink()


def _parts(file: Path) -> list[Path]:
    """A database with its logs, but without the file by which writers take turns: it is in use."""
    return [part for part in file.parent.iterdir() if part.suffix != ".turn"]


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _url(file: Path) -> str:
    return f"sqlite:///{file}"


class PostgresDatabases:
    """Databases of one server. Emptying one and lending it again costs 6 ms, a new copy 150."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._idle: list[str] = []
        self._numbers = count(1)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        name = self._idle.pop() if self._idle else self._create(self._template)
        url = self._server.url(name)
        yield url
        engine_of(url).dispose()
        self._empty(name)
        self._idle.append(name)

    @contextmanager
    def bare(self) -> Iterator[str]:
        name = self._create("template0")
        url = self._server.url(name)
        yield url
        engine_of(url).dispose()
        with self._server.connect() as connection:
            # FORCE: a test that leaves a session open would make a plain DROP fail.
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    @cached_property
    def _template(self) -> str:
        name = self._create("template0")
        upgrade(self._server.url(name))
        return name

    def _create(self, template: str) -> str:
        name = f"test_{next(self._numbers)}"
        create = SQL("CREATE DATABASE {} TEMPLATE {}")
        with self._server.connect() as connection:
            connection.execute(create.format(Identifier(name), Identifier(template)))
        return name

    def _empty(self, name: str) -> None:
        with self._server.connect(name) as connection:
            # Sessions left open might hold locks on what is about to be emptied.
            connection.execute(END_OTHER_SESSIONS)
            tables = [Identifier(table) for (table,) in connection.execute(OUR_TABLES)]
            connection.execute("SET session_replication_role = replica")  # in any order of tables
            connection.execute(SQL(";").join(map(SQL("DELETE FROM {}").format, tables)))
            connection.execute(RESTART_NUMBERS)
