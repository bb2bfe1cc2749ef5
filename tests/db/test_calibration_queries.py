"""How sure a class was: whose answers count, and which."""

from dataclasses import replace

import pytest
from sqlalchemy import insert, select, update

from quizapp.db.models import Deck, Item, Question, Regrade
from quizapp.db.queries.calibration import questions_placed, sure_answers
from quizapp.db.queries.progress import answers_of, confidently_wrong, luck_of_answered
from quizapp.operations.classes import remove_student
from quizapp.operations.reviewing import take_in
from tests.support import cast, graded
from tests.support.cast import NOW, sessions
from tests.support.classroom import enrol, make_class

CERTAIN = 3


@pytest.fixture
def session(database_url):
    with sessions(database_url) as session:
        yield session


@pytest.fixture
def school_class(session):
    cast.load(session)
    return make_class(session, cast.register(session, "grace", cast.Role.INSTRUCTOR))


def salt(session, person, *, right: bool, certainty: int | None, start_key: str = "start-key-1"):
    """Answer what makes a sea salty."""
    attempt = cast.begin(session, person, "seas", start_key=start_key)
    cast.answer(session, person, attempt, 1, None if right else frozenset({1}), certainty)


def sums(session, school_class) -> list[tuple[int, int, int, int]]:
    rows = sure_answers(session, school_class.id)
    return [(row.certainty, row.n, row.right, row.wrong) for row in rows]


def test_each_student_counts_once_with_the_first_answer_they_were_sure_of(session, school_class):
    ada = cast.register(session, "ada")
    enrol(session, school_class, ada)
    salt(session, ada, right=False, certainty=None, start_key="start-key-0")
    salt(session, ada, right=False, certainty=CERTAIN)
    salt(session, ada, right=True, certainty=CERTAIN, start_key="start-key-2")
    assert sums(session, school_class) == [(CERTAIN, 1, 0, 1)]


def test_only_who_is_in_the_class_counts(session, school_class):
    ada, mallory = cast.register(session, "ada"), cast.register(session, "mallory")
    enrolment = enrol(session, school_class, ada)
    for person in (ada, mallory):
        salt(session, person, right=True, certainty=1)
    assert sums(session, school_class) == [(1, 1, 1, 0)]
    remove_student(session, ada.account_id, enrolment.id, NOW)
    assert sums(session, school_class) == []


def test_a_deck_that_is_not_on_offer_does_not_count(session, school_class):
    ada = cast.register(session, "ada")
    enrol(session, school_class, ada)
    salt(session, ada, right=True, certainty=1)
    assert [each.slug for each in questions_placed(session, school_class.id).values()] == ["salt"]
    session.execute(update(Deck).values(is_for_practice=False))
    session.commit()
    assert sums(session, school_class) == []
    assert questions_placed(session, school_class.id) == {}


@pytest.fixture
def exam(session, school_class):
    """Ada's exam about the seas, answered wrongly and with certainty, not submitted yet."""
    ada = cast.register(session, "ada")
    enrol(session, school_class, ada)
    policy = replace(graded.EXAM, certainty_marking=True)
    assignment = graded.make_assignment(session, school_class, policy, decks=("seas",))
    attempt = graded.begin(session, ada, assignment)
    graded.save(session, attempt, 1, graded.wrong(session, attempt, 1), certainty=CERTAIN)
    return assignment.id, attempt


def test_graded_work_counts_once_it_is_submitted(session, school_class, exam):
    assert sums(session, school_class) == []
    graded.submit(session, exam[1])
    assert sums(session, school_class) == [(CERTAIN, 1, 0, 1)]


@pytest.mark.parametrize("certainty", [1, 2, 3])
@pytest.mark.parametrize("is_right", [True, False])
def test_marks_by_certainty_do_not_hide_what_was_right(
    session, school_class, exam, certainty, is_right
):
    chosen = (graded.right if is_right else graded.wrong)(session, exam[1], 1)
    graded.save(session, exam[1], 1, chosen, certainty=certainty)
    graded.submit(session, exam[1])
    assert sums(session, school_class) == [(certainty, 1, int(is_right), int(not is_right))]


def test_graded_work_of_another_class_does_not_count(session, school_class, exam):
    graded.submit(session, exam[1])
    account = graded.attempt(session, exam[1]).account_id
    elsewhere = make_class(session, cast.register(session, "heidi", cast.Role.INSTRUCTOR))
    enrol(session, elsewhere, cast.Person(account, "", "ada"))
    assert sums(session, elsewhere) == []


def test_what_was_left_out_or_regraded_is_no_sign_of_what_they_know(session, school_class, exam):
    assignment, attempt = exam
    graded.submit(session, attempt)
    session.execute(update(Item).where(Item.attempt_id == attempt).values(worth=0))
    session.commit()
    assert sums(session, school_class) == []
    session.execute(update(Item).where(Item.attempt_id == attempt).values(worth=1))
    version = session.scalars(select(Item.version_id).where(Item.attempt_id == attempt)).one()
    ruling = {"assignment_id": assignment, "version_id": version, "ruling": "full"}
    session.execute(insert(Regrade).values(**ruling, reason="Two were right.", decided_at=NOW))
    session.commit()
    assert sums(session, school_class) == []
    session.execute(update(Regrade).values(undone_at=NOW))
    session.commit()
    assert sums(session, school_class) == [(CERTAIN, 1, 0, 1)]


def test_graded_work_never_enters_what_a_learner_sees(session, exam):
    graded.submit(session, exam[1])
    account = graded.attempt(session, exam[1]).account_id
    assert answers_of(session, account) == []
    assert luck_of_answered(session, account) == {}
    take_in(session, account, NOW)
    assert confidently_wrong(session, account, ()) == []


def test_answers_come_oldest_first_with_the_luck_of_those_said_to_be_sure(session, school_class):
    ada = cast.register(session, "ada")
    salt(session, ada, right=False, certainty=None, start_key="start-key-0")
    assert luck_of_answered(session, ada.account_id) == {}
    salt(session, ada, right=True, certainty=2)
    assert [each.is_right for each in answers_of(session, ada.account_id)] == [False, True]
    assert [float(x) for x in luck_of_answered(session, ada.account_id).values()] == [0.5]


def test_confidently_wrong_is_what_was_last_called_certain_and_was_wrong(session, school_class):
    ada = cast.register(session, "ada")

    def found() -> list[str]:
        take_in(session, ada.account_id, NOW)
        return [each.deck_title for each in confidently_wrong(session, ada.account_id, ())]

    salt(session, ada, right=False, certainty=1, start_key="start-key-0")
    assert found() == []
    salt(session, ada, right=False, certainty=CERTAIN)
    assert found() == ["All about seas"]
    deck = session.scalars(select(Deck.id).where(Deck.slug == "seas")).one()
    assert confidently_wrong(session, ada.account_id, (deck,)) == []
    session.execute(update(Question).where(Question.deck_id == deck).values(retired_at=NOW))
    session.commit()
    assert found() == []
