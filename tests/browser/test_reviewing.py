"""Spaced review in a browser: in place, with the keyboard, and as axe judges it."""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp.db.engine import make_engine
from quizapp.db.models import Account, Attempt, Item, Response
from quizapp.db.queries.reviewing import TAKEN_BACK
from tests.browser.people import answer, finish, sign_up, start, verdict
from tests.browser.test_accessibility import LOOKS, WIDTHS, _violations
from tests.support.server import Server

NAMES = (f"Reviewer {number}" for number in count(1))


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"reduced_motion": "reduce", "timezone_id": "Asia/Yerevan"}


@pytest.fixture
def reviewer(page: Page, server: Server) -> Page:
    """Somebody who finished the walk ten days ago, on the review page."""
    name = next(NAMES)
    sign_up(page, name)
    start(page)
    finish(page, right=False)
    _age(server.log.parent / "quizapp.sqlite3", name, timedelta(days=10))
    page.goto("/review")
    return page


def _age(database: Path, name: str, by: timedelta) -> None:
    """Move someone's answers into the past."""
    engine = make_engine(f"sqlite:///{database}")
    with Session(engine) as session:
        own = select(Attempt.id).join(Account).where(Account.name == name)
        items = select(Item.id).where(Item.attempt_id.in_(own))
        for response in session.scalars(select(Response).where(Response.item_id.in_(items))):
            response.answered_at -= by
        session.execute(update(Attempt).where(Attempt.id.in_(own)).values(folded=TAKEN_BACK))
        session.commit()
    engine.dispose()


def begin(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Review 3 now")).click()
    expect(page).to_have_title(re.compile("^Question 1 of 3"))


def test_what_is_due_is_reviewed_taken_back_and_set_aside(reviewer: Page) -> None:
    page = reviewer
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("3 due now"))
    begin(page)
    page.get_by_text("Why am I seeing this?").click()
    expect(page.get_by_text("Last seen 10 days ago: wrong.")).to_be_visible()
    answer(page, right=False)
    expect(page.get_by_text(re.compile("^Next on"))).to_be_visible()
    page.get_by_role("button", name="Undo my answer").click()
    expect(page.locator("main").get_by_text("Your answer was taken back.")).to_be_visible()
    answer(page, right=True)
    expect(verdict(page)).to_have_text("Right")
    page.get_by_role("button", name="Do not ask again").click()
    expect(page).to_have_title(re.compile("^Question 2 of 3"))
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("The question is asked again when it is due.")).to_be_visible()
    expect(verdict(page)).to_have_text("Right")


def test_the_zone_of_the_browser_is_what_settings_begin_with(reviewer: Page) -> None:
    reviewer.goto("/review/settings")
    expect(reviewer.get_by_label("My time zone")).to_have_value("Asia/Yerevan")


def test_a_review_works_without_scripts(
    reviewer: Page, browser: Browser, server: Server, tmp_path: Path
) -> None:
    state = tmp_path / "cookies"
    reviewer.context.storage_state(path=state)
    context = browser.new_context(
        base_url=server.base_url, storage_state=state, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/review")
    begin(page)
    page.get_by_text("Why am I seeing this?").click()
    page.get_by_role("button", name="Not before tomorrow").click()
    expect(page.get_by_text("That question is not asked before tomorrow.")).to_be_visible()
    expect(page).to_have_title(re.compile("^Question 2 of 3"))
    context.close()


def _asking(page: Page) -> None:
    begin(page)
    page.get_by_text("Why am I seeing this?").click()


def _answered(page: Page) -> None:
    begin(page)
    answer(page)


def _set_aside(page: Page) -> None:
    _answered(page)
    page.get_by_role("button", name="Do not ask again").click()
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_visible()


def _listed(page: Page) -> None:
    _set_aside(page)
    page.goto("/review/set-aside")


def _refused(page: Page) -> None:
    page.goto("/review/settings")
    page.get_by_label("Reviews a day, at most").fill("0")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()


STATES: dict[str, Callable[[Page], Any]] = {
    "review": lambda page: None,
    "home with reviews": lambda page: page.goto("/"),
    "asking": _asking,
    "answered": _answered,
    "set aside": _set_aside,
    "list": _listed,
    "settings": lambda page: page.goto("/review/settings"),
    "settings refused": _refused,
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(reviewer: Page, state: str) -> None:
    STATES[state](reviewer)
    reviewer.evaluate(AXE_SCRIPT)
    found = [_violations(reviewer, width, look) for width in WIDTHS for look in LOOKS]
    assert not any(found), "\n".join(found)
    reviewer.set_viewport_size({"width": 320, "height": 700})
    assert reviewer.evaluate("document.documentElement.scrollWidth") == 320
