"""Taking graded work in a browser without JavaScript, and what the script sends."""

import re
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from html import unescape
from random import Random
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select, update

from quizapp.db.models import Attempt, Item, Response, SavedAnswer
from quizapp.domain.graded.policy import Layout, Policy
from quizapp.domain.graded.regrading import Ruling
from quizapp.domain.graded.timing import Window
from quizapp.operations import regrading, sitting
from quizapp.operations.assignments import archive
from quizapp.operations.classes import archive_class, remove_student
from quizapp.web.graded import decimal
from tests.support import graded
from tests.support.browsing import Browser, choices_in, stem_of
from tests.support.cast import NOW, guest
from tests.support.classroom import enrol, make_class
from tests.support.graded import EXAM, HOMEWORK, HOUR, MINUTE, PRACTICE, make_assignment, review

IN_ORDER = {"shuffle_questions": False, "shuffle_choices": False}
PLAIN = replace(EXAM, **IN_ORDER)
KEYS = [{"At its spring"}, {"A delta", "A bank"}, {"The slope"}, {"The Don"}]
TOLD = "EXPLANATION"


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
def give(session, school_class):
    """Make an assignment with this policy and return its address."""

    def make(policy: Policy = PLAIN, **more) -> str:
        return f"/assignments/{make_assignment(session, school_class, policy, **more).public_id}"

    return make


def read(session, statement):
    """The one thing asked for, as the database has it now."""
    session.rollback()
    return session.scalar(statement)


def change(session, table, row_id: int, **values) -> None:
    """Set columns of a row."""
    session.rollback()
    session.execute(update(table).where(table.id == row_id).values(**values))
    session.commit()


def start(browser: Browser, address: str, key: str = "start-key-1") -> str:
    """Start an attempt: its address."""
    response = browser.post(f"{address}/attempts", {"start_key": key, "agreed": "y"})
    assert response.status_code == 303, response.text
    return response.location


def places(browser: Browser, page: str, texts: set[str]) -> list[str]:
    found = [place for place, text in choices_in(browser.get(page)) if text in texts]
    assert len(found) == len(texts)
    return found


def answer(browser: Browser, attempt: str, position: int, texts: set[str], **more):
    """Pick these choices on the question's page and send it."""
    page = f"{attempt}/{position}"
    chosen = places(browser, page, texts)
    return browser.post(f"{page}/answers", {"choice": chosen, "shown": "", **more})


def answer_all(browser: Browser, attempt: str) -> None:
    for position, texts in enumerate(KEYS, start=1):
        answer(browser, attempt, position, texts)


def submit(browser: Browser, attempt: str):
    response = browser.post(f"{attempt}/submission")
    assert (response.status_code, response.location) == (303, f"{attempt}/result")
    return browser.get(response.location)


def kept(session, attempt: str) -> dict[int, str]:
    """The letters of the choices that are kept, by position."""
    session.rollback()
    rows = session.execute(
        select(Item.position, Response.chosen)
        .join(Response, Response.item_id == Item.id)
        .join(Attempt, Attempt.id == Item.attempt_id)
        .where(Attempt.public_id == attempt.rpartition("/")[2])
    )
    return {row[0]: row[1] for row in rows}


def words(page) -> str:
    """What a page says, without markup."""
    main = re.search(r"<main.*?</main>", page.text, re.DOTALL)
    assert main is not None
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main[0])).split())


# The page before


def test_the_assignment_says_what_is_asked(ada, give):
    said = words(ada.get(give()))
    for part in ("Work alone.", "Questions 4", "Time 60 min", "1 of 1 left", "Closes", "50 %"):
        assert part in said


def test_the_date_that_is_later_is_said_to_be(session, ada, give):
    address = give(window=Window(None, NOW + HOUR, NOW + 2 * HOUR))
    place = session.scalar(select(graded.models.Enrolment.id))
    graded.grant(session, place, _ids(session)[0], closes_at=NOW + 3 * HOUR)
    said = words(ada.get(address))
    assert re.search(r"Due 1 March 2026, 10:00 UTC Closes .*12:00 UTC \(extended for you\)", said)


