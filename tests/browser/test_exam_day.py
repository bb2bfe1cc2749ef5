"""The day of an exam, from an instructor's first link to a corrected key that is undone.

What is expected of the marks and the item analysis is worked out here from what the students
chose, with no part of the program.
"""

import csv
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import sqrt
from pathlib import Path
from statistics import mean

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.db.engine import make_engine
from quizapp.db.models import Attempt, Item, SavedAnswer
from tests.browser.people import set_password
from tests.support.server import QUIZAPP, Server

NewContext = Callable[..., BrowserContext]
Answers = Mapping[str, set[str]]
"""The texts of what was chosen, by stem."""

PATIENCE_MS = 30_000
LAMP, TIDE, BIRDS, FOG = (
    "What carries the light of the lamp far?",
    "How often is the causeway dry?",
    "Which two birds nest under the gallery?",
    "What is heard in fog?",
)
FILE = f"""\
---
title: The lighthouse
topic: Lighthouses
---

## {LAMP} {{#lamp}}

- [x] A ring of glass
- [ ] A taller flame
- [ ] A coat of paint

> The glass bends what would be lost.

## {TIDE} {{#tide}}

- [x] Once a day
- [ ] Twice a day
- [ ] Every spring

> There are two low waters a day.

## {BIRDS} {{#birds}}

- [x] The fulmar
- [x] The shag
- [ ] The wren
- [ ] The swift

> Both take ledges over the sea.

## {FOG} {{#fog}}

- [ ] A bell
- [x] A horn
- [ ] A whistle

> The bell was taken down.
"""
BROKEN = FILE.replace("- [x] A horn", "- [ ] A horn").replace("{#lamp}", "{#lamp level=9}")
CORRECTED = FILE.replace("[x] Once", "[ ] Once").replace("[ ] Twice", "[x] Twice")

KEYS = {
    LAMP: {"A ring of glass"},
    TIDE: {"Once a day"},
    BIRDS: {"The fulmar", "The shag"},
    FOG: {"A horn"},
}
KEYS_CORRECTED = {**KEYS, TIDE: {"Twice a day"}}
PASS_MARK = Fraction(1, 2)
REASON = "There are two low waters a day."

CHOSEN: dict[str, Answers] = {
    "Pia": {LAMP: {"A ring of glass"}, TIDE: {"Once a day"}, BIRDS: {"The fulmar", "The shag"}},
    "Kim": {
        LAMP: {"A ring of glass"},
        TIDE: {"Twice a day"},
        BIRDS: {"The fulmar"},
        FOG: {"A bell"},
    },
    "Noa": {
        LAMP: {"A coat of paint"},
        TIDE: {"Twice a day"},
        BIRDS: {"The fulmar", "The shag"},
        FOG: {"A horn"},
    },
    "Ola": {
        LAMP: {"A ring of glass"},
        TIDE: {"Once a day"},
        BIRDS: {"The wren", "The swift"},
        FOG: {"A horn"},
    },
    "Rui": {
        LAMP: {"A taller flame"},
        TIDE: {"Every spring"},
        BIRDS: {"The fulmar", "The shag", "The wren"},
        FOG: {"A bell"},
    },
}
"""Pia leaves one question out."""


def test_the_day_of_an_exam(new_context: NewContext, server: Server, tmp_path: Path) -> None:
    with patient():
        iris = arrive(new_context, server)
        publish_after_mending(iris, tmp_path)
        link = make_class(iris)
        exam = set_exam(iris)
        students = Students(new_context, link)
        phone = students.join("Pia", viewport={"width": 375, "height": 667}, has_touch=True)
        keyboard = students.join_by_keyboard("Kim")
        shaky = students.join("Noa")
        others = {name: students.join(name) for name in ("Ola", "Rui")}
        give_double_time(iris, exam, "Kim")

        take_on_the_phone(phone)
        take_by_keyboard(keyboard)
        take_through_trouble(shaky, server)
        for name, page in others.items():
            take(page, name)

        gradebook = f"{iris.url.partition('/accommodations')[0]}/gradebook"
        expect_marks(iris, gradebook, KEYS)
        expect_item_analysis(iris, exam, KEYS)

        correct_the_key(iris)
        expect_marks(iris, gradebook, KEYS)
        regrade(iris, exam)
        expect_marks(iris, gradebook, KEYS_CORRECTED)
        expect_item_analysis(iris, exam, KEYS_CORRECTED)
        undo(iris, exam)
        expect_marks(iris, gradebook, KEYS)
        expect_audit(iris)


