"""Signing up, in and out, one's own data, and leaving."""

import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
import time_machine

from quizapp.operations import accounts
from quizapp.operations.tallies import wrong_tallies
from tests.support.browsing import Browser, title_of
from tests.support.cast import PASSWORD, sessions

ADA = {"name": "ada", "password": PASSWORD}
NEW_PASSWORD = "an even calmer room"


def data_of(browser: Browser) -> dict[str, Any]:
    """What a person is given to take along."""
    return json.loads(browser.get("/account/data").text)


def cookie_of(browser: Browser) -> str:
    """The session cookie that a browser holds."""
    cookie = browser.client.get_cookie("quizapp")
    assert cookie is not None
    return cookie.value


def attempts_in_the_data_of(browser: Browser) -> list[str]:
    """The attempts in a person's download, by the deck's title."""
    return [attempt["title"] for attempt in data_of(browser)["attempts"]]


# Signing up


def test_a_guest_who_signs_up_keeps_what_was_answered(visitor):
    attempt = visitor.start("seas")
    visitor.answer(f"{attempt}/items/1", "Minerals")
    response = visitor.post("/sign-up", {**ADA, "name": "  Ada   L. ", "next": f"{attempt}/result"})
    assert (response.status_code, response.location) == (303, f"{attempt}/result")
    page = visitor.get(f"{attempt}/result").text
    assert "Ada L." in page
    assert "Your account is ready" in page
    assert attempts_in_the_data_of(visitor) == ["All about seas"]


def test_a_visitor_can_sign_up_before_answering(visitor):
    assert visitor.post("/sign-up", ADA).location == "/"
    assert "ada" in visitor.get("/account").text


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": ""}, "Choose a name."),
        ({"name": "  "}, "Choose a name."),
        ({"name": "x" * 61}, "at most 60"),
        ({"name": "\ufdfa" * 60}, "Choose a shorter name."),
        ({"name": "ada\u202e"}, "that can be seen"),
        ({"password": ""}, "Choose a password."),
        ({"password": "short one"}, "Use 10 to 200 characters"),
        ({"password": "x" * 201}, "Use 10 to 200 characters"),
        ({"password": "Password123"}, "easy to guess"),
        ({"password": "abababababab"}, "easy to guess"),
        ({"email": "ada"}, "does not look like an address"),
        ({"name": "GRACE"}, "Somebody has this name."),
    ],
)
def test_a_sign_up_that_cannot_be_taken_says_why(visitor, people, changes, problem):
    response = visitor.post("/sign-up", {**ADA, "name": "Ada L.", **changes})
    assert response.status_code == 422
    assert title_of(response).startswith("Error: ")
    assert problem in response.text
    assert visitor.get("/account").status_code == 303


def test_a_refused_form_keeps_the_name_and_forgets_the_password(visitor, people):
    response = visitor.post("/sign-up", {"name": "GRACE", "password": NEW_PASSWORD})
    assert 'value="GRACE"' in response.text
    assert NEW_PASSWORD not in response.text


# Signing in and out


def test_signing_in_brings_along_what_was_answered_as_a_guest(app, people):
    visitor = Browser(app)
    attempt = visitor.start("seas")
    visitor.answer(f"{attempt}/items/1", "Minerals")
    assert visitor.post("/sign-in", ADA).location == "/"
    assert title_of(visitor.get(f"{attempt}/items/1")).startswith("Right")
    assert attempts_in_the_data_of(visitor) == ["All about seas"]


@pytest.mark.parametrize("form", [{**ADA, "password": "wrong"}, {**ADA, "name": "nobody"}])
def test_a_wrong_name_and_a_wrong_password_are_told_in_the_same_words(app, people, form):
    visitor = Browser(app)
    response = visitor.post("/sign-in", form)
    assert response.status_code == 422
    assert title_of(response) == "Error: Sign in · quizapp"
    assert "Name and password do not fit together." in response.text
    assert visitor.get("/account").status_code == 303


def test_signing_out_ends_the_session_in_this_browser(people, browser_of):
    browser = browser_of(people.ada)
    assert browser.post("/sign-out").location == "/"
    assert "You are signed out." in browser.get("/").text
    assert browser.get("/account").status_code == 303


def test_someone_elses_attempt_is_out_of_reach_after_signing_out(people, browser_of):
    browser = browser_of(people.ada)
    attempt = browser.start()
    browser.post("/sign-out")
    assert browser.get(attempt).status_code == 404