def test_extra_time_and_attempts_are_shown_with_what_others_have(session, ada, give):
    address = give()
    assignment, enrolment = _ids(session)
    graded.grant(session, enrolment, assignment, time_percent=200, extra_attempts=1)
    said = words(ada.get(address))
    assert "120 min (extended from 60)" in said
    assert "2 of 2 left (extended from 1)" in said


def _ids(session) -> tuple[int, int]:
    assignment = read(session, select(func.max(graded.Assignment.id)))
    return assignment, read(session, select(graded.models.Enrolment.id))


def test_a_timed_attempt_is_not_started_without_saying_so(session, ada, give):
    address = give()
    response = ada.post(f"{address}/attempts", {"start_key": "start-key-1"})
    assert response.status_code == 422
    assert "the time runs from then on" in words(response)
    assert read(session, select(func.count(Attempt.id))) == 0


def test_an_untimed_attempt_is_started_by_one_button(ada, give):
    response = ada.post(f"{give(HOMEWORK)}/attempts", {"start_key": "start-key-1"})
    assert response.status_code == 303


@pytest.mark.parametrize(
    ("window", "said"),
    [
        (Window(NOW + HOUR, None, None), "It has not opened yet"),
        (Window(None, None, NOW - HOUR), "It is closed"),
    ],
)
def test_outside_its_window_nothing_is_started(ada, give, window, said):
    address = give(window=window)
    assert said in words(ada.get(address))
    response = ada.post(f"{address}/attempts", {"start_key": "start-key-1", "agreed": "y"})
    assert response.status_code == 409
    assert said in words(response)


def test_a_guest_of_the_class_takes_it_as_well(session, app, school_class, give):
    person = guest(session)
    enrol(session, school_class, person, "Noor")
    browser = Browser(app, person)
    attempt = start(browser, give())
    answer_all(browser, attempt)
    assert "4 of 4 questions answered" in words(submit(browser, attempt))


def test_a_preview_is_for_who_teaches_and_counts_for_nothing(
    session, browser_of, people, ada, give
):
    address = give(published_at=None)
    grace = browser_of(people.grace)
    attempt = grace.post(f"{address}/preview").location
    answer(grace, f"{attempt}", 1, KEYS[0])
    said = words(submit(grace, attempt))
    assert "1 of 4 marks" in said
    assert TOLD in said
    assert read(session, select(Attempt.number)) is None
    assert ada.post(f"{address}/preview").status_code == 404


# Questions and answers


def test_an_exam_is_taken_question_by_question_and_submitted(session, ada, give):
    attempt = start(ada, give())
    page = ada.get(attempt)
    assert page.location == f"{attempt}/1"
    assert stem_of(ada.get(page.location)) == "Where does a river begin?"
    for position, texts in enumerate(KEYS, start=1):
        onward = answer(ada, attempt, position, texts).location
        assert onward == (f"{attempt}/{position + 1}" if position < 4 else f"{attempt}/review")
    assert "All questions are answered" in words(ada.get(f"{attempt}/review"))
    said = words(submit(ada, attempt))
    assert "4 of 4 questions answered" in said
    row = read(session, select(Attempt))
    assert (row.credit, row.worth, row.answered) == (4, 4, 4)


def test_the_review_lists_what_is_not_answered(ada, give):
    attempt = start(ada, give())
    answer(ada, attempt, 2, KEYS[1])
    said = words(ada.get(f"{attempt}/review"))
    assert "3 questions are not answered" in said
    assert "Question 1 not answered" in said
    assert "Question 2 answered" in said
    assert "Question 4 not seen yet" in said


def test_the_buttons_with_numbers_save_first_and_go_there(session, ada, give):
    attempt = start(ada, give())
    assert answer(ada, attempt, 1, KEYS[0], to="3").location == f"{attempt}/3"
    assert answer(ada, attempt, 3, KEYS[2], to="review").location == f"{attempt}/review"
    assert kept(session, attempt) == {1: "a", 3: "b"}
    assert "Question 1, answered" in ada.get(f"{attempt}/3").text


@pytest.mark.parametrize("to", ["review", "4"])
def test_a_question_that_was_passed_over_by_a_leap_was_not_seen(ada, give, to):
    attempt = start(ada, give())
    ada.get(answer(ada, attempt, 1, KEYS[0], to=to).location)
    assert "Question 2 not seen yet" in words(ada.get(f"{attempt}/review"))