@contextmanager
def patient() -> Iterator[None]:
    """The machine may be busy: what is waited for may take its time."""
    expect.set_options(timeout=PATIENCE_MS)
    try:
        yield
    finally:
        expect.set_options(timeout=5000)


# the instructor prepares


def arrive(new_context: NewContext, server: Server) -> Page:
    """Iris comes by the link that the command prints for her."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}
    printed = subprocess.run(
        [QUIZAPP, "accounts", "create-instructor", "Iris"],
        env={**others, "QUIZAPP_INSTANCE": str(server.log.parent)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    link = re.search(r"/links/\S+", printed)
    assert link is not None, printed
    page = new_context(reduced_motion="reduce").new_page()
    set_password(page, link[0])
    return page


def publish_after_mending(page: Page, folder: Path) -> None:
    file = folder / "lighthouse.md"
    file.write_text(BROKEN)
    page.get_by_role("link", name="Teach").click()
    page.get_by_label("Upload question files").set_input_files(file)
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_text("2 errors")).to_be_visible()
    expect(page.get_by_role("link", name="lighthouse.md:6", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="lighthouse.md:31", exact=True)).to_be_visible()
    write(page, FILE)
    page.get_by_label("Only in assignments").check()
    publish(page)


def write(page: Page, text: str) -> None:
    """Put a text into the editor; the check beside it finds nothing to mend."""
    page.get_by_label("Text of the file").fill(text)
    expect(page.locator("[data-draft-status]")).to_have_text(re.compile("^Saved"))
    expect(page.get_by_text("ready")).to_be_visible()


def publish(page: Page) -> None:
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("lighthouse.md is live.")).to_be_visible()


def make_class(page: Page) -> str:
    """Make a class; the link by which students join it."""
    page.get_by_role("navigation", name="Teach").get_by_role("link", name="Classes").click()
    page.get_by_label("Name of the class").fill("Keepers")
    page.get_by_role("button", name="Make the class").click()
    expect(page.get_by_role("heading", name="Join Keepers")).to_be_visible()
    return page.locator("figcaption a").get_attribute("href") or ""


def set_exam(page: Page) -> str:
    """Make an exam of ten minutes from the preset and publish it; its address."""
    page.get_by_role("link", name="Assignments", exact=True).click()
    page.get_by_role("link", name="New assignment").click()
    page.get_by_role("button", name="Exam").click()
    page.get_by_label("Title").fill("Lighthouse exam")
    page.get_by_role("checkbox", name="The lighthouse").check()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    page.get_by_label("Closes", exact=True).fill(f"{tomorrow:%Y-%m-%dT%H:%M}")
    page.get_by_label("Time limit in minutes").fill("10")
    page.get_by_role("button", name="Make the draft").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("The class can see it now.")).to_be_visible()
    return page.url


def give_double_time(page: Page, exam: str, name: str) -> None:
    page.goto(exam)
    page.get_by_role("link", name="Grant more time").click()
    page.get_by_label("Student", exact=True).select_option(label=name)
    page.get_by_label("Time, in per cent of everyone's").fill("200")
    page.get_by_role("button", name="Grant it").click()
    granted = page.get_by_role("region", name="Granted now").get_by_role("row", name=name)
    expect(granted).to_contain_text("20 min (extended from 10)")


# the students take it


@dataclass(frozen=True)
class Students:
    new_context: NewContext
    link: str

    def page(self, **device: object) -> Page:
        return self.new_context(reduced_motion="reduce", **device).new_page()

    def join(self, name: str, **device: object) -> Page:
        page = self.page(**device)
        page.goto(self.link)
        page.get_by_label("Your name in this class").fill(name)
        page.get_by_role("button", name="Join as a guest").click()
        expect(page.get_by_text("You are in Keepers.").first).to_be_visible()
        return page

    def join_by_keyboard(self, name: str) -> Page:
        page = self.page()
        page.goto(self.link)
        reach(page.get_by_label("Your name in this class"))
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        expect(page.get_by_text("You are in Keepers.").first).to_be_visible()
        return page


def start(page: Page, limit: str = "10 min") -> None:
    """From the page of the class into the exam."""
    page.get_by_role("link", name="Lighthouse exam").click()
    expect_limit(page, limit)
    page.get_by_label("I have read this and start now").check()
    page.get_by_role("button", name="Start").click()
    expect_question(page, 1)


def expect_limit(page: Page, limit: str) -> None:
    facts = page.locator("dl.facts")
    expect(facts).to_contain_text(limit)
    expect(facts).to_contain_text("1 of 1 left")


def expect_question(page: Page, number: int) -> None:
    expect(page).to_have_url(re.compile(rf"/graded/[\w-]+/{number}$"))
    expect(page).to_have_title(re.compile(f"^Question {number} of 4"))
    expect(page.locator("[data-timer]")).to_have_text(re.compile("left$"))  # the scripts are there


def expect_time_left(page: Page, minutes: int) -> None:
    left = re.compile(rf"^({minutes - 1}:\d\d|{minutes}:00) left$")
    expect(page.locator("[data-timer]")).to_have_text(left)


def stem(page: Page) -> str:
    return page.locator("main legend h1").inner_text()


def choices(page: Page) -> Locator:
    return page.locator("main label.choice")


def choice(page: Page, text: str) -> Locator:
    return choices(page).filter(has_text=text)


def text_of(row: Locator) -> str:
    """The text of a choice without its letter."""
    return row.locator("span").last.inner_text()


def saved(page: Page) -> Locator:
    return page.locator("[data-saved]")


def expect_saved(page: Page) -> None:
    expect(saved(page)).to_have_text(re.compile(r"^Saved \d?\d:\d\d"))


def answer(page: Page, wanted: set[str]) -> None:
    for text in sorted(wanted):
        choice(page, text).click()
        expect_saved(page)


def go_on(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Save and")).click()


def submit(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.get_by_role("button", name="Submit my answers").click()
    expect_submitted(page)


def expect_submitted(page: Page) -> None:
    """No marks are shown before it has closed for everyone."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Submitted")
    expect(page.locator("main")).to_contain_text("Results are shown after everyone's time is over")
    expect(page.locator("main")).not_to_contain_text("%")