def test_a_cookie_planted_before_signing_in_is_worth_nothing_after(app, people):
    mallory = Browser(app)
    mallory.start()
    planted = cookie_of(mallory)
    ada = Browser(app)
    ada.client.set_cookie("quizapp", planted)
    ada.post("/sign-in", ADA)
    assert ada.get("/account").status_code == 200
    assert cookie_of(ada) != planted
    assert cookie_of(mallory) == planted
    assert mallory.get("/account").status_code == 303
    assert "Where you left off" not in mallory.get("/").text


def test_a_cookie_planted_before_signing_up_is_worth_nothing_after(app):
    mallory = Browser(app)
    mallory.start()
    ada = Browser(app)
    ada.client.set_cookie("quizapp", cookie_of(mallory))
    ada.post("/sign-up", ADA)
    assert ada.get("/account").status_code == 200
    assert mallory.get("/account").status_code == 303


def test_the_token_of_before_signing_in_is_not_taken_after(app, people):
    browser = Browser(app)
    before = browser.token()
    browser.post("/sign-in", ADA)
    assert browser.client.post("/sign-out", data={"csrf_token": before}).status_code == 400


# Password


def test_a_new_password_signs_out_all_other_browsers(people, browser_of):
    here, elsewhere = browser_of(people.ada), browser_of(people.ada)
    form = {"old": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert here.post("/account/password", form).location == "/account"
    assert "Your password is changed" in here.get("/account").text
    assert elsewhere.get("/account").status_code == 303
    assert elsewhere.post("/sign-in", {**ADA, "password": NEW_PASSWORD}).status_code == 303


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"old": "wrong"}, "That is not your present password."),
        ({"old": ""}, "Enter your present password."),
        ({"again": "something else"}, "The two new passwords differ."),
        ({"new": "short", "again": "short"}, "Use 10 to 200 characters"),
    ],
)
def test_a_password_that_cannot_be_changed_stays(app, people, browser_of, changes, problem):
    form = {"old": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD, **changes}
    response = browser_of(people.ada).post("/account/password", form)
    assert response.status_code == 422
    assert problem in response.text
    assert Browser(app).post("/sign-in", ADA).status_code == 303


# E-mail address


def test_an_address_is_kept_changed_and_dropped_by_who_knows_the_password(people, browser_of):
    browser = browser_of(people.ada)
    for address in ("ada@example.org", "a.l@example.org"):
        form = {"email": address, "confirmation": PASSWORD, "role": "admin", "id": "2"}
        assert browser.post("/account/email", form).location == "/account"
        assert data_of(browser)["account"]["email"] == address
    browser.post("/account/email", {"email": "", "confirmation": PASSWORD})
    assert data_of(browser)["account"]["email"] is None
    assert data_of(browser)["account"]["role"] == "learner"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"confirmation": "wrong"}, "That is not your password."),
        ({"confirmation": ""}, "Enter your password."),
        ({"email": "ada"}, "does not look like an address"),
    ],
)
def test_an_address_that_cannot_be_kept_is_not(people, browser_of, changes, problem):
    browser = browser_of(people.ada)
    form = {"email": "ada@example.org", "confirmation": PASSWORD, **changes}
    response = browser.post("/account/email", form)
    assert response.status_code == 422
    assert title_of(response).startswith("Error: ")
    assert problem in response.text
    assert data_of(browser)["account"]["email"] is None


# One-time links


@pytest.fixture
def link(database_url) -> str:
    """An instructor's one-time link, made now."""
    with sessions(database_url) as session:
        token = accounts.create_instructor(session, "hopper", Random(1), datetime.now(UTC))
    return f"/links/{token}"


def test_a_link_asks_for_a_password_once_and_opens_the_library(visitor, link):
    assert "Welcome, hopper" in visitor.get(link).text
    form = {"new": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert visitor.post(link, {**form, "again": "other"}).status_code == 422
    assert visitor.post(link, form).location == "/"
    assert visitor.get("/teach/library").status_code != 303
    for response in (visitor.get(link), visitor.post(link, form)):
        assert response.status_code == 410
        assert "does not work any more" in response.text


def test_a_link_is_void_after_two_days(visitor, link):
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=49)):
        assert visitor.get(link).status_code == 410


# One's own data