def test_on_one_page_the_problem_of_an_answer_leads_to_its_own_question(ada, give):
    attempt = start(ada, give(replace(PRACTICE, layout=Layout.ALL, **IN_ORDER)))
    page = ada.get(attempt).text
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    refused = ada.post(f"{attempt}/3/check", {"tries": "0"}).text
    problem = re.search(r'<a href="#([^"]+)">Choose an answer', refused)
    assert problem is not None
    question = refused.partition(f'id="{problem[1]}"')[0].rpartition("data-question=")[2]
    assert question.startswith('"3"')


def test_an_answer_is_changed_and_taken_back(session, ada, give):
    attempt = start(ada, give())
    answer(ada, attempt, 1, {"At its spring"})
    answer(ada, attempt, 1, {"At its bank"})
    assert kept(session, attempt) == {1: "c"}
    back = ada.post(f"{attempt}/1/answers", {"shown": "2", "choice": "2", "to": "clear"})
    assert back.location == f"{attempt}/1"
    assert kept(session, attempt) == {}
    assert choices_in(ada.get(back.location))


def test_one_resumes_where_one_left_off_on_another_device(app, people, ada, give):
    attempt = start(ada, give())
    answer(ada, attempt, 1, KEYS[0])
    ada.get(f"{attempt}/2")
    elsewhere = Browser(app, people.ada)
    assert elsewhere.get(attempt).location == f"{attempt}/2"
    page = elsewhere.get(f"{attempt}/1").text
    assert re.search(r'value="0" checked', page)


def test_a_page_that_was_not_changed_does_not_overwrite_what_another_tab_saved(session, ada, give):
    attempt = start(ada, give())
    ada.get(f"{attempt}/1")
    answer(ada, attempt, 1, {"At its bank"})  # in another tab
    ada.post(f"{attempt}/1/answers", {"shown": ""})
    assert kept(session, attempt) == {1: "c"}


@pytest.mark.parametrize("choice", [["99"], ["-1"], ["0", "1"]])
def test_what_is_no_answer_is_refused_with_the_reason(session, ada, give, choice):
    attempt = start(ada, give())
    response = ada.post(f"{attempt}/1/answers", {"choice": choice, "shown": ""})
    assert response.status_code == 422
    assert "Choose" in words(response)
    assert kept(session, attempt) == {}


def test_unexpected_fields_change_nothing(session, ada, give):
    address = give()
    extra = {
        "mode": "preview",
        "number": "7",
        "deadline": "2030-01-01",
        "credit": "9",
        "account_id": "1",
        "account": "1",
        "tries": "0",
        "worth": "9",
        "item_id": "1",
        "attempt_id": "1",
        "answered_at": "2020-01-01",
        "certainty": "3",
        "age_ms": "999999",
        "ended_at": "2020-01-01",
    }
    form = {"start_key": "start-key-1", "agreed": "y", **extra}
    attempt = ada.post(f"{address}/attempts", form).location
    answer(ada, attempt, 1, KEYS[0], **extra)
    ada.post(f"{attempt}/submission", extra)
    row = read(session, select(Attempt))
    assert (row.mode, row.number, row.deadline) == ("graded", 1, NOW + HOUR)
    assert (row.credit, row.worth, row.ended_at, row.ended_by) == (1, 4, NOW, "learner")
    saved = read(session, select(Response))
    assert (saved.certainty, saved.tries, saved.answered_at) == (None, 1, NOW)


def test_there_is_no_going_back_where_the_policy_has_none(session, ada, give):
    attempt = start(ada, give(replace(PLAIN, may_go_back=False)))
    assert ada.get(f"{attempt}/2").location == attempt
    answer(ada, attempt, 1, KEYS[0])
    assert ada.get(f"{attempt}/1").location == attempt
    assert ada.get(attempt).location == f"{attempt}/2"
    response = ada.post(f"{attempt}/1/answers", {"choice": "1", "shown": "0"})
    assert "takes no more answers" in words(ada.get(response.location))
    assert kept(session, attempt) == {1: "a"}
    assert 'name="to" value="1"' not in ada.get(f"{attempt}/2").text


