"""A teacher ends attempts: asked first, told what became of it, and the student reads it."""

from dataclasses import replace

import pytest
from sqlalchemy import delete

from quizapp.db.models import ClassTeacher, EndedBy, Role
from quizapp.db.transactions import writing
from quizapp.domain.graded.timing import Window
from quizapp.operations.accounts import delete_account, set_role
from tests.support import graded
from tests.support.browsing import Browser
from tests.support.cast import NOW
from tests.support.classroom import enrol, make_class
from tests.support.graded import EXAM, begin, make_assignment


@pytest.fixture
def work(session, people):
    school_class = make_class(session, people.grace)
    enrol(session, school_class, people.ada)
    return make_assignment(
        session, school_class, replace(EXAM, time_limit=None), window=Window(), public_id="essay"
    )


@pytest.fixture
def sat(session, people, work):
    return graded.attempt(session, begin(session, people.ada, work)).public_id


@pytest.fixture
def grace(app, people) -> Browser:
    return Browser(app, people.grace)


@pytest.fixture
def ada(app, people) -> Browser:
    return Browser(app, people.ada)


def ended_by(session, public_id: str) -> str | None:
    return graded.attempt(session, graded.id_of(session, public_id)).ended_by


def test_a_teacher_comes_from_the_attempt_to_its_ending_and_back(session, grace, ada, sat):
    ending = f"/teach/attempts/{sat}/ending"
    assert ending in grace.get(f"/teach/attempts/{sat}").text
    asked = grace.get(ending)
    assert "0 of 4 questions answered" in asked.text
    assert ended_by(session, sat) is None
    told = grace.get(grace.post(ending).location)
    assert "submitted with what was saved" in told.text
    assert ending not in told.text
    assert ended_by(session, sat) == EndedBy.TEACHER
    assert "Your teacher ended this attempt" in ada.get(f"/graded/{sat}/result").text
    assert "(ended by your teacher)" in ada.get("/assignments/essay").text


def test_what_is_over_is_said_to_be_over(grace, sat):
    ending = f"/teach/attempts/{sat}/ending"
    grace.post(ending)
    assert "This attempt is over" in grace.get(ending).text
    assert "over already" in grace.get(grace.post(ending).location).text


def test_all_that_run_are_ended_from_the_page_of_the_assignment(session, grace, sat):
    ending = "/teach/assignments/essay/ending"
    assert ending in grace.get("/teach/assignments/essay").text
    assert "It stays open" in grace.get(ending).text
    told = grace.get(grace.post(ending).location)
    assert "1 attempt is submitted" in told.text
    assert "grace ended the running attempts at it" in told.text
    assert ending not in told.text
    assert "No attempt is running" in grace.get(ending).text
    assert ended_by(session, sat) == EndedBy.TEACHER


@pytest.mark.parametrize("loss", ["class", "role"])
def test_who_teaches_no_longer_sees_no_preview_and_makes_none(session, grace, people, work, loss):
    exam = grace.post("/assignments/essay/preview", {"start_key": "start-key-1"}).location
    assert grace.get(exam).status_code == 303
    if loss == "role":
        set_role(session, "grace", Role.LEARNER, NOW)
    else:
        with writing(session) as connection:
            connection.execute(delete(ClassTeacher))
    assert grace.get(exam).status_code == 404
    assert grace.post("/assignments/essay/preview").status_code == 404


def test_the_name_of_who_left_stays_in_no_deed(session, grace, people, sat):
    grace.post(f"/teach/attempts/{sat}/ending")
    assert "that of ada" in grace.get("/teach/assignments/essay").text
    delete_account(session, people.ada.account_id)
    assert "that of a student who left" in grace.get("/teach/assignments/essay").text
    assert ">ada<" not in grace.get("/teach/audit").text
    assert "student: ada" not in grace.get("/teach/audit").text


def test_a_preview_has_no_ending_of_this_kind(grace, work):
    exam = grace.post("/assignments/essay/preview", {"start_key": "start-key-1"}).location
    public_id = exam.rsplit("/", 1)[1]
    assert grace.get(f"/teach/attempts/{public_id}/ending").status_code == 404
    assert "/ending" not in grace.get(f"/teach/attempts/{public_id}").text
