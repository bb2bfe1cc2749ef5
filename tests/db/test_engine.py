import sqlite3

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from quizapp.db.engine import (
    UnsupportedDatabase,
    begin,
    database_url,
    engine_options,
    make_engine,
    sqlite_file,
)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_postgresql_address_means_psycopg_3_however_it_is_spelled(scheme):
    url = database_url(f"{scheme}://ada:secret@db.example:5433/quiz?sslmode=require")
    assert url.drivername == "postgresql+psycopg"
    assert (url.host, url.port, url.database) == ("db.example", 5433, "quiz")
    assert url.password == "secret"
    assert url.query == {"sslmode": "require"}


@pytest.mark.parametrize("text", ["sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_a_sqlite_database_in_memory_is_refused(text):
    with pytest.raises(UnsupportedDatabase, match="would lose every answer"):
        database_url(text)


@pytest.mark.parametrize(
    "text", ["mysql://host/quiz", "postgresql+psycopg2://host/quiz", "sqlite+aiosqlite:///quiz.db"]
)
def test_another_database_or_driver_is_refused_with_what_is_supported(text):
    with pytest.raises(UnsupportedDatabase, match="use sqlite or postgresql"):
        database_url(text)


@pytest.mark.parametrize("text", ["", "quiz", "postgresql://host:port/quiz"])
def test_what_is_no_address_is_refused_without_repeating_a_password_in_it(text):
    with pytest.raises(UnsupportedDatabase, match="cannot be read"):
        database_url(text)


def test_the_file_of_a_sqlite_database_is_known_and_a_server_has_none(tmp_path):
    assert sqlite_file(make_url(f"sqlite:///{tmp_path}/quiz.db")) == tmp_path / "quiz.db"
    assert sqlite_file(make_url("postgresql://host/quiz")) is None


def test_a_pool_on_postgresql_serves_more_threads_than_one_worker_has():
    options = engine_options(database_url("postgresql://host/quiz"))
    assert options["pool_size"] + options["max_overflow"] >= 32


@pytest.fixture
def sqlite_engine(sqlite_databases):
    with sqlite_databases.fresh() as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


def test_sqlite_is_opened_so_that_no_power_cut_loses_an_answer(sqlite_engine):
    with sqlite_engine.connect() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_every_pooled_sqlite_connection_is_opened_so(sqlite_engine):
    with sqlite_engine.connect() as one, sqlite_engine.connect() as other:
        settings = [c.execute(text("PRAGMA synchronous")).scalar_one() for c in (one, other)]
    assert settings == [2, 2]


def test_sqlite_waits_for_another_writer_instead_of_failing_at_once(sqlite_engine):
    with sqlite_engine.connect() as connection:
        assert connection.execute(text("PRAGMA busy_timeout")).scalar_one() == 15_000


def test_a_writing_sqlite_transaction_holds_the_lock_from_its_beginning(sqlite_engine):
    with sqlite_engine.connect() as first, sqlite_engine.connect() as second:
        second.execute(text("PRAGMA busy_timeout = 0"))
        begin(first, writes=True)
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            begin(second, writes=True)


def test_a_reading_sqlite_transaction_waits_for_no_writer(sqlite_engine):
    with sqlite_engine.connect() as writer, sqlite_engine.connect() as reader:
        begin(writer, writes=True)
        writer.execute(text("DELETE FROM throttle"))
        begin(reader, writes=False)
        assert reader.execute(text("SELECT count(*) FROM throttle")).scalar_one() == 0
