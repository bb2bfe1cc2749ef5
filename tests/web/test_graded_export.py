"""Graded work in the download of one's own data: what was answered, and no more of its results
than the pages show."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from quizapp.db.models import Assignment, Enrolment
from quizapp.domain.graded.timing import Window
from tests.support.cast import NOW
from tests.support.classroom import make_class
from tests.support.graded import EXAM, HOMEWORK, make_assignment, review

CLOSES = NOW + timedelta(hours=2)
TELLING = replace(EXAM, review=review(closed="marks correctness key"), shuffle_questions=False)
MARKS_ONLY = replace(TELLING, review=review(submitted="marks"))


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def school_class(session, people):
    return make_class(session, people.grace, students=[people.ada])


@pytest.fixture
def ada(browser_of, people, school_class):
    return browser_of(people.ada)


@pytest.fixture
def begin(session, school_class, ada):
    """Begin an assignment of this policy and answer its first question: the attempt's address."""

    def begun(policy=TELLING, **more) -> str:
        window = Window(None, None, CLOSES)
        work = make_assignment(session, school_class, policy, window=window, **more)
        form = {"start_key": "start-key-1", "agreed": "y"}
        attempt = ada.post(f"/assignments/{work.public_id}/attempts", form).location
        ada.get(f"{attempt}/1")
        ada.post(f"{attempt}/1/answers", {"choice": "0", "shown": ""})
        return attempt

    return begun


def told(browser) -> dict:
    (attempt,) = browser.get("/account/data").json["graded_attempts"]
    return attempt


def results(attempt: dict) -> list[tuple]:
    return [(item["result"], item["marks"], item["keys"]) for item in attempt["items"]]


def test_what_was_answered_is_told_while_the_attempt_runs_and_nothing_of_its_result(ada, begin):
    begin(replace(TELLING, review=review(answered="marks correctness key")))
    attempt = told(ada)
    assert attempt["class"] == "Seminar B"
    assert (attempt["ended_at"], attempt["marks"], attempt["out_of"]) == (None, None, None)
    first, *_, last = attempt["items"]
    assert len(first["response"]["chosen"]) == 1
    assert first["question"]
    assert (last["response"], last["question"]) == (None, None)
    assert set(results(attempt)) == {(None, None, None)}


def test_results_are_told_when_the_policy_shows_them(ada, begin, clock):
    attempt = begin()
    ada.post(f"{attempt}/submission")
    before = told(ada)
    assert before["ended_at"] is not None
    assert before["marks"] is None
    assert set(results(before)) == {(None, None, None)}

    clock.move_to(CLOSES + timedelta(minutes=1))
    after = told(ada)
    assert after["out_of"] == len(after["items"])
    assert after["marks"] == sum(item["marks"] for item in after["items"])
    first, *others = after["items"]
    is_right = first["response"]["chosen"] == first["keys"]
    assert first["result"] in ({"right"} if is_right else {"missed", "partly"})
    assert {item["result"] for item in others} == {"skipped"}
    assert all(item["question"] and item["keys"] for item in after["items"])


def test_marks_may_be_told_without_the_keys(ada, begin):
    ada.post(f"{begin(MARKS_ONLY)}/submission")
    attempt = told(ada)
    assert attempt["marks"] is not None
    assert {(result, keys) for result, _, keys in results(attempt)} == {(None, None)}


def test_marks_that_are_held_are_not_told_before_their_release(session, ada, begin):
    ada.post(f"{begin(MARKS_ONLY, holds_marks=True)}/submission")
    assert told(ada)["marks"] is None
    session.rollback()
    session.scalars(select(Assignment)).one().released_at = NOW
    session.commit()
    assert told(ada)["marks"] is not None


def test_who_was_removed_from_the_class_keeps_what_they_answered_alone(session, people, ada, begin):
    ada.post(f"{begin(MARKS_ONLY)}/submission")
    session.rollback()
    session.scalars(select(Enrolment)).one().removed_at = NOW
    session.commit()
    attempt = told(ada)
    assert attempt["marks"] is None
    assert attempt["items"][0]["response"]["chosen"]


def test_nobody_elses_graded_work_is_told(browser_of, people, begin):
    begin(HOMEWORK)
    assert browser_of(people.mallory).get("/account/data").json["graded_attempts"] == []
