"""Attempts that a teacher ends."""

from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import select

from quizapp.db.models import AuditEvent, EndedBy
from quizapp.db.queries.sitting import closed_for_everyone_at, running_attempts, work_of
from quizapp.domain.graded.timing import Window
from quizapp.operations import ending, sitting
from quizapp.operations.classes import remove_student
from quizapp.operations.sitting import Outcome
from tests.support import cast, graded
from tests.support.cast import NOW
from tests.support.classroom import enrol, make_class
from tests.support.graded import EXAM, HOUR, MINUTE, begin, make_assignment, right, save

LATER = NOW + 5 * MINUTE


@pytest.fixture
def people(session):
    cast.load(session)
    return cast.everyone(session)


@pytest.fixture
def school_class(session, people):
    return make_class(session, people.grace)


@pytest.fixture
def places(session, people, school_class):
    """Those of ada and mallory in the class, by name."""
    return {p.name: enrol(session, school_class, p).id for p in (people.ada, people.mallory)}


@pytest.fixture
def work(session, school_class, places):
    """Without a limit and without a close, so that an attempt may run for ever."""
    policy = replace(EXAM, time_limit=None)
    return make_assignment(session, school_class, policy, window=Window())


@pytest.fixture
def sat(session, people, work):
    """ada's attempt, which runs, with one right answer."""
    attempt_id = begin(session, people.ada, work)
    save(session, attempt_id, 1, right(session, attempt_id, 1))
    return attempt_id


def deeds(session) -> list[tuple[str, str, str]]:
    session.rollback()
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id))
    return [(e.actor, e.verb, e.label) for e in events if e.verb.startswith("ended")]


def test_an_attempt_that_is_ended_is_submitted_with_what_was_saved(session, people, sat):
    assert ending.end_attempt(session, people.grace.account_id, sat, LATER)
    attempt = graded.attempt(session, sat)
    assert (attempt.ended_at, attempt.ended_by) == (LATER, EndedBy.TEACHER)
    assert (attempt.credit, attempt.worth) == (1, 4)
    assert save(session, sat, 2, right(session, sat, 2), now=LATER) is Outcome.LATE


def test_the_audit_names_who_ended_it_and_once(session, people, sat):
    for _ in range(2):
        ending.end_attempt(session, people.grace.account_id, sat, LATER)
    assert deeds(session) == [("grace", "ended an attempt at", "The rivers exam")]


def test_what_the_student_submitted_stays_theirs(session, people, sat):
    graded.submit(session, sat)
    assert not ending.end_attempt(session, people.grace.account_id, sat, LATER)
    assert graded.attempt(session, sat).ended_by == EndedBy.LEARNER
    assert deeds(session) == []


def test_an_attempt_whose_time_was_over_is_none_that_a_teacher_ended(
    session, people, school_class, places
):
    sat = begin(session, people.ada, make_assignment(session, school_class))
    assert not ending.end_attempt(session, people.grace.account_id, sat, NOW + 2 * HOUR)
    attempt = graded.attempt(session, sat)
    assert (attempt.ended_at, attempt.ended_by) == (NOW + HOUR, EndedBy.TIME)
    assert deeds(session) == []


def test_a_preview_is_not_ended_by_a_teacher(session, people, work):
    grace = people.grace.account_id
    public_id = sitting.preview(session, work.id, grace, "start-key-1", Random(1), NOW)
    preview = graded.id_of(session, public_id)
    assert not ending.end_attempt(session, grace, preview, LATER)
    assert ending.end_all(session, grace, work.id, LATER) == 0
    assert graded.attempt(session, preview).ended_at is None


def test_all_that_run_are_ended_those_of_removed_students_too(session, people, work, places, sat):
    other = begin(session, people.mallory, work)
    remove_student(session, people.grace.account_id, places["mallory"], NOW)
    assert running_attempts(session, work.id) == 2
    assert ending.end_all(session, people.grace.account_id, work.id, LATER) == 2
    assert running_attempts(session, work.id) == 0
    assert {graded.attempt(session, each).ended_by for each in (sat, other)} == {EndedBy.TEACHER}
    assert ending.end_all(session, people.grace.account_id, work.id, LATER) == 0
    assert deeds(session) == [("grace", "ended the running attempts at", "The rivers exam")]


def test_attempts_at_other_work_run_on(session, people, school_class, work, sat):
    other = begin(session, people.ada, make_assignment(session, school_class))
    ending.end_all(session, people.grace.account_id, work.id, LATER)
    assert graded.attempt(session, other).ended_at is None


def test_an_attempt_without_an_end_holds_up_the_close_until_it_is_ended(session, people, work, sat):
    work.closes_at = LATER
    session.commit()
    assert closed_for_everyone_at(session, work_of(session, work.id)) is None
    ending.end_all(session, people.grace.account_id, work.id, LATER)
    assert closed_for_everyone_at(session, work_of(session, work.id)) == LATER