def test_all_questions_can_be_on_one_page(session, ada, give):
    attempt = start(ada, give(replace(PLAIN, layout=Layout.ALL)))
    page = ada.get(attempt)
    assert page.text.count("<fieldset") >= 4
    form = {f"shown-{n}": "" for n in range(1, 5)}
    form |= {"choice-1": "0", "choice-2": ["0", "1"], "choice-4": "1"}
    assert ada.post(f"{attempt}/answers", form).location == attempt
    assert kept(session, attempt) == {1: "a", 2: "ab", 4: "b"}
    assert ada.get(f"{attempt}/3").location == f"{attempt}#question-3"
    response = ada.post(f"{attempt}/answers", {"shown-1": "0", "choice-1": ["0", "1"]})
    assert response.status_code == 422
    assert "Question 1: This question takes one answer" in words(response)


def test_certainty_is_asked_only_where_it_earns_something(session, ada, give):
    assert "How sure are you" not in words(ada.get(start(ada, give(), "first-key") + "/1"))
    attempt = start(ada, give(replace(PLAIN, certainty_marking=True), title="Sure"), "second-key")
    assert "How sure are you" in words(ada.get(f"{attempt}/1"))
    answer(ada, attempt, 1, KEYS[0], certainty="3")
    assert read(session, select(Response.certainty)) == 3


# What a script sends


def saves(browser: Browser, attempt: str, *entries, token: str | None = None):
    headers = {"X-CSRFToken": browser.token() if token is None else token}
    return browser.client.post(f"{attempt}/saves", json={"answers": list(entries)}, headers=headers)


def told_of(browser: Browser, attempt: str, *entries) -> dict[str, Any]:
    """What a script is told of answers that it sends."""
    told = saves(browser, attempt, *entries).json
    assert told is not None
    return told


def entry(position: int = 1, choices=(0,), key: str = "a-browser-key", **more):
    return {"position": position, "choices": list(choices), "key": key, **more}


def test_answers_are_saved_in_a_batch_each_once(session, ada, give):
    attempt = start(ada, give())
    batch = [entry(1, [0], "key-number-1"), entry(2, [0, 1], "key-number-2")]
    told = told_of(ada, attempt, *batch)
    assert told["outcomes"] == {"key-number-1": "kept", "key-number-2": "kept"}
    assert (told["refused"], told["remaining_ms"], told["is_over"]) == ([], 3_600_000, False)
    again = told_of(ada, attempt, entry(1, [2], "key-number-1"))
    assert again["outcomes"] == {"key-number-1": "kept"}
    assert kept(session, attempt) == {1: "a", 2: "ab"}


def test_an_older_answer_of_another_tab_does_not_overwrite(session, ada, give, clock):
    attempt = start(ada, give())
    clock.shift(60)
    saves(ada, attempt, entry(1, [0], "the-newer-one"))
    told = told_of(ada, attempt, entry(1, [1], "the-older-one", age_ms=30_000))
    assert told["outcomes"] == {"the-older-one": "superseded"}
    assert kept(session, attempt) == {1: "a"}


def test_what_comes_after_the_deadline_is_noted_and_not_taken(session, ada, give, clock):
    attempt = start(ada, give())
    clock.shift(3600)
    told = told_of(ada, attempt, entry(age_ms=600_000))
    assert (told["outcomes"], told["is_over"]) == ({"a-browser-key": "late"}, True)
    assert kept(session, attempt) == {}
    assert read(session, select(SavedAnswer.outcome)) == "late"


@pytest.mark.parametrize(
    "bad",
    [
        {"position": 0},
        {"position": 5},
        {"position": "x"},
        {"position": float("inf")},
        {"choices": [3]},
        {"choices": [0, 1]},
        {"choices": ["0"]},
        {"choices": "all"},
        {"key": "short"},
        {"key": "check:1:1"},
        {"choices": [0, {"a": 1}]},
    ],
)
def test_what_makes_no_sense_is_refused_and_the_rest_is_kept(session, ada, give, bad):
    attempt = start(ada, give())
    sent = {**entry(key="bad-entry-key"), **bad}
    told = told_of(ada, attempt, sent, entry(2, [0], "good-entry-key"))
    assert told["outcomes"] == {"good-entry-key": "kept"}
    assert told["refused"] == [sent["key"]]


