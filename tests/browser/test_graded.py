"""Taking an exam in a browser: what is saved, when, and what trouble does to it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count, product
from random import SystemRandom
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from quizapp.db.engine import make_engine
from quizapp.db.models import Account, Attempt, Class, Item, Response
from quizapp.domain.graded.policy import Layout, Policy
from quizapp.domain.graded.timing import Window
from quizapp.operations.classes import create_class
from tests.browser.test_accessibility import LOOKS, SET_LOOK, TAGS, WIDTH_AT, WIDTHS
from tests.support.graded import EXAM, HOMEWORK, PRACTICE, make_assignment
from tests.support.server import Server

NewContext = Callable[..., BrowserContext]

PLAIN = replace(EXAM, shuffle_questions=False, shuffle_choices=False)
QUESTION = re.compile(r"/graded/[\w-]+/\d+$")
RESULT = re.compile(r"/graded/[\w-]+/result$")
SAVED = re.compile(r"^Saved \d?\d:\d\d")

_names = (f"Noor {number}" for number in count(1))


@dataclass(frozen=True)
class Hall:
    """A class on the server, seen from behind."""

    engine: Engine
    code: str

    def give(self, policy: Policy = PLAIN, **more: Any) -> str:
        """The address of a new assignment on the walk."""
        with Session(self.engine) as session:
            school_class = session.scalars(select(Class).where(Class.join_code == self.code)).one()
            public_id = f"exam-{SystemRandom().randrange(10**9)}"
            make_assignment(
                session,
                school_class,
                policy,
                ("walk",),
                window=Window(None, None, datetime.now(UTC) + timedelta(days=1)),
                public_id=public_id,
                title="The walk exam",
                **more,
            )
        return f"/assignments/{public_id}"

    def leave(self, page: Page, **left: float) -> None:
        """Set what is left of the time of the attempt that a page is about."""
        deadline = datetime.now(UTC) + timedelta(**left)
        with Session(self.engine) as session:
            session.execute(
                update(Attempt)
                .where(Attempt.public_id == attempt_of(page))
                .values(deadline=deadline)
            )
            session.commit()

    def kept(self, page_or_id: Page | str) -> dict[int, str]:
        """The letters of the choices that the server has, by position."""
        public_id = page_or_id if isinstance(page_or_id, str) else attempt_of(page_or_id)
        with Session(self.engine) as session:
            rows = session.execute(
                select(Item.position, Response.chosen)
                .join(Response, Response.item_id == Item.id)
                .join(Attempt, Attempt.id == Item.attempt_id)
                .where(Attempt.public_id == public_id)
            ).all()
        return {row[0]: row[1] for row in rows}


@pytest.fixture(scope="module")
def hall(server: Server, known: object) -> Iterator[Hall]:
    """`known` has made grace."""
    engine = make_engine(f"sqlite:///{server.log.parent / 'quizapp.sqlite3'}")
    with Session(engine) as session:
        grace = session.scalars(select(Account.id).where(Account.name == "Grace")).one()
        create_class(session, grace, "The walkers", SystemRandom(), datetime.now(UTC))
        code = session.scalars(select(Class.join_code).where(Class.name == "The walkers")).one()
    yield Hall(engine, code or "")
    engine.dispose()


def attempt_of(page: Page) -> str:
    found = re.search(r"/graded/([\w-]+)", page.url)
    assert found is not None, page.url
    return found[1]


def enter(page: Page, hall: Hall, address: str) -> None:
    """Join the class and start: the page shows the first question."""
    page.goto(f"/join/{hall.code}")
    page.get_by_label("Your name in this class").fill(next(_names))
    page.get_by_role("button", name=re.compile("^Join")).click()
    expect(page).to_have_url(re.compile("/classes/"))
    begin(page, address)


def begin(page: Page, address: str) -> None:
    page.goto(address)
    agreed = page.get_by_label("I have read this and start now")
    if agreed.count():
        agreed.check()
    page.get_by_role("button", name="Start").click()
    expect(page).to_have_url(re.compile("/graded/"))


def choose(page: Page, text: str) -> None:
    page.locator("main label.choice").filter(has_text=text).locator("input").check(force=True)


def is_chosen(page: Page, text: str) -> bool:
    return page.locator("main label.choice").filter(has_text=text).locator("input").is_checked()


def saved(page: Page):
    return page.locator("[data-saved]")


def test_who_has_joined_hears_of_it_and_is_led_to_the_class(page: Page, hall: Hall) -> None:
    page.goto(f"/join/{hall.code}")
    page.evaluate("window.stayed = true")
    page.get_by_label("Your name in this class").fill(next(_names))
    page.get_by_role("button", name=re.compile("^Join")).click()
    expect(page.get_by_role("heading", level=1, name="The walkers")).to_be_focused()
    told = page.locator("body > [role=status]").filter(has_text="You are in The walkers.")
    expect(told).to_have_count(1)
    assert page.evaluate("window.stayed")


def test_each_choice_is_saved_as_it_is_made(page: Page, hall: Hall) -> None:
    enter(page, hall, hall.give())
    choose(page, "the third one")
    expect(saved(page)).to_have_text(SAVED)
    assert hall.kept(page) == {1: "c"}
    choose(page, "the first one")
    expect(page.locator("[data-shown]")).to_have_value("0")
    page.reload()
    assert is_chosen(page, "the first one")
    page.get_by_role("button", name="Save and go on").click()
    expect(page).to_have_url(re.compile("/2$"))
    choose(page, "the bridge")
    choose(page, "the mill")
    page.get_by_role("button", name="Question 3").click()
    expect(page).to_have_url(re.compile("/3$"))
    page.get_by_role("button", name="Save and look over").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 question is not answered")
    page.get_by_role("button", name="Submit my answers").click()
    expect(page).to_have_url(RESULT)
    assert hall.kept(page) == {1: "a", 2: "ab"}


def test_what_is_chosen_before_the_scripts_have_come_is_saved(page: Page, hall: Hall) -> None:
    enter(page, hall, hall.give())
    page.route("**/*.js*", lambda route: None)
    page.goto(re.sub("/1$", "/3", page.url), wait_until="commit")
    choose(page, "it is not")
    page.unroute_all()  # what was held is let go
    expect(saved(page)).to_have_text(SAVED)
    assert hall.kept(page) == {3: "b"}


def test_every_step_works_without_javascript(new_context: NewContext, hall: Hall) -> None:
    page = new_context(java_script_enabled=False).new_page()
    enter(page, hall, hall.give())
    choose(page, "the first one")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("button", name="Back").click()
    assert is_chosen(page, "the first one")
    page.get_by_role("button", name="Question 3").click()
    choose(page, "it is not")
    page.get_by_role("button", name="Take my answer back").click()
    assert not is_chosen(page, "it is not")
    page.get_by_role("button", name="Save and look over").click()
    page.get_by_role("button", name="Submit my answers").click()
    expect(page).to_have_url(RESULT)
    assert hall.kept(page) == {1: "a"}


def test_an_exam_is_taken_by_keyboard_alone(page: Page, hall: Hall) -> None:
    enter(page, hall, hall.give())
    for letter, where in (("a", "/1$"), ("1", "/2$"), ("b", "/3$")):
        expect(page).to_have_url(re.compile(where))
        expect(page.locator("main legend h1")).to_be_visible()
        page.keyboard.press(letter)
        expect(saved(page)).to_have_text(SAVED)
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/review$"))
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    submit = page.get_by_role("button", name="Submit my answers")
    while not submit.evaluate("button => button === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(RESULT)
    assert hall.kept(page) == {1: "a", 2: "a", 3: "b"}


def test_trouble_is_told_within_five_seconds_and_made_good(
    page: Page, context: BrowserContext, hall: Hall
) -> None:
    enter(page, hall, hall.give())
    context.set_offline(True)
    choose(page, "the first one")
    expect(saved(page)).to_have_text("Not saved yet, retrying", timeout=5000)
    choose(page, "the third one")
    context.set_offline(False)
    expect(saved(page)).to_have_text(SAVED)
    assert hall.kept(page) == {1: "c"}


def test_a_server_that_does_not_answer_is_trouble_too(page: Page, hall: Hall) -> None:
    enter(page, hall, hall.give())
    page.route("**/saves", lambda route: None)
    choose(page, "the first one")
    expect(saved(page)).to_have_text("Not saved yet, retrying", timeout=5000)
    page.unroute_all()
    expect(saved(page)).to_have_text(SAVED)


def test_what_was_chosen_offline_in_a_tab_that_was_killed_is_delivered(
    page: Page, context: BrowserContext, hall: Hall
) -> None:
    enter(page, hall, hall.give())
    attempt = attempt_of(page)
    context.set_offline(True)
    choose(page, "the second one")
    expect(saved(page)).to_have_text("Not saved yet, retrying")
    page.close()
    assert hall.kept(attempt) == {}
    context.set_offline(False)
    page = context.new_page()
    page.route("**/saves", lambda route: None)
    page.goto(f"/graded/{attempt}/1")
    expect(page.locator("main label.choice:has(:checked)")).to_contain_text("the second one")
    page.unroute_all()
    page.goto("/")  # any page of the site will do
    while not hall.kept(attempt):
        page.wait_for_timeout(50)
    assert hall.kept(attempt) == {1: "b"}


def test_of_two_tabs_the_choice_made_last_stands(
    page: Page, context: BrowserContext, hall: Hall
) -> None:
    enter(page, hall, hall.give())
    other = context.new_page()
    other.goto(page.url)
    choose(page, "the second one")
    expect(saved(page)).to_have_text(SAVED)
    choose(other, "the third one")
    expect(saved(other)).to_have_text(SAVED)
    page.get_by_role("button", name="Save and go on").click()  # an old page, nothing changed on it
    expect(page).to_have_url(re.compile("/2$"))
    assert hall.kept(page) == {1: "c"}


def test_nobody_submits_over_answers_that_wait(
    page: Page, context: BrowserContext, hall: Hall
) -> None:
    enter(page, hall, hall.give(replace(PLAIN, layout=Layout.ALL)))
    attempt = attempt_of(page)
    page.get_by_role("button", name="Save and look over").click()
    expect(page).to_have_url(re.compile("/review$"))
    other = context.new_page()
    other.goto(f"/graded/{attempt}")
    context.set_offline(True)
    choose(other, "it is not")
    page.get_by_role("button", name="Submit my answers").click()
    told = page.get_by_role("status").filter(has_text="1 answer has not reached the server yet")
    expect(told).to_be_visible()
    context.set_offline(False)
    page.get_by_role("button", name="Submit my answers").click()
    expect(page).to_have_url(RESULT)
    assert hall.kept(attempt) == {3: "b"}


def test_signing_in_again_in_another_tab_loses_no_answer(
    page: Page, context: BrowserContext, hall: Hall
) -> None:
    enter(page, hall, hall.give())
    page.locator("input[name=csrf_token]").evaluate_all(
        "inputs => inputs.forEach(input => input.value = 'stale')"
    )
    choose(page, "the first one")
    expect(saved(page)).to_have_text(SAVED)
    page.get_by_role("button", name="Save and go on").click()
    expect(page).to_have_url(re.compile("/2$"))
    assert hall.kept(page) == {1: "a"}


def test_the_time_is_counted_down_warned_of_and_hidden(page: Page, hall: Hall) -> None:
    enter(page, hall, hall.give())
    timer = page.locator("[data-timer]")
    expect(timer).to_have_text(re.compile(r"^(59:\d\d|1:00:00) left$"))
    page.get_by_role("button", name="Hide the time").click()
    expect(timer).to_have_text("Time hidden")
    hall.leave(page, minutes=4)
    page.reload()
    expect(timer).to_have_text("Time hidden")
    expect(
        page.get_by_role("status").filter(has_text="Less than 5 minutes are left")
    ).to_be_visible()
    page.get_by_role("button", name="Save and go on").click()  # the next question says so, too
    expect(page).to_have_url(re.compile("/2$"))
    expect(page.get_by_role("status").filter(has_text="Less than 5 minutes")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Show the time").click()
    expect(timer).to_have_text(re.compile(r"^3:\d\d left$"))
    hall.leave(page, seconds=50)
    choose(page, "the first one")
    expect(page.get_by_role("alert")).to_have_text("Less than 1 minute is left.")
    hall.leave(page, minutes=30)  # the teacher gives more
    choose(page, "the second one")
    expect(timer).to_have_text(re.compile(r"^(29:\d\d|30:00) left$"))
    expect(page.get_by_role("alert")).to_be_hidden()


def test_when_the_time_is_over_the_page_leads_to_what_was_saved(page: Page, hall: Hall) -> None:
    enter(page, hall, hall.give())
    choose(page, "the first one")
    expect(saved(page)).to_have_text(SAVED)
    hall.leave(page, seconds=3)
    page.reload()
    expect(page).to_have_url(RESULT, timeout=15_000)
    expect(page.locator("main")).to_contain_text("what was saved by then has been submitted")
    assert hall.kept(page) == {1: "a"}


def test_the_browser_keeps_no_question_and_no_key(page: Page, hall: Hall) -> None:
    enter(page, hall, hall.give())
    page.route("**/saves", lambda route: route.abort())
    choose(page, "the second one")
    expect(saved(page)).to_have_text("Not saved yet, retrying")
    stored = page.evaluate("JSON.stringify(Object.entries(localStorage))")
    assert "answer:" in stored
    for text in ("walk", "one", "step", "gate"):
        assert text not in stored


def test_on_a_page_of_many_questions_what_came_of_one_is_in_sight(page: Page, hall: Hall) -> None:
    page.set_viewport_size({"width": 375, "height": 600})
    policy = replace(PRACTICE, layout=Layout.ALL, shuffle_questions=False, shuffle_choices=False)
    enter(page, hall, hall.give(policy))
    last = page.locator("[data-question='3']")
    choose(page, "No, it is not")
    page.keyboard.press("a")  # a shortcut for the question that has the focus, not for the first
    expect(last.get_by_label("Yes, it is")).to_be_checked()
    assert page.locator("main input:checked").count() == 1
    page.locator("form", has=last).get_by_role("button", name="Check answer").click()
    expect(page.get_by_text("Marks: 1 of 1")).to_be_in_viewport()


def test_a_wrong_answer_is_tried_again_in_place(page: Page, hall: Hall) -> None:
    policy = replace(PRACTICE, shuffle_questions=False, shuffle_choices=False)
    enter(page, hall, hall.give(policy))
    page.evaluate("window.stayed = true")
    choose(page, "the second one")
    page.get_by_role("button", name="Check answer").click()
    judgement = page.locator(".judgement")
    expect(judgement).to_contain_text("Not right")
    expect(judgement).to_be_focused()
    choose(page, "the first one")
    page.get_by_role("button", name="Check again").click()
    expect(judgement).to_contain_text("Right")
    page.get_by_role("button", name="Next question").click()
    expect(page).to_have_url(re.compile("/2$"))
    assert page.evaluate("window.stayed")


def pages_of(page: Page, hall: Hall) -> Iterator[str]:
    """Every page of an attempt in turn: what it is; the page shows it."""
    enter(page, hall, hall.give(replace(PLAIN, certainty_marking=True)))
    choose(page, "the second one")
    expect(saved(page)).to_have_text(SAVED)
    yield "question"
    page.goto(page.url.rpartition("/")[0] + "/review")
    yield "review"
    page.get_by_role("button", name="Submit my answers").click()
    expect(page).to_have_url(RESULT)
    yield "submitted"
    begin(page, hall.give(replace(HOMEWORK, layout=Layout.ALL)))
    yield "all on one page"
    choose(page, "the second one")
    page.get_by_role("button", name="Save and look over").click()
    page.get_by_role("button", name="Submit my answers").click()
    expect(page).to_have_url(RESULT)
    yield "result"
    page.get_by_role("link", name="Back to the assignment").click()
    yield "assignment"
    begin(page, hall.give(PRACTICE))
    choose(page, "No,") if page.locator("label.choice").count() == 2 else page.locator(
        "label.choice input"
    ).first.check(force=True)
    page.get_by_role("button", name="Check answer").click()
    expect(page.locator(".judgement")).to_be_visible()
    yield "judged"
    page.goto(hall.give())
    yield "start"


@pytest.mark.slow
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(
    new_context: NewContext, hall: Hall
) -> None:
    page = new_context(reduced_motion="reduce").new_page()
    troubles: list[str] = []
    for name in pages_of(page, hall):
        page.evaluate(AXE_SCRIPT)
        for width, look in product(WIDTHS, LOOKS):
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(SET_LOOK, look)
            options = {"runOnly": TAGS, "resultTypes": ["violations"]}
            told = page.evaluate("options => axe.run(options)", options)
            troubles += [f"{name} {width} {look}: {v['id']}" for v in told["violations"]]
        page.set_viewport_size({"width": 320, "height": 700})
        if any(page.evaluate(WIDTH_AT, size) != 320 for size in range(3)):
            troubles.append(f"{name}: scrolls sideways")
        page.evaluate(WIDTH_AT, 0)
        page.evaluate(SET_LOOK, LOOKS[0])
        page.set_viewport_size({"width": 1280, "height": 900})
    assert troubles == []