def take_on_the_phone(page: Page) -> None:
    start(page)
    expect_time_left(page, 10)
    for number in range(1, 5):
        expect_question(page, number)
        assert page.evaluate("document.documentElement.scrollWidth") == 375
        for text in sorted(CHOSEN["Pia"].get(stem(page), ())):
            choice(page, text).tap()
            expect_saved(page)
        page.get_by_role("button", name=re.compile("^Save and")).tap()
    submit(page, "1 question is not answered")


def take(page: Page, name: str) -> None:
    start(page)
    for number in range(1, 5):
        expect_question(page, number)
        answer(page, CHOSEN[name][stem(page)])
        go_on(page)
    submit(page, "All questions are answered")


def take_by_keyboard(page: Page) -> None:
    keys = page.keyboard
    reach(page.get_by_role("link", name="Lighthouse exam"))
    keys.press("Enter")
    expect_limit(page, "20 min (extended from 10)")
    reach(page.get_by_label("I have read this and start now"))
    keys.press("Space")
    reach(page.get_by_role("button", name="Start"))
    keys.press("Enter")
    expect_time_left(page, 20)
    for number in range(1, 5):
        expect_question(page, number)
        if number > 1:
            expect(page.locator("main legend h1")).to_be_focused()
        for text in sorted(CHOSEN["Kim"][stem(page)]):
            pick_by_keyboard(page, text)
            expect_saved(page)
        reach(page.get_by_role("button", name=re.compile("^Save and")))
        keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("All questions are answered")
    reach(page.get_by_role("button", name="Submit my answers"))
    keys.press("Enter")
    expect_submitted(page)


def reach(target: Locator) -> None:
    """Press Tab until the focus is there."""
    for _ in range(80):
        if has_focus(target):
            return
        target.page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not lead to {target}")


