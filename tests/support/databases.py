"""Databases for tests: as many as wanted, on either engine, each a copy of a migrated one."""

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Protocol

from psycopg.sql import SQL, Identifier

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


class Databases(Protocol):
    """Gives out URLs; a database is gone when its block ends."""

    def fresh(self) -> AbstractContextManager[str]:
        """The URL of a database with our tables and nothing in them."""
        ...

    def bare(self) -> AbstractContextManager[str]:
        """The URL of a database without any table."""
        ...


class SqliteDatabases:
    """Files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        with self.bare() as url:
            shutil.copyfile(self._template, url.removeprefix("sqlite:///"))
            yield url

    @contextmanager
    def bare(self) -> Iterator[str]:
        folder = self._folder / str(next(self._numbers))
        folder.mkdir()
        yield f"sqlite:///{folder / 'quizapp.sqlite'}"
        shutil.rmtree(folder)

    @cached_property
    def _template(self) -> Path:
        file = self._folder / "template.sqlite"
        upgrade(f"sqlite:///{file}")
        return file


class PostgresDatabases:
    """Databases of one server. Emptying one and lending it again costs 6 ms, a new copy 150."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._idle: list[str] = []
        self._numbers = count(1)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        name = self._idle.pop() if self._idle else self._create(self._template)
        yield self._server.url(name)
        self._empty(name)
        self._idle.append(name)

    @contextmanager
    def bare(self) -> Iterator[str]:
        name = self._create("template0")
        yield self._server.url(name)
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
