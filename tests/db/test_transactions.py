from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from quizapp.db.models import Throttle
from quizapp.db.transactions import writing
from tests.support.cast import sessions

ROW = {"key": "k", "count": 0, "expires_at": 0.0}


class Mishap(Exception):
    """Something went wrong between two writes."""


def write_and_fail(session: Session) -> None:
    with writing(session) as connection:
        connection.execute(insert(Throttle).values(ROW))
        session.add(Throttle(**ROW | {"key": "other"}))
        session.flush()
        raise Mishap


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Throttle)) or 0


def test_what_was_written_is_there_for_others_afterwards(session, database_url):
    with writing(session) as connection:
        connection.execute(insert(Throttle).values(ROW))
    with sessions(database_url) as other:
        assert count(other) == 1


def test_an_error_undoes_everything_and_goes_on_to_the_caller(session):
    with pytest.raises(Mishap):
        write_and_fail(session)
    assert count(session) == 0


def test_after_an_error_the_session_can_write_again(session):
    with pytest.raises(Mishap):
        write_and_fail(session)
    with writing(session) as connection:
        connection.execute(insert(Throttle).values(ROW))
    assert count(session) == 1


def test_a_write_sees_what_others_have_written_since_the_last_read(session, database_url):
    with writing(session) as connection:
        connection.execute(insert(Throttle).values(ROW))
    row = session.scalars(select(Throttle)).one()
    with sessions(database_url) as other, writing(other) as connection:
        connection.execute(update(Throttle).values(count=7))
    with writing(session):
        assert row.count == 7


def test_writers_take_turns_and_none_fails(database_url):
    with sessions(database_url) as session, writing(session) as connection:
        connection.execute(insert(Throttle).values(ROW))

    def add_ten(_worker: int) -> None:
        with sessions(database_url) as session:
            for _ in range(10):
                with writing(session) as connection:
                    connection.execute(update(Throttle).values(count=Throttle.count + 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_ten, range(8)))
    with sessions(database_url) as session:
        assert session.scalars(select(Throttle.count)).one() == 80


def test_on_sqlite_a_write_waits_while_another_is_under_way(sqlite_databases):
    order: list[str] = []
    begun, may_end = Event(), Event()

    def first(url: str) -> None:
        with sessions(url) as session, writing(session):
            begun.set()
            may_end.wait(5)
            order.append("first")

    def second(url: str) -> None:
        begun.wait(5)
        with sessions(url) as session:
            may_end.set()
            with writing(session):
                order.append("second")

    with sqlite_databases.fresh() as url, ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(first, url), pool.submit(second, url)]:
            done.result()
    assert order == ["first", "second"]