@pytest.mark.parametrize("body", [[], {}, {"answers": 1}, {"answers": [{}] * 501}, "x"])
def test_what_is_no_list_of_answers_is_refused(ada, give, body):
    attempt = start(ada, give())
    response = ada.client.post(f"{attempt}/saves", json=body, headers={"X-CSRFToken": ada.token()})
    assert response.status_code == 422


def test_wild_numbers_are_left_out(session, ada, give):
    attempt = start(ada, give())
    wild = entry(age_ms=float("inf"), elapsed_ms=-5, certainty=10**30)
    assert told_of(ada, attempt, wild)["outcomes"] == {"a-browser-key": "kept"}
    saved = read(session, select(Response))
    assert (saved.certainty, saved.elapsed_ms, saved.answered_at) == (None, None, NOW)


@pytest.mark.parametrize("field", ["shown", "to"])
def test_numbers_of_any_length_are_no_fault_of_ours(ada, give, field):
    attempt = start(ada, give())
    form = {"choice": "0", "shown": "", "to": "", field: "9" * 5000}
    assert ada.post(f"{attempt}/1/answers", form).status_code == 303


def test_a_page_whose_token_was_lost_gets_a_good_one_and_loses_no_answer(session, ada, give):
    attempt = start(ada, give())
    stale = saves(ada, attempt, entry(), token="of another session")
    assert stale.status_code == 400
    told = ada.get(f"{attempt}/clock").json or {}
    assert saves(ada, attempt, entry(), token=told["token"]).status_code == 200
    assert kept(session, attempt) == {1: "a"}


def test_the_clock_tells_of_time_given_meanwhile(session, ada, give):
    attempt = start(ada, give())
    assignment, enrolment = _ids(session)
    graded.grant(session, enrolment, assignment, time_percent=200)
    told = ada.get(f"{attempt}/clock").json or {}
    assert told["remaining_ms"] == 7_200_000


@pytest.mark.parametrize("address", ["saves", "clock"])
def test_scripts_of_others_find_nothing(app, ada, give, browser_of, people, address):
    attempt = start(ada, give())
    for browser in (Browser(app), browser_of(people.mallory), browser_of(people.grace)):
        ask = (
            saves(browser, attempt, entry())
            if address == "saves"
            else browser.get(f"{attempt}/clock")
        )
        assert ask.status_code == 404


# Judged at once


IMMEDIATE = replace(PRACTICE, **IN_ORDER)


def judge(browser: Browser, attempt: str, position: int, texts: set[str], tries: int = 0):
    page = f"{attempt}/{position}"
    chosen = places(browser, page, texts)
    return browser.post(f"{page}/check", {"choice": chosen, "tries": str(tries)})


def test_a_wrong_answer_is_said_to_be_wrong_and_tried_again(session, ada, give):
    attempt = start(ada, give(IMMEDIATE))
    assert judge(ada, attempt, 1, {"At its mouth"}).location == f"{attempt}/1"
    said = words(ada.get(f"{attempt}/1"))
    assert "Not right" in said
    assert "2 tries are left" in said
    assert "earns 0.7 of a mark" in said
    assert "FEEDBACK-MOUTH" in said
    assert TOLD not in said
    judge(ada, attempt, 1, KEYS[0], tries=1)
    said = words(ada.get(f"{attempt}/1"))
    assert "Right" in said
    assert "EXPLANATION-BEGINNING" in said
    assert not choices_in(ada.get(f"{attempt}/1"))
    submit(ada, attempt)
    assert read(session, select(Attempt.credit)) == Fraction(7, 10)


def test_checking_nothing_is_refused(ada, give):
    attempt = start(ada, give(IMMEDIATE))
    response = ada.post(f"{attempt}/1/check", {"tries": "0"})
    assert response.status_code == 422
    assert "Choose an answer." in words(response)


def test_the_same_wrong_answer_is_not_taken_for_another_try(ada, give):
    attempt = start(ada, give(IMMEDIATE))
    judge(ada, attempt, 1, {"At its mouth"})
    response = judge(ada, attempt, 1, {"At its mouth"}, tries=1)
    assert response.status_code == 422
    assert "You have tried that already" in words(response)
    assert "2 tries are left" in words(ada.get(f"{attempt}/1"))


