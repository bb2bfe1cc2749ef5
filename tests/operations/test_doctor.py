import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import create_engine, event, select, text, update
from sqlalchemy.orm import Session

from quizapp.db.models import (
    Accommodation,
    Assignment,
    AssignmentTally,
    Attempt,
    Choice,
    Enrolment,
    FileVersion,
    Item,
    ItemTally,
    Mode,
    Override,
    QuestionFile,
    QuestionVersion,
    Regrade,
    Response,
    SavedAnswer,
)
from quizapp.domain.graded.policy import Policy
from quizapp.domain.graded.regrading import Ruling
from quizapp.domain.graded.timing import Accommodation as Granted
from quizapp.operations import assignments, marking, regrading, sitting
from quizapp.operations.classes import rename_student
from quizapp.operations.doctor import MENDABLE, MENDS, Kind, examine, mend
from quizapp.operations.regrading import Plan
from tests.support import cast, classroom, graded
from tests.support.cast import NOW, Cast, sessions
from tests.support.graded import HOMEWORK, MINUTE, PRACTICE

LATER = NOW + timedelta(minutes=5)
LONG_AFTER = NOW + timedelta(days=30)
EXAM = graded.EXAM


@dataclass(frozen=True)
class Filled:
    """A session on the shared database, who is in it, and ids of what is in it."""

    session: Session
    people: Cast
    ids: dict[str, int]


@pytest.fixture(scope="module")
def filled(databases) -> Iterator[Filled]:
    """A database in which everybody has done something, shared by all tests: what they do to it
    they take back, or have it mended."""
    with databases.fresh() as url, sessions(url) as session:
        cast.load(session)
        people = cast.everyone(session)
        yield Filled(session, people, fill(session, people))


def fill(session, people) -> dict[str, int]:
    """Practice, graded work of each kind, decisions about it, and attempts that are open."""
    school_class = classroom.make_class(session, people.grace)
    for person in (people.ada, people.mallory):
        classroom.enrol(session, school_class, person)
    enrolment = classroom.enrol(session, school_class, people.ada)
    practise(session, people.ada)
    exam = graded.make_assignment(session, school_class, EXAM)
    homework = graded.make_assignment(session, school_class, HOMEWORK, title="Homework")
    drill = graded.make_assignment(session, school_class, PRACTICE, title="Drill")
    sure = graded.make_assignment(
        session, school_class, Policy(certainty_marking=True), title="Sure"
    )
    graded.grant(session, enrolment.id, exam.id, time_percent=150, extra_attempts=1)
    for assignment in (exam.id, homework.id, sure.id):
        for person in (people.ada, people.mallory):
            sit(session, person, assignment)
    sit(session, people.ada, homework.id, "again")
    drilled = graded.begin(session, people.ada, drill)
    for position in (1, 2, 3):
        graded.check(session, drilled, position, graded.wrong(session, drilled, position))
    graded.check(session, drilled, 1, graded.right(session, drilled, 1), tries=1)
    graded.submit(session, drilled, LATER)
    graded.begin(session, people.mallory, drill)  # stays open, and drills have no deadline
    decide(session, people, exam)
    session.commit()
    return {"class": school_class.id, "exam": exam.id, "homework": homework.id, "drill": drill.id}


def practise(session, person) -> None:
    attempt = cast.begin(session, person)
    cast.answer(session, person, attempt, 1)
    cast.answer(session, person, attempt, 2, frozenset({0}), certainty=3)


def sit(session, person, assignment_id: int, start_key: str = "start-key-1") -> int:
    """Answer two of the questions and hand in."""
    attempt = graded.begin(session, person, assignment_id, start_key)
    graded.save(session, attempt, 1, graded.right(session, attempt, 1), certainty=2)
    graded.save(session, attempt, 2, graded.wrong(session, attempt, 2), certainty=3)
    sitting.see(session, attempt, 3, NOW)
    graded.submit(session, attempt, LATER)
    return attempt


