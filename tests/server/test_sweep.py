"""Graded attempts end on time although nobody looks at them."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update

from quizapp import server
from quizapp.db.engine import make_engine
from quizapp.db.models import Attempt
from tests.server.processes import wait_until
from tests.support import cast, graded
from tests.support.cast import sessions
from tests.support.classroom import enrol, make_class
from tests.support.databases import SqliteDatabases


@pytest.fixture
def engine(sqlite_databases: SqliteDatabases):
    """A database with an attempt that ada has begun."""
    with sqlite_databases.fresh() as url:
        with sessions(url) as session:
            cast.load(session)
            people = cast.everyone(session)
            school_class = make_class(session, people.grace)
            enrol(session, school_class, people.ada)
            graded.begin(session, people.ada, graded.make_assignment(session, school_class))
        engine = make_engine(url)
        yield engine
        engine.dispose()


def ended_at(engine: Engine) -> datetime | None:
    with engine.connect() as connection:
        return connection.scalar(select(Attempt.ended_at))


def set_deadline(engine: Engine, deadline: datetime) -> None:
    with sessions(engine.url.render_as_string(hide_password=False)) as session:
        session.execute(update(Attempt).values(deadline=deadline))
        session.commit()


def test_overdue_attempts_are_submitted_as_of_their_deadline_and_trouble_is_survived(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, troubles = threading.Event(), iter([OSError("no disk")])
    submit_overdue = server.submit_overdue

    def fail_first(*args: object) -> int:
        for trouble in troubles:
            raise trouble
        return submit_overdue(*args)  # pyright: ignore[reportArgumentType]  # handed on as it came

    monkeypatch.setattr(server, "submit_overdue", fail_first)
    deadline = datetime.now(UTC) - timedelta(minutes=1)
    set_deadline(engine, deadline)
    sweeper = threading.Thread(target=server.sweep, args=(engine, stop, 0.02))
    sweeper.start()
    wait_until(lambda: ended_at(engine) is not None)
    stop.set()
    sweeper.join()
    assert ended_at(engine) == deadline


def test_an_attempt_is_left_alone_for_a_moment_after_its_deadline(engine: Engine) -> None:
    stop = threading.Event()
    set_deadline(engine, datetime.now(UTC) + timedelta(hours=1))
    sweeper = threading.Thread(target=server.sweep, args=(engine, stop, 0.02))
    sweeper.start()
    stop.wait(0.2)
    set_deadline(engine, datetime.now(UTC) - timedelta(milliseconds=1))
    stop.wait(0.2)
    stop.set()
    sweeper.join()
    assert ended_at(engine) is None
