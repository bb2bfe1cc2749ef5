"""How often the busiest pages speak to the database."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import event

from quizapp.extensions import db
from tests.support.browsing import choices_in

READS = ("SELECT",)
WRITES = ("INSERT", "UPDATE", "DELETE", "WITH")


@contextmanager
def statements(app) -> Iterator[list[str]]:
    """The first word of each statement that reaches the driver in this block."""
    sent: list[str] = []

    def note(statement: object) -> None:
        word = str(statement).split()[0].upper()
        if word in READS + WRITES:
            sent.append(word)

    class NotingCursor(psycopg.Cursor):
        def execute(self, query, *arguments, **options):
            note(query)
            return super().execute(query, *arguments, **options)

        def executemany(self, query, *arguments, **options):
            note(query)
            return super().executemany(query, *arguments, **options)

    def listen(connection, *_rest) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(note)
        else:
            connection.cursor_factory = NotingCursor

    with app.app_context():
        pool = db.engine.pool
    event.listen(pool, "checkout", listen)
    yield sent
    event.remove(pool, "checkout", listen)


@pytest.fixture
def asked(visitor) -> str:
    """The address of a question whose text this worker has read before."""
    item = visitor.start("seas") + "/items/1"
    visitor.get(item)
    return item


def test_a_question_page_takes_one_read(app, visitor, asked):
    with statements(app) as sent:
        assert visitor.get(asked).status_code == 200
    assert sent == ["SELECT"]


def test_an_answer_takes_one_read_and_at_most_four_writes(app, visitor, asked):
    choice, _ = choices_in(visitor.get(asked))[0]
    form = {"choice": choice, "csrf_token": visitor.token()}
    with statements(app) as sent:
        assert visitor.client.post(f"{asked}/response", data=form).status_code == 303
    assert [word for word in sent if word in READS] == ["SELECT"]
    assert 1 <= sum(word in WRITES for word in sent) <= 4


def test_an_answer_that_is_asked_for_again_writes_nothing(app, visitor, asked):
    form = {"csrf_token": visitor.token()}
    with statements(app) as sent:
        assert visitor.client.post(f"{asked}/response", data=form).status_code == 422
    assert sent == ["SELECT"]


def test_the_home_page_takes_as_many_reads_with_many_decks_as_with_few(app, visitor, asked):
    with statements(app) as sent:
        visitor.get("/")
    assert len(sent) <= 9  # two of them for what is due in review, one for classes
    assert set(sent) == {"SELECT"}


def test_the_home_page_of_who_has_answered_takes_hardly_more_reads(app, visitor, asked):
    choice, _ = choices_in(visitor.get(asked))[0]
    visitor.post(f"{asked}/response", {"choice": choice})
    assert "Mastery: about" in visitor.get("/").text  # and what was answered is taken in
    with statements(app) as sent:
        visitor.get("/")
    assert len(sent) <= 9  # two of them for mastery
    assert set(sent) == {"SELECT"}


def test_static_files_never_ask_the_database(app, visitor, asked):
    with statements(app) as sent:
        visitor.get("/static/0/css/app.css")
        visitor.get("/favicon.ico")
    assert sent == []