def decide(session, people, exam) -> None:
    item = session.scalars(
        select(Item).join(Attempt).where(Attempt.assignment_id == exam.id, Item.position == 1)
    ).first()
    grace = people.grace.account_id
    marking.override_mark(session, grace, item.id, Fraction(1, 2), "a case apart", LATER)
    version = session.scalars(
        select(Item.version_id)
        .join(Attempt)
        .where(Attempt.assignment_id == exam.id, Item.position == 2)
        .order_by(Attempt.id)
    ).first()
    plan = Plan(exam.id, version, Ruling.REGRADE, frozenset({0, 1, 2}))
    digest = regrading.preview(session, EXAM, plan).digest
    regrading.apply(session, grace, plan, "both are right", digest, LATER)


@pytest.fixture
def session(filled) -> Iterator[Session]:
    yield filled.session
    filled.session.rollback()


def kinds(session: Session, now=LATER) -> set[Kind]:
    return {symptom.kind for symptom in examine(session, now)}


def a_graded_attempt(session) -> int:
    return session.scalars(
        select(Attempt.id)
        .where(Attempt.mode == Mode.GRADED, Attempt.ended_at.is_not(None))
        .order_by(Attempt.id)
    ).first()


def an_answered_item(session, mode=Mode.GRADED) -> int:
    return session.scalars(
        select(Response.item_id)
        .join(Item, Item.id == Response.item_id)
        .join(Attempt, Attempt.id == Item.attempt_id)
        .where(Attempt.mode == mode)
        .order_by(Response.item_id)
    ).first()


def spoil_practice_tally(session, ids):
    session.execute(update(QuestionVersion).values(responses=QuestionVersion.responses + 1))


def spoil_choice_tally(session, ids):
    session.execute(update(Choice).values(chosen=Choice.chosen + 2))


def spoil_answer_count(session, ids):
    attempt = session.get_one(Attempt, a_graded_attempt(session))
    session.execute(update(Attempt).where(Attempt.id == attempt.id).values(answered=0))


def spoil_practice_credit(session, ids):
    session.execute(update(Attempt).where(Attempt.mode == Mode.PRACTICE).values(credit=3))


def spoil_marks_string(session, ids):
    attempt = session.get_one(Attempt, a_graded_attempt(session))
    session.execute(
        update(Attempt).where(Attempt.id == attempt.id).values(marks="-" * attempt.size)
    )


def spoil_item_credit(session, ids):
    session.execute(
        update(Item).where(Item.id == an_answered_item(session)).values(credit=Fraction(1, 3))
    )


def spoil_worth(session, ids):
    session.execute(update(Attempt).where(Attempt.id == a_graded_attempt(session)).values(worth=9))


def leave_unsettled(session, ids):
    session.execute(
        update(Attempt).where(Attempt.id == a_graded_attempt(session)).values(worth=None)
    )


def rule_otherwise(session, ids):
    session.execute(update(Regrade).values(ruling=Ruling.IGNORE.value, keys=None))


def spoil_item_tally(session, ids):
    row = session.scalars(select(ItemTally).where(ItemTally.scope == "class")).first()
    row.tally = {**row.tally, "skipped": row.tally["skipped"] + 1}


def spoil_quiz_tally(session, ids):
    row = session.scalars(select(AssignmentTally)).first()
    row.tally = {**row.tally, "score_sum": "1/3"}


def choose_what_is_not_there(session, ids):
    session.execute(
        update(Response).where(Response.item_id == an_answered_item(session)).values(chosen="ax")
    )


def spoil_earned(session, ids):
    session.execute(
        update(Response)
        .where(Response.item_id == an_answered_item(session, Mode.PRACTICE))
        .values(credit=Fraction(1, 4))
    )


def submit_late(session, ids):
    attempt = session.get_one(Attempt, a_graded_attempt(session))
    attempt.ended_at = attempt.deadline + MINUTE


def leave_open(session, ids):
    session.execute(
        update(Attempt)
        .where(Attempt.mode == Mode.GRADED, Attempt.ended_at.is_(None))
        .values(deadline=NOW - timedelta(days=1), started_at=NOW - timedelta(days=2))
    )


