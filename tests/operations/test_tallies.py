from fractions import Fraction
from threading import Event, Thread

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from quizapp.db.engine import make_engine
from quizapp.db.models import Choice, QuestionVersion, Response
from quizapp.operations.accounts import delete_account
from quizapp.operations.tallies import rebuild, wrong_tallies
from tests.support import cast
from tests.support.cast import answer, begin, sessions

PARTLY = frozenset({0})


@pytest.fixture
def answered(session):
    """Two people have answered the rivers; the first is returned."""
    cast.load(session)
    people = [cast.guest(session, "one"), cast.guest(session, "two")]
    for person in people:
        attempt = begin(session, person)
        for position in range(1, 5):
            answer(session, person, attempt, position, PARTLY)
    return people[0]


@pytest.mark.parametrize(
    "slip",
    [
        update(QuestionVersion).values(responses=QuestionVersion.responses + 1),
        update(QuestionVersion).values(credit=QuestionVersion.credit + Fraction(1, 3)),
        update(Choice).values(chosen=Choice.chosen + 1),
    ],
    ids=["responses", "credit", "chosen"],
)
def test_a_miscounted_version_is_found_and_set_right(session, answered, slip):
    assert wrong_tallies(session) == []
    session.execute(slip)
    session.commit()
    assert (
        wrong_tallies(session)
        == session.scalars(select(QuestionVersion.id).order_by(QuestionVersion.id)).all()
    )
    assert rebuild(session) == 5
    assert wrong_tallies(session) == []


def test_a_count_that_misses_one_answer_is_found(session, answered):
    response = session.scalars(select(Response)).first()
    session.delete(response)
    session.commit()
    assert len(wrong_tallies(session)) == 1


def test_an_answer_given_while_another_account_is_deleted_is_counted(database_url):
    with sessions(database_url) as session:
        cast.load(session)
        leaving, staying = cast.guest(session, "leaving"), cast.guest(session, "staying")
        answer(session, leaving, begin(session, leaving, "seas"), 1)
        attempt = begin(session, staying, "seas")

    def delete() -> None:
        with sessions(database_url) as session:
            delete_account(session, leaving.account_id)
        deleted.set()

    deleted = Event()
    other = Thread(target=delete)
    engine = make_engine(database_url)

    def hold_back(_connection: object) -> None:
        # The answer is written, but not yet there for others: now the deletion begins.
        other.start()
        deleted.wait(0.5)

    with Session(engine) as session:
        item_at = cast.item_at(session, staying, attempt, 1)
        assert item_at.given is None
        event.listen(engine, "commit", hold_back)
        answer(session, staying, attempt, 1)
    other.join()
    engine.dispose()
    with sessions(database_url) as session:
        assert wrong_tallies(session) == []