def has_focus(target: Locator) -> bool:
    return target.evaluate("element => element === document.activeElement")


def pick_by_keyboard(page: Page, text: str) -> None:
    """Tab leads to each checkbox, but to radio buttons only as a group, in which arrows lead on."""
    wanted = choice(page, text).locator("input")
    if wanted.get_attribute("type") == "checkbox":
        reach(wanted)
        page.keyboard.press("Space")
    else:
        reach(choices(page).locator("input").first)
        page.keyboard.press("Space")
        for _ in range(choices(page).count()):
            if not has_focus(wanted):
                page.keyboard.press("ArrowDown")
    expect(wanted).to_be_checked()


def take_through_trouble(page: Page, server: Server) -> None:
    """The network goes after the first question, and the tab is lost before it is back."""
    start(page)
    expect_time_left(page, 10)
    answer(page, CHOSEN["Noa"][stem(page)])
    go_on(page)
    expect_question(page, 2)
    context, clicks = page.context, choose_without_network(page)
    address = page.url
    attempt = address.rsplit("/", 2)[1]
    page.close()
    assert saves_of(server, attempt, position=2) == []
    context.set_offline(False)

    page = context.new_page()
    page.goto(address)
    expect_question(page, 2)
    chosen = CHOSEN["Noa"][stem(page)]
    for row in choices(page).all():
        expect(row.locator("input")).to_be_checked(checked=text_of(row) in chosen)
    expect_saved(page)
    go_on(page)
    expect_question(page, 3)
    assert saves_of(server, attempt, position=2) == ["kept"] * clicks
    for number in (3, 4):
        expect_question(page, number)
        answer(page, CHOSEN["Noa"][stem(page)])
        go_on(page)
    submit(page, "All questions are answered")


def choose_without_network(page: Page) -> int:
    """Be of another mind at first, and choose then what is chosen, for a minute by the page's
    clock; how many clicks that took.
    """
    chosen = CHOSEN["Noa"][stem(page)]
    other = next(row for row in choices(page).all() if text_of(row) not in chosen)
    is_single = other.locator("input").get_attribute("type") == "radio"
    clicks = [
        other,
        *(choice(page, text) for text in sorted(chosen)),
        *([] if is_single else [other]),
    ]
    page.clock.install()
    page.context.set_offline(True)
    for row in clicks:
        row.click()
        expect(saved(page)).to_have_text("Not saved yet, retrying")
    page.clock.fast_forward("01:00")
    go_on(page)
    expect(page.get_by_text("Not sent. Your answer is kept here.")).to_be_visible()
    expect(saved(page)).to_have_text("Not saved yet, retrying")
    return len(clicks)


def saves_of(server: Server, attempt: str, position: int) -> list[str]:
    """What became of all answers to a question that reached the server."""
    engine = make_engine(f"sqlite:///{server.log.parent / 'quizapp.sqlite3'}")
    with Session(engine) as session:
        outcomes = session.scalars(
            select(SavedAnswer.outcome)
            .join(Item, Item.id == SavedAnswer.item_id)
            .join(Attempt, Attempt.id == Item.attempt_id)
            .where(Attempt.public_id == attempt, Item.position == position)
        ).all()
    engine.dispose()
    return list(outcomes)


# what comes of it, worked out independently


def earned(chosen: set[str], keys: set[str]) -> Fraction:
    right, wrong = len(chosen & keys), len(chosen - keys)
    return max(Fraction(right - wrong, len(keys)), Fraction(0))


def score(name: str, keys: Answers) -> Fraction:
    answers = CHOSEN[name]
    return sum((earned(answers.get(s, set()), keys[s]) for s in keys), Fraction(0)) / len(keys)


def expect_marks(page: Page, gradebook: str, keys: Answers) -> None:
    page.goto(gradebook)
    for name in CHOSEN:
        share = score(name, keys)
        row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))
        expect(row.locator(".total")).to_have_text(per_cent(share))
        word = "passed" if share >= PASS_MARK else "failed"
        expect(row.get_by_role("link").last).to_contain_text(re.compile(rf"\b{word}"))


