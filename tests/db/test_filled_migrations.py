"""Each migration on a database that is in use: nothing is lost, nothing is changed."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, MetaData, Table, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from quizapp.db import migrate
from quizapp.db.engine import make_engine
from quizapp.db.transactions import writing

THEN = datetime(2026, 3, 1, 9, tzinfo=UTC)

# What was there at revision 0001: every table has a row, every foreign key is used.
FILLED = {
    "account": [
        {"id": 1, "session_key": "a", "name": "ada", "name_key": "ada", "password_hash": "x"},
        {"id": 2, "session_key": "b", "role": "instructor"},
    ],
    "sign_in_link": [{"token_digest": "d", "account_id": 2, "expires_at": THEN}],
    "throttle": [{"key": "k", "count": 3, "expires_at": 1.5}],
    "question_file": [
        {"id": 1, "name": "geo/notes.md", "live_at": THEN},
        {"id": 2, "name": "geo/rivers.md", "state": "refused", "findings": [{"line": 3}]},
    ],
    "source": [{"id": 1, "file_id": 1, "slug": "notes"}],
    "passage": [{"id": 1, "source_id": 1, "slug": "p1"}],
    "deck": [{"id": 1, "file_id": 2, "slug": "rivers", "source_id": 1}],
    "question": [{"id": 1, "deck_id": 1, "slug": "beginning"}],
    "question_version": [
        {"id": 1, "question_id": 1, "content_hash": "1", "is_current": False, "responses": 2},
        {"id": 2, "question_id": 1, "content_hash": "2", "is_current": True, "credit": 277200},
    ],
    "choice": [
        {"version_id": 1, "position": 0, "is_key": True, "chosen": 2},
        {"version_id": 2, "position": 1, "is_key": False},
    ],
    "version_passage": [{"version_id": 2, "passage_id": 1}],
    "attempt": [
        {"id": 1, "public_id": "p", "account_id": 1, "deck_id": 1, "marks": "r-", "answered": 1},
        {"id": 2, "public_id": "q", "account_id": 2, "start_key": "other", "ended_at": THEN},
    ],
    "item": [
        {"id": 1, "attempt_id": 1, "position": 1, "version_id": 1},
        {"id": 2, "attempt_id": 1, "position": 2, "version_id": 2},
    ],
    "response": [{"item_id": 1, "certainty": 3, "elapsed_ms": 900}],
}
# What else these rows need, by the name of a column.
USUAL = {
    "role": "learner", "created_at": THEN, "digest": "0", "state": "live", "findings": [],
    "read_at": THEN, "title": "Rivers", "author": "R. Iver", "publisher": "", "url": "",
    "position": 1, "heading": "Springs", "note": "A note", "topic": "", "summary": "",
    "language": "en", "line": 4, "stem": "Where?", "explanation": "There.", "shuffle": True,
    "responses": 0, "credit": 0, "text": "Here", "is_key": False, "feedback": "", "chosen": 0,
    "start_key": "first", "mode": "practice", "size": 2, "marks": "--", "answered": 0,
    "started_at": THEN, "choice_order": "ab", "answered_at": THEN,
}  # fmt: skip


@pytest.fixture
def filled_url(databases):
    with databases.bare() as url:
        migrate.upgrade(url, "0001")
        engine = make_engine(url)
        with writing(engine) as connection:
            for name, rows in FILLED.items():
                table = _table(connection, name)
                needed = {c.name: USUAL[c.name] for c in table.columns if c.name in USUAL}
                given = {"response": {"chosen": "a"}}.get(name, {})
                for row in rows:
                    connection.execute(insert(table).values({**needed, **given, **row}))
        engine.dispose()
        yield url


@pytest.fixture
def engine(filled_url):
    engine = make_engine(filled_url)
    yield engine
    engine.dispose()


def _table(connection: Connection, name: str) -> Table:
    return Table(name, MetaData(), autoload_with=connection, resolve_fks=False)


def _rows(engine, columns=None):
    """Every row of every table filled above, of the columns it had then."""
    found = {}
    with engine.connect() as connection:
        for name in FILLED:
            table = _table(connection, name)
            kept = (columns or {}).get(name) or [column.name for column in table.columns]
            rows = connection.execute(select(*(table.c[column] for column in kept)))
            found[name] = sorted((tuple(row) for row in rows), key=str)
    return found


def _columns(engine):
    with engine.connect() as connection:
        return {name: [c.name for c in _table(connection, name).columns] for name in FILLED}


def test_an_upgrade_keeps_every_row_and_every_value(filled_url, engine):
    columns, before = _columns(engine), _rows(engine)
    engine.dispose()
    migrate.upgrade(filled_url)
    assert _rows(engine, columns) == before


def test_what_was_there_before_gets_the_values_that_say_nothing_changed(filled_url, engine):
    migrate.upgrade(filled_url)
    with engine.connect() as connection:
        for name, column, value in (
            ("question_file", "origin", "folder"),
            ("question_file", "is_shared", True),
            ("deck", "is_for_practice", True),
            ("item", "worth", 1),
            ("response", "tries", 1),
        ):
            table = _table(connection, name)
            assert set(connection.scalars(select(table.c[column]))) == {value}


def test_references_still_hold_after_an_upgrade(filled_url, engine):
    migrate.upgrade(filled_url)
    with writing(engine) as connection:
        account = _table(connection, "account")
        connection.execute(account.delete().where(account.c.id == 1))
        left = connection.scalar(select(func.count()).select_from(_table(connection, "item")))
    assert left == 0


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [("account", "role", "admin"), ("question_file", "origin", "upload")],
)
def test_new_values_are_allowed_after_an_upgrade(filled_url, engine, name, column, value):
    migrate.upgrade(filled_url)
    with writing(engine) as connection:
        connection.execute(update(_table(connection, name)).values({column: value}))


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [("account", "role", "emperor"), ("attempt", "mode", "graded"), ("deck", "source_id", 99)],
)
def test_values_that_make_no_sense_are_still_refused(filled_url, engine, name, column, value):
    migrate.upgrade(filled_url)
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(update(_table(connection, name)).values({column: value}))


# A server database never lets go of its references.
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_references_that_were_broken_before_stop_an_upgrade_and_leave_all_as_it_was(
    filled_url, engine
):
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("UPDATE item SET version_id = 99 WHERE id = 1")
    engine.dispose()
    with pytest.raises(migrate.BrokenReferences, match="item"):
        migrate.upgrade(filled_url)
    assert migrate.current(filled_url) == "0001"
