from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import event, select

from quizapp.db.models import Assignment, Attempt, AuditEvent, Excusal, Item, Mode, Override
from quizapp.db.transactions import writing
from quizapp.domain.graded.policy import Policy
from quizapp.operations import marking
from quizapp.operations.answering import end_attempt
from quizapp.operations.marking import NotSubmitted, OutOfRange, settle
from tests.support import cast
from tests.support.cast import NOW
from tests.support.classroom import enrol, make_class
from tests.support.handed_in import assign, hand_in

LATER = NOW + timedelta(hours=1)
HALF = Fraction(1, 2)


@pytest.fixture
def people(session):
    cast.load(session)
    return cast.everyone(session)


@pytest.fixture
def school_class(session, people):
    return make_class(session, people.grace, students=[people.ada])


@pytest.fixture
def midterm(session, school_class):
    return assign(session, school_class)


def marks_of(session, attempt_id: int) -> dict[int, tuple[Fraction | None, int]]:
    session.expire_all()
    items = session.scalars(select(Item).where(Item.attempt_id == attempt_id))
    return {item.position: (item.credit, item.worth) for item in items}


def score_of(session, attempt_id: int) -> tuple[Fraction, int | None]:
    session.expire_all()
    attempt = session.get_one(Attempt, attempt_id)
    return attempt.credit, attempt.worth


def item_id(session, attempt_id: int, position: int) -> int:
    return session.scalars(
        select(Item.id).where(Item.attempt_id == attempt_id, Item.position == position)
    ).one()


def deeds(session) -> list[tuple[str, str, str]]:
    events = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.subject.in_(["mark", "marks"]) | AuditEvent.verb.contains("excused"))
        .order_by(AuditEvent.id)
    )
    return [(event.actor, event.verb, event.subject) for event in events]


# Settling


def test_a_submitted_attempt_earns_what_its_answers_do(session, people, midterm):
    attempt = hand_in(
        session, midterm, people.ada, {"beginning": {0}, "belongings": {0}, "movement": None}
    )
    assert marks_of(session, attempt) == {
        1: (Fraction(1), 1),
        2: (HALF, 1),
        3: (Fraction(0), 1),
    }
    assert score_of(session, attempt) == (Fraction(3, 2), 3)


def test_an_open_attempt_has_no_marks(session, people, midterm):
    attempt = hand_in(session, midterm, people.ada, {"beginning": {0}}, at=None)
    assert marks_of(session, attempt) == {1: (None, 1)}
    assert score_of(session, attempt) == (Fraction(0), None)


def test_a_preview_is_settled_too(session, people, midterm):
    attempt = hand_in(session, midterm, people.grace, {"beginning": {0}}, mode=Mode.PREVIEW)
    assert score_of(session, attempt) == (Fraction(1), 1)


def test_practice_is_left_alone(session, people, midterm):
    practice = cast.begin(session, people.ada)
    cast.answer(session, people.ada, practice, 1)
    attempt = session.scalars(select(Attempt).where(Attempt.public_id == practice)).one()
    end_attempt(session, attempt.id, NOW)
    before = score_of(session, attempt.id)
    with writing(session) as connection:
        settle(connection, [attempt.id])
    assert score_of(session, attempt.id) == before


def test_settling_again_changes_nothing(session, people, midterm):
    attempt = hand_in(session, midterm, people.ada, {"beginning": {0}, "belongings": {2}})
    before = marks_of(session, attempt), score_of(session, attempt)
    with writing(session) as connection:
        settle(connection, [attempt, attempt, 999_999])
    assert (marks_of(session, attempt), score_of(session, attempt)) == before


def test_wrong_answers_given_as_certain_cost_marks(session, people, school_class):
    quiz = assign(session, school_class, policy=Policy(certainty_marking=True))
    attempt = hand_in(session, quiz, people.ada, {"beginning": {1}, "movement": {1}}, certainty=3)
    assert score_of(session, attempt) == (Fraction(-1), 2)


# Overrides


@pytest.fixture
def attempt(session, people, midterm):
    return hand_in(session, midterm, people.ada, {"beginning": {1}, "belongings": {0, 1}})


def test_a_teacher_decides_what_an_answer_earns(session, people, attempt):
    item = item_id(session, attempt, 1)
    marking.override_mark(session, people.grace.account_id, item, HALF, "well argued", LATER)
    assert marks_of(session, attempt)[1] == (HALF, 1)
    assert score_of(session, attempt) == (Fraction(3, 2), 2)
    assert deeds(session) == [("grace", "changed", "mark")]