def skip_a_number(session, ids):
    session.execute(update(Attempt).where(Attempt.number == 2).values(number=5))


def allow_fewer_attempts(session, ids):
    homework = session.get_one(Assignment, ids["homework"])
    homework.policy = {**homework.policy, "attempts_allowed": 1}


def spoil_choice_order(session, ids):
    session.execute(
        update(Item).where(Item.id == an_answered_item(session)).values(choice_order="aab")
    )


def take_away_the_live_version(session, ids):
    version = session.scalars(select(QuestionVersion)).first()
    version.is_current = False


def keep_an_answer_too_late(session, ids):
    session.execute(
        update(SavedAnswer)
        .where(SavedAnswer.attempt_id == a_graded_attempt(session))
        .values(received_at=LATER + timedelta(days=2))
    )


def lose_an_enrolment(session, ids):
    session.query(Accommodation).delete()
    session.query(Enrolment).where(Enrolment.name == "mallory").delete()


def regrade_by_strange_keys(session, ids):
    session.execute(update(Regrade).values(ruling=Ruling.REGRADE.value, keys="kl"))


def grant_too_much(session, ids):
    session.execute(update(Accommodation).values(extra_attempts=5000))


def lose_the_keys_of_a_version(session, ids):
    asked = select(Item.version_id).where(Item.id == an_answered_item(session))
    session.execute(update(Choice).where(Choice.version_id.in_(asked)).values(is_key=False))


def change_a_file(session, ids):
    session.execute(update(QuestionFile).values(digest="0" * 64))


def change_what_a_file_said(session, ids):
    session.execute(update(FileVersion).values(content=b"something else"))


def decide_too_much(session, ids):
    session.execute(update(Override).values(credit=Fraction(7)))


def garble_a_policy(session, ids):
    exam = session.get_one(Assignment, ids["exam"])
    exam.policy = {"no such": "thing"}


def tell_a_wrong_verdict(session, ids):
    drilled = select(Attempt).where(Attempt.assignment_id == ids["drill"], Attempt.marks != "s---")
    attempt = session.scalars(drilled.order_by(Attempt.id)).first()
    attempt.marks = attempt.marks.replace("w", "r")


def garble_marks(session, ids):
    attempt = session.get_one(Attempt, a_graded_attempt(session))
    attempt.marks = "?" * attempt.size


def decide_about_practice(session, ids):
    item = an_answered_item(session, Mode.PRACTICE)
    session.add(Override(item_id=item, credit=Fraction(1), comment="", decided_at=NOW))


DAMAGE = {
    spoil_practice_tally: Kind.PRACTICE,
    spoil_choice_tally: Kind.PRACTICE,
    spoil_answer_count: Kind.ATTEMPTS,
    spoil_practice_credit: Kind.ATTEMPTS,
    spoil_marks_string: Kind.ATTEMPTS,
    spoil_item_credit: Kind.MARKS,
    spoil_worth: Kind.MARKS,
    leave_unsettled: Kind.MARKS,
    rule_otherwise: Kind.MARKS,
    spoil_item_tally: Kind.TALLIES,
    spoil_quiz_tally: Kind.TALLIES,
    choose_what_is_not_there: Kind.RESPONSES,
    spoil_earned: Kind.RESPONSES,
    submit_late: Kind.DEADLINES,
    leave_open: Kind.OVERDUE,
    skip_a_number: Kind.NUMBERS,
    allow_fewer_attempts: Kind.NUMBERS,
    spoil_choice_order: Kind.CHOICE_ORDERS,
    take_away_the_live_version: Kind.VERSIONS,
    lose_the_keys_of_a_version: Kind.VERSIONS,
    keep_an_answer_too_late: Kind.SAVED,
    lose_an_enrolment: Kind.ENROLMENTS,
    regrade_by_strange_keys: Kind.REGRADES,
    grant_too_much: Kind.ACCOMMODATIONS,
    change_a_file: Kind.FILES,
    change_what_a_file_said: Kind.FILES,
    decide_too_much: Kind.OVERRIDES,
    garble_a_policy: Kind.SETTINGS,
    tell_a_wrong_verdict: Kind.ATTEMPTS,
    garble_marks: Kind.ATTEMPTS,
    decide_about_practice: Kind.OVERRIDES,
}


