"""Tries of passwords are limited, and all workers count together."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.support.browsing import Browser
from tests.support.cast import PASSWORD

NOON = datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC)
WRONG = {"name": "ada", "password": "wrong password"}


def statuses(browsers: list[Browser], times: int, form: dict[str, str]) -> list[int]:
    """What the browsers are answered when they try in turn."""
    tries = [browsers[n % len(browsers)] for n in range(times)]
    return [browser.post("/sign-in", form).status_code for browser in tries]


def test_after_ten_tries_in_a_minute_signing_in_has_to_wait(app, people):
    with time_machine.travel(NOON):
        visitor = Browser(app)
        assert statuses([visitor], 10, WRONG) == [422] * 10
        refused = visitor.post("/sign-in", {**WRONG, "password": PASSWORD})
    assert refused.status_code == 429
    assert "Too many tries" in refused.text
    assert 0 < int(refused.headers["Retry-After"]) <= 60


def test_after_waiting_as_long_as_was_said_signing_in_works_again(app, people):
    with time_machine.travel(NOON) as clock:
        visitor = Browser(app)
        statuses([visitor], 10, WRONG)
        wait = int(visitor.post("/sign-in", WRONG).headers["Retry-After"])
        clock.shift(timedelta(seconds=wait + 1))
        assert visitor.post("/sign-in", {**WRONG, "password": PASSWORD}).status_code == 303


def test_two_workers_count_together(app, make_app, people):
    with time_machine.travel(NOON):
        workers = [Browser(app), Browser(make_app())]
        assert statuses(workers, 11, WRONG) == [422] * 10 + [429]


def test_guesses_at_one_name_from_many_addresses_count_together(make_app, people):
    with time_machine.travel(NOON):
        visitor = Browser(make_app(proxy_hops=1))
        answers = [
            visitor.post("/sign-in", WRONG, headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code
            for n in range(11)
        ]
    assert answers == [422] * 10 + [429]


def test_looking_around_is_never_limited(app, people):
    with time_machine.travel(NOON):
        visitor = Browser(app)
        statuses([visitor], 11, WRONG)
        assert visitor.get("/sign-in").status_code == 200
        assert visitor.start("seas")


@pytest.mark.parametrize("address", ["/account/password", "/account/deletion"])
def test_wherever_a_password_is_tried_the_limit_is_the_same(people, browser_of, address):
    ada = browser_of(people.ada)
    with time_machine.travel(NOON):
        answers = [ada.post(address).status_code for _ in range(11)]
    assert 429 not in answers[:10]
    assert answers[10] == 429


@pytest.mark.parametrize("address", ["/sign-up", "/links/no-such-link"])
def test_a_class_behind_one_address_gets_in_and_a_script_has_to_wait(visitor, address):
    with time_machine.travel(NOON):
        answers = [visitor.post(address).status_code for _ in range(61)]
    assert 429 not in answers[:60]
    assert answers[60] == 429


def test_a_class_behind_one_address_can_sign_in_together(app, people):
    with time_machine.travel(NOON):
        names = [{"name": f"student {n}", "password": "wrong"} for n in range(15)]
        answers = {Browser(app).post("/sign-in", form).status_code for form in names}
    assert answers == {422}


def test_the_page_says_how_long_to_wait(app, people):
    with time_machine.travel(NOON) as clock:
        visitor = Browser(app)
        for _ in range(6):
            statuses([visitor], 10, WRONG)
            clock.shift(timedelta(seconds=61))
        refused = visitor.post("/sign-in", WRONG)
    assert refused.status_code == 429
    assert "Try again in 54 minutes." in refused.text