def test_the_last_decision_stands(session, people, attempt):
    item, grace = item_id(session, attempt, 1), people.grace.account_id
    marking.override_mark(session, grace, item, HALF, "well argued", LATER)
    marking.override_mark(session, grace, item, Fraction(1), "better than I saw", LATER)
    assert score_of(session, attempt) == (Fraction(2), 2)
    assert session.get_one(Override, item).comment == "better than I saw"


def test_the_same_decision_twice_is_one(session, people, attempt):
    item, grace = item_id(session, attempt, 1), people.grace.account_id
    for moment in (NOW, LATER):
        marking.override_mark(session, grace, item, HALF, "well argued", moment)
    assert len(deeds(session)) == 1
    assert session.get_one(Override, item).decided_at == NOW


def test_taking_a_decision_back_restores_the_mark(session, people, attempt):
    before = marks_of(session, attempt), score_of(session, attempt)
    item, grace = item_id(session, attempt, 1), people.grace.account_id
    marking.override_mark(session, grace, item, Fraction(1), "well argued", LATER)
    for _ in range(2):
        marking.take_back_override(session, grace, item, LATER)
    assert (marks_of(session, attempt), score_of(session, attempt)) == before
    assert deeds(session) == [("grace", "changed", "mark"), ("grace", "restored", "mark")]


@pytest.mark.parametrize("credit", [Fraction(-1, 100), Fraction(101, 100)])
def test_no_mark_is_beyond_what_can_be_earned(session, people, attempt, credit):
    item = item_id(session, attempt, 1)
    with pytest.raises(OutOfRange):
        marking.override_mark(session, people.grace.account_id, item, credit, "why", LATER)
    assert score_of(session, attempt) == (Fraction(1), 2)


def test_marks_below_nothing_are_for_certainty_marking(session, people, school_class):
    quiz = assign(session, school_class, policy=Policy(certainty_marking=True))
    attempt = hand_in(session, quiz, people.ada, {"beginning": {0}})
    item = item_id(session, attempt, 1)
    marking.override_mark(session, people.grace.account_id, item, Fraction(-2), "why", LATER)
    assert score_of(session, attempt) == (Fraction(-2), 1)


def test_nothing_is_decided_about_an_attempt_that_is_open(session, people, midterm):
    attempt = hand_in(session, midterm, people.ada, {"beginning": {0}}, at=None)
    item = item_id(session, attempt, 1)
    with pytest.raises(NotSubmitted):
        marking.override_mark(session, people.grace.account_id, item, HALF, "why", LATER)
    with pytest.raises(NotSubmitted):
        marking.take_back_override(session, people.grace.account_id, 999_999, LATER)


# Excusing and releasing


def test_a_student_is_excused_and_no_longer(session, people, school_class, midterm):
    enrolment = enrol(session, school_class, people.mallory)
    grace, midterm_id, enrolment_id = people.grace.account_id, midterm.id, enrolment.id
    for reason in ("ill", "ill", "in hospital"):
        marking.excuse(session, grace, midterm_id, enrolment_id, reason, LATER)
    assert session.scalars(select(Excusal.comment)).all() == ["in hospital"]
    for _ in range(2):
        marking.take_back_excusal(session, grace, midterm_id, enrolment_id, LATER)
    assert session.scalars(select(Excusal.comment)).all() == []
    verbs = [verb for _, verb, _ in deeds(session)]
    assert verbs == ["excused", "excused", "no longer excused"]


def test_a_student_who_is_excused_twice_at_once_is_excused_once(
    database_url, session, people, school_class, midterm
):
    grace, work, place = (
        people.grace.account_id,
        midterm.id,
        enrol(session, school_class, people.ada),
    )
    facts = grace, work, place.id, "ill", LATER
    session.rollback()

    def elsewhere() -> None:
        with cast.sessions(database_url) as own:
            marking.excuse(own, *facts)

    with ThreadPoolExecutor(1) as threads, cast.sessions(database_url) as own:
        others = []

        def excuse_elsewhere(_session) -> None:
            others.append(threads.submit(elsewhere))
            wait(others, timeout=0.5)

        event.listen(own, "before_commit", excuse_elsewhere, once=True)
        marking.excuse(own, *facts)
        others[0].result()
    assert [verb for _, verb, _ in deeds(session)] == ["excused"]


def test_marks_are_released_once_and_withheld_once(session, people, midterm):
    grace, midterm_id = people.grace.account_id, midterm.id
    for moment in (NOW, LATER):
        marking.release_marks(session, grace, midterm_id, moment)
    assert session.get_one(Assignment, midterm_id).released_at == NOW
    for _ in range(2):
        marking.withhold_marks(session, grace, midterm_id, LATER)
    assert session.get_one(Assignment, midterm_id).released_at is None
    assert deeds(session) == [("grace", "released", "marks"), ("grace", "withheld", "marks")]