def test_a_sound_database_has_no_symptoms(session, filled):
    assert examine(session, LATER) == []


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_damage_is_found_for_what_it_is_and_mended_where_that_can_be(session, filled, damage):
    damage(session, filled.ids)
    session.flush()
    found = examine(session, LATER)
    assert {symptom.kind for symptom in found} == {DAMAGE[damage]}, found
    assert all(symptom.where and symptom.what for symptom in found)
    if DAMAGE[damage] in MENDABLE:
        session.commit()
        assert mend(session, LATER) == []


# PostgreSQL does not let it come to this.
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_rows_that_point_nowhere_are_found_on_sqlite(session, filled):
    session.rollback()
    with create_engine(session.get_bind().url).connect() as careless:  # without our pragmas
        careless.execute(text("UPDATE enrolment SET class_id = class_id + 1000"))
        careless.commit()
        assert Kind.ORPHANS in kinds(session)
        careless.execute(text("UPDATE enrolment SET class_id = class_id - 1000"))
        careless.commit()


def test_every_kind_has_a_mend():
    assert MENDS.keys() == set(Kind)


def test_an_attempt_just_over_its_time_is_no_symptom(session, filled):
    graded.begin(session, filled.people.mallory, filled.ids["drill"], "another start")
    session.execute(
        update(Attempt)
        .where(Attempt.mode == Mode.GRADED, Attempt.ended_at.is_(None))
        .values(deadline=LATER - MINUTE)
    )
    assert examine(session, LATER) == []
    assert kinds(session, LONG_AFTER) == {Kind.OVERDUE}


def test_extra_attempts_taken_back_after_their_use_are_no_symptom(session, filled):
    people, grace = filled.people, filled.people.grace.account_id
    exam = session.get_one(Assignment, filled.ids["exam"])
    enrolment = session.scalars(select(Enrolment).where(Enrolment.name == "ada")).one()
    given = Granted(time_percent=200, extra_attempts=1)
    assignments.grant(session, grace, enrolment.id, exam.id, given, LATER)
    sit(session, people.ada, filled.ids["exam"], "a second time")
    assignments.withdraw_grant(session, grace, enrolment.id, filled.ids["exam"], LATER)
    assert examine(session, LATER) == []
    rename_student(session, grace, enrolment.id, "ada l.", LATER)
    assert examine(session, LATER) == []
    rename_student(session, grace, enrolment.id, "ada", LATER)
    # All tests here share what is filled, and others need a grant to damage.
    assignments.grant(session, grace, enrolment.id, filled.ids["exam"], given, LATER)


def test_an_answer_that_comes_during_the_mend_stays(session, filled, databases):
    mallory, drill = filled.people.mallory, filled.ids["drill"]
    attempt = graded.begin(session, mallory, drill, "before the mend")
    session.get_one(Attempt, attempt).answered = 3
    session.commit()
    url = session.get_bind().url.render_as_string(hide_password=False)

    def answer(_session, _transaction) -> None:
        with sessions(url) as own:
            graded.save(own, attempt, 1, frozenset({1}))

    event.listen(session, "after_soft_rollback", answer, once=True)
    assert mend(session, LATER) == []
    assert graded.kept(session, attempt)[1][0] == {1}
    assert graded.attempt(session, attempt).answered == 1
    # All tests here share what is filled, and others need an attempt that is open and empty.
    graded.submit(session, attempt, LATER)
    graded.begin(session, mallory, drill, "after the mend")


def test_symptoms_are_told_in_words(session, filled):
    spoil_worth(session, filled.ids)
    (symptom,) = examine(session, LATER)
    assert symptom.where.startswith("attempt ")
    assert "of 9, where its items come to" in symptom.what
    assert json.dumps(MENDS[symptom.kind])