def test_a_double_click_on_check_uses_one_try(session, ada, give):
    attempt = start(ada, give(IMMEDIATE))
    for _ in range(2):
        ada.post(f"{attempt}/1/check", {"choice": "1", "tries": "0"})
    assert "2 tries are left" in words(ada.get(f"{attempt}/1"))


def test_a_settled_question_is_gone_on_from(ada, give):
    attempt = start(ada, give(replace(IMMEDIATE, may_go_back=False)))
    judge(ada, attempt, 1, KEYS[0])
    assert ada.post(f"{attempt}/1/answers").location == f"{attempt}/2"
    assert stem_of(ada.get(f"{attempt}/2")) == "Which of these belong to a river?"


def test_nothing_is_checked_where_the_policy_shows_nothing_at_once(session, ada, give):
    attempt = start(ada, give())
    assert ada.post(f"{attempt}/1/check", {"choice": "0", "tries": "0"}).status_code == 404
    assert kept(session, attempt) == {}


def test_nothing_is_checked_at_once_while_marks_are_held(session, ada, give):
    attempt = start(ada, give(IMMEDIATE, holds_marks=True))
    assert ada.post(f"{attempt}/1/check", {"choice": "0", "tries": "0"}).status_code == 404
    assert "Check" not in words(ada.get(f"{attempt}/1"))
    answer(ada, attempt, 1, KEYS[0])
    assert kept(session, attempt) == {1: "a"}


def test_questions_on_one_page_are_checked_one_by_one(ada, give):
    attempt = start(ada, give(replace(IMMEDIATE, layout=Layout.ALL)))
    response = ada.post(f"{attempt}/2/check", {"choice": ["0", "1"], "tries": "0"})
    assert response.location == f"{attempt}?at=2"
    said = words(ada.get(response.location))
    assert "EXPLANATION-BELONGINGS" in said
    assert said.count(TOLD) == 1


# The end


def test_when_the_time_is_over_what_was_saved_is_submitted(session, ada, give, clock):
    attempt = start(ada, give())
    answer(ada, attempt, 1, KEYS[0])
    clock.shift(3600)
    for address in (attempt, f"{attempt}/2", f"{attempt}/review"):
        assert ada.get(address).location == f"{attempt}/result"
    late = ada.post(f"{attempt}/2/answers", {"choice": "0", "shown": ""})
    assert late.location == f"{attempt}/result"
    assert "The time was over" in words(ada.get(f"{attempt}/result"))
    row = read(session, select(Attempt))
    assert (row.ended_at, row.ended_by, row.credit) == (NOW + HOUR, "time", 1)


def test_submitting_twice_is_submitting_once(session, ada, give, clock):
    attempt = start(ada, give())
    submit(ada, attempt)
    clock.shift(60)
    submit(ada, attempt)
    assert read(session, select(Attempt.ended_at)) == NOW


def test_the_assignment_lists_attempts_and_says_when_none_is_left(ada, give):
    address = give()
    submit(ada, start(ada, address))
    said = words(ada.get(address))
    assert "You have used all your attempts" in said
    assert "not shown yet" in said


def test_late_work_is_marked(ada, give):
    window = Window(None, NOW + MINUTE, None)
    address = give(HOMEWORK, window=window)
    attempt = start(ada, address)
    with time_machine.travel(NOW + 2 * MINUTE, tick=False):
        assert "late" in words(submit(ada, attempt))
        assert "late" in words(ada.get(address))


# What is shown, and when


RESULTS = review(submitted="marks correctness", closed="feedback key explanation marks correctness")


def result_at(ada: Browser, attempt: str, when) -> str:
    with time_machine.travel(when, tick=False):
        return words(ada.get(f"{attempt}/result"))


def test_results_are_shown_by_stage(ada, give):
    attempt = start(ada, give(replace(PLAIN, review=RESULTS)))
    answer(ada, attempt, 1, {"At its mouth"})
    said = words(submit(ada, attempt))
    assert "0 of 4 marks" in said
    assert "Missed" in said
    assert "the key" not in said
    assert TOLD not in said
    after = result_at(ada, attempt, NOW + timedelta(days=1))
    assert "the key" in after
    assert "FEEDBACK-MOUTH" in after
    assert "EXPLANATION-RIDDLE" in after


