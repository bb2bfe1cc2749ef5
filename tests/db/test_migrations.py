import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect

from quizapp.db import migrate
from quizapp.db.engine import make_engine
from quizapp.db.models import Base


@pytest.fixture
def bare_url(databases):
    with databases.bare() as url:
        yield url


def test_a_database_without_tables_is_at_no_revision(bare_url):
    assert migrate.current(bare_url) is None


def test_an_upgrade_from_nothing_makes_exactly_what_the_models_say(bare_url):
    migrate.upgrade(bare_url)
    engine = make_engine(bare_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    engine.dispose()
    assert differences == []


def test_an_upgrade_makes_the_checks_that_the_models_say(bare_url):
    # Alembic's comparison looks at tables, columns, indexes and keys, but not at checks.
    migrate.upgrade(bare_url)
    engine = make_engine(bare_url)
    made = {
        (table, check["name"])
        for table in inspect(engine).get_table_names()
        for check in inspect(engine).get_check_constraints(table)
    }
    engine.dispose()
    wanted = {
        (table.name, constraint.name)
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert {(table, str(name)) for table, name in made} == wanted


def test_an_upgraded_database_is_at_the_newest_revision(bare_url):
    migrate.upgrade(bare_url)
    assert migrate.current(bare_url) == migrate.newest() is not None


def test_upgrading_again_changes_nothing(database_url):
    migrate.upgrade(database_url)
    assert migrate.current(database_url) == migrate.newest()