def per_cent(share: Fraction) -> re.Pattern[str]:
    return re.compile(rf"^{float(100 * share):g}\s%$")


def expect_item_analysis(page: Page, exam: str, keys: Answers) -> None:
    page.goto(exam)
    page.get_by_role("link", name="Item analysis").last.click()
    expect(page.get_by_role("heading", name=f"{len(CHOSEN)} attempts")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        rows = {row["Stem"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(keys)
    for asked, row in rows.items():
        expect_figures(row, [answers.get(asked, set()) for answers in CHOSEN.values()], keys[asked])


def expect_figures(row: Mapping[str, str], chosen: list[set[str]], keys: set[str]) -> None:
    credits_ = [earned(each, keys) for each in chosen]
    assert float(row["Facility"]) == pytest.approx(float(mean(credits_)), abs=1e-9)
    low, high = wilson(sum(credit == 1 for credit in credits_), len(chosen))
    assert float(row["Wholly right, low"]) == pytest.approx(low, abs=1e-6)
    assert float(row["Wholly right, high"]) == pytest.approx(high, abs=1e-6)
    assert row["Item-rest r"] == ""  # no figure that so few answers cannot bear
    answered = sum(map(bool, chosen))
    counted = (str(len(chosen)), str(answered), str(len(chosen) - answered), "0")
    assert (row["Reached"], row["Answered"], row["Skipped"], row["Unseen"]) == counted
    for letter in "ABCD":
        if text := row[f"{letter}: text"]:
            assert row[f"{letter}: chosen"] == str(sum(text in each for each in chosen)), text


def wilson(successes: int, n: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927)."""
    z, share = 1.959964, successes / n
    middle = share + z**2 / (2 * n)
    spread = z * sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return (middle - spread) / (1 + z**2 / n), (middle + spread) / (1 + z**2 / n)


# a key is corrected


def correct_the_key(page: Page) -> None:
    page.goto("/teach/library")
    page.get_by_role("link", name="Versions and settings of lighthouse.md").click()
    page.get_by_role("button", name="Edit").click()
    write(page, CORRECTED)
    expect(page.get_by_role("region", name="What publishing changes")).to_contain_text(TIDE)
    publish(page)


def regrade(page: Page, exam: str) -> None:
    page.goto(exam)
    offer = page.get_by_role("region", name="Questions that changed after they were asked")
    expect(offer).to_contain_text(TIDE)
    offer.get_by_role("link", name="Decide about its marks").click()
    expect(page.get_by_label("Grade all answers again")).to_be_checked()
    expect(page.get_by_label("Twice a day")).to_be_checked()
    page.get_by_label("Why").fill(REASON)
    page.get_by_role("button", name="See whose marks change").click()
    expect(page.get_by_text("Marks of 4 students change: 2 higher, 2 lower")).to_be_visible()
    expect(page.get_by_text("1 newly passes, 0 newly fail")).to_be_visible()
    expect(page.get_by_text("1 student who was asked keeps their marks")).to_be_visible()
    for name in CHOSEN.keys() - {"Rui"}:
        change = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))
        before, after = score(name, KEYS), score(name, KEYS_CORRECTED)
        told = rf"{float(100 * before):g}\s% → {float(100 * after):g}\s%"
        expect(change).to_contain_text(re.compile(told))
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_role("status").first).to_contain_text("The regrade is done")


def undo(page: Page, exam: str) -> None:
    page.goto(exam)
    page.get_by_role("link", name="Marks", exact=True).click()
    page.get_by_role("link", name="Questions and regrades").click()
    page.get_by_role("link", name="Undo the regrade").click()
    expect(page.get_by_text("Marks of 4 students change: 2 higher, 2 lower")).to_be_visible()
    page.get_by_role("button", name="Undo it").click()
    expect(page.get_by_role("status").first).to_contain_text("The regrade is undone")


def expect_audit(page: Page) -> None:
    """Who regraded and who undid it, and why."""
    page.goto("/teach/audit")
    deeds = page.get_by_role("row").filter(has_text=REASON).filter(has_text="Iris")
    expect(deeds.filter(has_text="regraded the question")).to_have_count(1)
    expect(deeds.filter(has_text="undid the regrade of the question")).to_have_count(1)