def test_an_exam_shows_nothing_before_it_has_closed_for_everyone(
    session, ada, give, school_class, people
):
    address = give()
    other = enrol(session, school_class, people.mallory)
    graded.grant(session, other.id, _ids(session)[0], closes_at=NOW + timedelta(days=3))
    attempt = start(ada, address)
    answer_all(ada, attempt)
    said = words(submit(ada, attempt))
    for hidden in (TOLD, "marks", "the key", "spring", "Right"):
        assert hidden not in said
    assert "Results are shown after everyone's time is over" in said
    assert TOLD not in result_at(ada, attempt, NOW + timedelta(days=2))
    after = result_at(ada, attempt, NOW + timedelta(days=3))
    assert "100 % 4 of 4 marks" in after
    assert "passed" in after


def test_each_of_two_keys_is_right_since_a_regrade_where_one_choice_was_asked_for(
    session, people, ada, give
):
    attempt = start(ada, give(replace(PLAIN, review=RESULTS)))
    answer(ada, attempt, 1, {"At its mouth"})
    submit(ada, attempt)
    version = read(session, select(Item.version_id).where(Item.position == 1))
    plan = regrading.Plan(_ids(session)[0], version, Ruling.REGRADE, frozenset({0, 1}))
    digest = regrading.preview(session, PLAIN, plan).digest
    regrading.apply(session, people.grace.account_id, plan, "both are right", digest, NOW)
    said = words(ada.get(f"{attempt}/result"))
    assert "1 of 4 marks" in said
    assert "Right" in said
    assert "Partly" not in said


def test_an_attempt_that_runs_on_holds_up_the_keys_of_all(session, ada, give, school_class, people):
    address = give()
    attempt = start(ada, address)
    submit(ada, attempt)
    enrol(session, school_class, people.mallory)
    other = graded.begin(session, people.mallory, _ids(session)[0])
    later = NOW + timedelta(days=2)
    change(session, Attempt, other, deadline=later + HOUR)
    assert TOLD not in result_at(ada, attempt, later)
    assert TOLD in result_at(ada, attempt, later + HOUR)


def test_who_was_removed_holds_up_nobody(session, ada, give, school_class, people):
    attempt = start(ada, give())
    submit(ada, attempt)
    place = enrol(session, school_class, people.mallory).id
    later = NOW + timedelta(days=2)
    graded.grant(session, place, _ids(session)[0], closes_at=later + HOUR)
    assert TOLD not in result_at(ada, attempt, later)
    remove_student(session, people.grace.account_id, place, NOW)
    assert TOLD in result_at(ada, attempt, later)


def test_held_marks_are_not_shown_before_their_release(session, ada, give):
    address = give(replace(HOMEWORK, **IN_ORDER), holds_marks=True)
    attempt = start(ada, address)
    answer_all(ada, attempt)
    said = words(submit(ada, attempt))
    assert "Your teacher releases the marks" in said
    assert "spring" not in said
    assert "100" not in words(ada.get(address))
    change(session, graded.Assignment, _ids(session)[0], released_at=NOW)
    assert "100 %" in words(ada.get(f"{attempt}/result"))
    assert "100 %" in words(ada.get(address))


def test_graded_work_is_nowhere_in_practice(ada, give):
    attempt = start(ada, give())
    answer_all(ada, attempt)
    submit(ada, attempt)
    name = attempt.rpartition("/")[2]
    for address in (f"/attempts/{name}", f"/attempts/{name}/result", f"/attempts/{name}/items/1"):
        assert ada.get(address).status_code == 404
    for address in ("/progress", "/"):
        assert name not in ada.get(address).text
    data = ada.get("/account/data").json or {}
    assert data["attempts"] == []


def test_the_pages_of_an_attempt_are_kept_by_no_cache(ada, give):
    attempt = start(ada, give())
    for address in (f"{attempt}/1", f"{attempt}/review", f"{attempt}/clock"):
        assert ada.get(address).headers["Cache-Control"] == "no-store"


def test_who_was_removed_from_the_class_comes_no_more_to_their_attempt(session, ada, give):
    attempt = start(ada, give())
    place = ada.get(give()).text.partition('href="/classes/')[2].partition('"')[0]
    change(session, graded.models.Enrolment, _ids(session)[1], removed_at=NOW)
    for address in (attempt, f"{attempt}/1", f"{attempt}/result", f"/classes/{place}", give()):
        response = ada.get(address)
        assert response.status_code == 404
        assert "You were taken out of this class" in words(response)
        assert "ask your teacher" in words(response)
    assert ada.get(f"{attempt}/clock").status_code == 404


