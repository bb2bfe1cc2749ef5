"""Bring a database to the newest schema. One history for both engines."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from quizapp.db.engine import make_engine
from quizapp.db.transactions import writing


def upgrade(url: str, revision: str = "head") -> None:
    """Run the migrations that are missing, all or none of them."""
    engine = make_engine(url)
    try:
        with writing(engine) as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
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


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "quizapp.db:migrations")
    config.set_main_option("path_separator", "os")
    return config