def test_the_download_holds_the_account_and_every_answer(people, browser_of):
    browser = browser_of(people.ada)
    attempt = browser.start("seas")
    browser.answer(f"{attempt}/items/1", "Fish", certainty="2", elapsed_ms="1500")
    response = browser.get("/account/data")
    assert response.mimetype == "application/json"
    assert "attachment" in response.headers["Content-Disposition"]
    data = json.loads(response.text)
    assert data["account"]["name"] == "ada"
    assert data["account"]["role"] == "learner"
    (kept,) = data["attempts"]
    assert (kept["answered"], kept["credit"]) == (1, 0.0)
    (item,) = kept["items"]
    assert item["question"] == "What makes a sea salty?"
    given = item["response"]
    assert given["chosen"] == ["Fish"]
    assert (given["certainty"], given["credit"], given["elapsed_ms"]) == (2, 0.0, 1500)
    assert datetime.fromisoformat(given["answered_at"]).utcoffset() == timedelta(0)


def test_the_download_tells_how_one_studies_and_what_was_read(people, browser_of):
    browser = browser_of(people.ada)
    attempt = browser.start("seas")
    browser.answer(f"{attempt}/items/1", "Fish", certainty="2")
    assert data_of(browser)["study_settings"] is None
    wishes = {"retention": "90", "reviews_per_day": "7", "new_per_day": "3", "zone": "Asia/Yerevan"}
    browser.post("/review/settings", wishes)
    browser.post("/read/notes/p1/reading", {})
    data = data_of(browser)
    assert data["study_settings"]["retention_percent"] == 90
    assert data["study_settings"]["zone"] == "Asia/Yerevan"
    (card,) = data["review_cards"]
    assert (card["deck"], card["last_credit"], card["last_certainty"]) == ("seas", 0.0, 2)
    assert datetime.fromisoformat(card["due_at"]) > datetime.fromisoformat(card["last_review_at"])
    (passage,) = data["passages_read"]
    assert (passage["source"], passage["passage"]) == ("notes", "p1")


def test_the_download_tells_no_secret_and_no_key(people, browser_of):
    browser = browser_of(people.ada)
    browser.start()
    text = browser.get("/account/data").text
    assert "argon2" not in text
    assert people.ada.session_key not in text
    assert "At its spring" not in text


def test_a_guest_can_take_the_data_along_too(visitor):
    visitor.start()
    assert data_of(visitor)["account"]["name"] is None


# Leaving


@pytest.mark.parametrize(
    ("password", "problem"), [("", "Enter your password."), ("wrong", "That is not your password.")]
)
def test_deleting_an_account_needs_its_password(people, browser_of, password, problem):
    browser = browser_of(people.ada)
    response = browser.post("/account/deletion", {"password": password})
    assert response.status_code == 422
    assert problem in response.text
    assert browser.get("/account").status_code == 200


def test_a_deleted_account_is_gone_with_everything_in_it(app, people, browser_of, database_url):
    browser = browser_of(people.ada)
    attempt = browser.start("seas")
    browser.answer(f"{attempt}/items/1", "Minerals")
    assert "your 1 attempt are deleted" in browser.get("/account/deletion").text
    assert browser.post("/account/deletion", {"password": PASSWORD}).location == "/"
    assert "are deleted." in browser.get("/").text
    assert browser.get(attempt).status_code == 404
    assert Browser(app).post("/sign-in", ADA).status_code == 422
    with sessions(database_url) as session:
        assert wrong_tallies(session) == []


def test_a_guest_finds_a_way_to_leave_nothing_behind(visitor):
    assert "/account/deletion" not in visitor.get("/sign-up").text
    visitor.start()
    assert 'href="/account/deletion"' in visitor.get("/sign-up").text
    page = visitor.get("/account/deletion").text
    assert "What you answered in this browser, 1 attempt, is deleted for good." in page
    assert "Your account" not in page


def test_a_guest_leaves_without_a_password(visitor):
    attempt = visitor.start()
    assert 'type="password"' not in visitor.get("/account/deletion").text
    assert visitor.post("/account/deletion").location == "/"
    assert visitor.get(attempt).status_code == 404


def test_a_browser_whose_account_was_deleted_elsewhere_starts_anew(app, visitor, database_url):
    attempt = visitor.start()
    with sessions(database_url) as session:
        accounts.delete_account(session, 1)
    assert visitor.get(f"{attempt}/items/1").status_code == 404
    again = visitor.start(start_key="another-key")
    assert again != attempt
    assert visitor.get(f"{again}/items/1").status_code == 200