def test_of_a_class_that_one_was_never_in_nothing_is_said(ada, give, browser_of, people):
    address = give()
    mallory = browser_of(people.mallory)
    for other in (address, start(ada, address)):
        said = words(mallory.get(other))
        assert "There is nothing here" in said
        assert "class" not in said


def test_what_runs_when_its_class_is_archived_can_be_finished(session, people, ada, give):
    running, other = start(ada, give()), give()
    found = read(session, select(graded.models.Class))
    page = f"/classes/{found.public_id}"
    archive_class(session, people.grace.account_id, found.id, NOW)
    assert "can be finished" in words(ada.get(page))
    assert f'href="{running}"' in ada.get("/").text
    answer_all(ada, running)
    submit(ada, running)
    assert len(kept(session, running)) == len(KEYS)
    ada.post(f"{other}/attempts", {"start_key": "start-key-2", "agreed": "y"})
    assert read(session, select(func.count(Attempt.id))) == 1


def test_what_runs_when_its_assignment_is_archived_can_be_finished(session, people, ada, give):
    attempt = start(ada, give())
    archive(session, people.grace.account_id, _ids(session)[0], NOW)
    place = f"/classes/{read(session, select(graded.models.Class)).public_id}"
    for page in ("/", place):
        assert f'href="{attempt}"' in ada.get(page).text
    assert "finish what you began" in words(ada.get(place))
    answer_all(ada, attempt)
    result = submit(ada, attempt)
    assert len(kept(session, attempt)) == len(KEYS)
    assert "Back to the class" in words(result)
    assert "For your classes" not in ada.get("/").text


def test_what_a_removed_student_had_saved_is_submitted_when_the_time_is_over(
    session, people, ada, give, clock
):
    attempt = start(ada, give())
    answer(ada, attempt, 1, KEYS[0])
    remove_student(session, people.grace.account_id, _ids(session)[1], NOW)
    assert ada.post(f"{attempt}/2/answers", {"choice": "0", "shown": ""}).status_code == 404
    assert sitting.submit_overdue(session, NOW + 2 * HOUR) == 1
    found = read(session, select(Attempt).where(Attempt.public_id == attempt.rpartition("/")[2]))
    assert (found.ended_by, found.ended_at, found.credit) == ("time", NOW + HOUR, 1)


def test_who_was_signed_out_over_an_answer_comes_back_to_the_question(app, visitor, ada, give):
    attempt = start(ada, give())
    response = visitor.client.post(f"{attempt}/2/answers", data={"choice": "0"})
    assert response.status_code == 400
    assert f"/sign-in?next={attempt}/2" in response.text


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (Fraction(0), "0"),
        (Fraction(10), "10"),
        (Fraction(7, 10), "0.7"),
        (Fraction(1, 3), "0.33"),
        (Fraction(-2), "−2"),
        (Fraction(-1, 1000), "0"),
    ],
)
def test_numbers_of_marks_are_written_as_people_write_them(number, words):
    assert decimal(number) == words


def test_every_visitor_is_sent_to_sign_in(visitor, ada, give):
    attempt = start(ada, give())
    response = visitor.get(f"{attempt}/1")
    assert response.location == f"/sign-in?next={attempt}/1"


@pytest.mark.parametrize("seed", range(3))
def test_shuffled_exams_are_marked_by_what_was_meant(session, ada, give, seed, app):
    app.extensions["quizapp.random"] = Random(seed)
    attempt = start(ada, give(EXAM))
    while "/review" not in (page := ada.get(attempt).location):
        texts = next(keys for keys in KEYS if keys <= {t for _, t in choices_in(ada.get(page))})
        answer(ada, attempt, int(page.rpartition("/")[2]), texts)
    submit(ada, attempt)
    assert read(session, select(Attempt.credit)) == 4


def test_looking_at_the_assignment_submits_what_is_overdue(session, ada, give, clock):
    address = give()
    start(ada, address)
    clock.shift(3601)
    assert "time over" in words(ada.get(address))
    assert sitting.submit_overdue(session, NOW + 2 * HOUR) == 0
