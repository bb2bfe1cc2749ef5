"""Who has begun graded work, and what of it is somebody's own."""

from datetime import timedelta

import pytest

from quizapp.db.models import Mode
from quizapp.db.queries.assignments import who_began
from quizapp.db.queries.sitting import graded_work_of
from tests.support import cast
from tests.support.cast import NOW
from tests.support.classroom import enrol, make_class
from tests.support.handed_in import assign, hand_in


@pytest.fixture
def people(session):
    cast.load(session)
    return cast.everyone(session)


@pytest.fixture
def school_class(session, people):
    return make_class(session, people.grace, students=(people.ada, people.mallory))


@pytest.fixture
def midterm(session, school_class):
    return assign(session, school_class)


def test_students_have_begun_and_perhaps_handed_in(session, people, midterm):
    assert who_began(session, midterm.id) == {}
    hand_in(session, midterm, people.ada, {"beginning": {0}})
    hand_in(session, midterm, people.ada, {"beginning": {0}}, number=2, at=None)
    hand_in(session, midterm, people.mallory, {"beginning": {0}}, at=None)
    hand_in(session, midterm, people.grace, {"beginning": {0}}, mode=Mode.PREVIEW)
    assert who_began(session, midterm.id) == {
        people.ada.account_id: True,
        people.mallory.account_id: False,
    }


def test_own_graded_work_says_which_class_it_was_for_and_who_is_still_in_it(
    session, people, school_class, midterm
):
    first = hand_in(session, midterm, people.ada, {"beginning": {0}})
    hand_in(session, midterm, people.mallory, {"beginning": {0}})
    hand_in(session, midterm, people.ada, {"beginning": {0}}, mode=Mode.PREVIEW, number=2)
    (found,) = graded_work_of(session, people.ada.account_id)
    assert (found[0].id, *found[1:]) == (first, "Seminar B", True)

    enrol(session, school_class, people.ada).removed_at = NOW + timedelta(hours=1)
    session.commit()
    assert [is_in for *_, is_in in graded_work_of(session, people.ada.account_id)] == [False]


def test_graded_work_outlives_the_place_in_the_class(session, people, school_class, midterm):
    hand_in(session, midterm, people.ada, {"beginning": {0}})
    session.delete(enrol(session, school_class, people.ada))
    session.commit()
    assert [is_in for *_, is_in in graded_work_of(session, people.ada.account_id)] == [False]
