"""Bring a database to the newest schema. One history for both engines."""

from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event

from quizapp.db.engine import make_engine
from quizapp.db.transactions import writing


class BrokenReferences(Exception):
    """A migrated database would hold rows that refer to none; nothing of it was kept."""


def upgrade(url: str, revision: str = "head") -> None:
    """Run the migrations that are missing, all or none of them."""
    engine = make_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _let_tables_be_made_anew)
    try:
        with writing(engine) as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            _check_references(connection)
    finally:
        engine.dispose()


def current(url: str) -> str | None:
    """The revision a database is at, None where it has no schema yet."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def newest() -> str | None:
    """The revision that this version of the app needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _let_tables_be_made_anew(connection: Any, _record: object) -> None:
    # SQLite changes a constraint by copying the table and dropping the old one, which would
    # delete every row that refers to it; within a transaction this cannot be switched any more.
    connection.execute("PRAGMA foreign_keys = OFF")


def _check_references(connection: Connection) -> None:
    """Raise BrokenReferences where a row refers to none: SQLite did not look while it migrated."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        tables = ", ".join(sorted({f"{row[0]} (to {row[2]})" for row in broken}))
        raise BrokenReferences(f"rows refer to what is not there: {tables}")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "quizapp.db:migrations")
    config.set_main_option("path_separator", "os")
    return config
