"""Every page in every state in which people meet it, each as a way to get there."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from tests.browser.people import (
    PASSWORD,
    answer,
    choices,
    choose,
    finish,
    go_on,
    start,
    takes_several,
)
from tests.support.library import KEYLESS, LAKES, NEW_KEY


@dataclass(frozen=True)
class Known:
    """What a server knows: cookies of `ada`, a learner with a finished attempt, and of `grace`,
    an instructor; `link`, which signs in once and was not used."""

    ada: Path
    grace: Path
    link: str


@dataclass(frozen=True)
class Stage:
    """What states are reached from; `deserted` is the address of a site without questions."""

    new_context: Callable[..., BrowserContext]
    known: Known
    deserted: str

    def page(self, who: Path | None = None) -> Page:
        """A page of a browser of its own."""
        return self.new_context(storage_state=who).new_page()

    def opened(self, path: str, who: Path | None = None) -> Page:
        page = self.page(who)
        page.goto(path)
        return page

    def asked(self, *, several: bool = False) -> Page:
        """A guest before a question of the walk, of the one kind or the other."""
        page = self.page()
        start(page)
        while takes_several(page) != several:
            before = page.url
            page.get_by_role("button", name="Skip").click()
            expect(page).not_to_have_url(before)
        return page

    def answered(self, *, right: bool) -> Page:
        page = self.asked()
        page.get_by_label("certain").check()
        answer(page, right=right)
        return page


State = Callable[[Stage], Page]


def _submitted(page: Page, button: str) -> Page:
    """The page after its form was sent as it was and the server refused it."""
    page.locator("form").evaluate_all("forms => forms.forEach(form => form.noValidate = true)")
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


def _filled(page: Page, **fields: str) -> Page:
    for label, text in fields.items():
        page.get_by_label(label, exact=True).fill(text)
    return page


def _guest_at(path: str) -> State:
    def reached(stage: Stage) -> Page:
        page = stage.answered(right=True)
        page.goto(path)
        return page

    return reached


def _guest_at_end(stage: Stage) -> Page:
    page = stage.page()
    start(page)
    finish(page, right=False)
    return page


def _partly(stage: Stage) -> Page:
    page = stage.asked(several=True)
    page.get_by_label("Yes, the bridge").check()
    page.get_by_role("button", name="Check answer").click()
    expect(page.get_by_role("heading", name="Partly right")).to_be_visible()
    return page


def _not_sent(stage: Stage) -> Page:
    page = stage.asked()
    choose(page, right=True)
    page.context.set_offline(True)
    page.get_by_role("button", name="Check answer").click()
    expect(page.get_by_role("status").filter(has_text="Not sent")).to_be_visible()
    page.context.set_offline(False)
    return page


def _second_answer(stage: Stage) -> Page:
    page = stage.asked()
    second = page.context.new_page()
    second.goto(page.url)
    answer(page)
    answer(second)
    return second


def _unfinished_result(stage: Stage) -> Page:
    page = stage.answered(right=False)
    go_on(page)
    page.goto(page.url.partition("/items/")[0] + "/result")
    return page


def _mix_refused(stage: Stage) -> Page:
    page = stage.opened("/mix")
    for deck in page.get_by_role("group", name="From which decks?").get_by_role("checkbox").all():
        deck.uncheck()
    return _submitted(page, "Start practice")


def _sign_up_refused(stage: Stage) -> Page:
    return _submitted(_filled(stage.opened("/sign-up"), Name="x", Password="x"), "Make my account")


def _sign_in_refused(stage: Stage) -> Page:
    page = _filled(stage.opened("/sign-in"), Name="x", Password=PASSWORD)
    return _submitted(page, "Sign in")


def _reading_tools(stage: Stage) -> Page:
    page = stage.opened("/")
    page.get_by_label("Text size, contrast and theme").click()
    return page


def _stale_form(stage: Stage) -> Page:
    page = stage.opened("/sign-in")
    page.context.clear_cookies()
    page = _filled(page, Name="x", Password="x")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("stale")
    return page


def _sprint(stage: Stage) -> Page:
    page = stage.opened("/practise")
    page.get_by_role("button", name="Start the sprint").click()
    expect(page.get_by_text(re.compile(" left$"))).to_be_visible()
    return page


def _sprint_finished(stage: Stage) -> Page:
    page = _sprint(stage)
    choices(page).first.check(force=True)
    page.get_by_role("button", name="Check answer").click()
    page.get_by_role("link", name="Stop here").click()
    page.get_by_role("button", name="End here").click()
    expect(page.get_by_text(re.compile("^5 minutes: "))).to_be_visible()
    return page


def _flashcard_turned(stage: Stage) -> Page:
    page = stage.opened("/decks/walk/flashcards")
    for summary in page.locator("main summary:visible").all():
        summary.click()
    return page


def _reminders(stage: Stage) -> Page:
    page = stage.opened("/review/reminders", stage.known.ada)
    page.get_by_role("button", name=re.compile("^Make (a new|an) address")).click()
    expect(page.get_by_text("Your calendar has a new address")).to_be_visible()
    return page


def _tables_open(stage: Stage) -> Page:
    page = stage.opened("/progress", stage.known.ada)
    for summary in page.locator("main summary").all():
        summary.click()
    return page


def _calibration_of_guest(stage: Stage) -> Page:
    page = stage.answered(right=False)
    page.goto("/progress/calibration")
    for summary in page.locator("main summary").all():
        summary.click()
    return page


def _test_in_place(stage: Stage) -> Page:
    page = stage.opened("/read/walk-notes")
    page.get_by_role("button", name="Test yourself").click()
    expect(page.locator("[data-test-place] .choices")).to_be_visible()
    return page


def _test_answered_in_place(stage: Stage) -> Page:
    page = _test_in_place(stage)
    choose(page, right=False)
    page.get_by_role("button", name="Check answer").click()
    expect(page.locator("[data-test-place] .verdict")).to_be_visible()
    return page


def _passages_unfolded(stage: Stage) -> Page:
    page = stage.page(stage.known.ada)
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/read/walk-notes")
    page.locator("[data-fold] summary").click()
    return page


def _ada_finished(stage: Stage) -> Page:
    page = stage.opened("/progress", stage.known.ada)
    page.get_by_role("link", name="A short walk").last.click()
    expect(page).to_have_title(re.compile("^Result"))
    return page


def _draft(stage: Stage, name: str, text: str) -> Page:
    """Grace at the draft of a file that she uploaded."""
    page = stage.opened("/teach/library", stage.known.grace)
    file: FilePayload = {"name": name, "mimeType": "text/markdown", "buffer": text.encode()}
    page.get_by_label("Upload question files").set_input_files(file)
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("heading", name=f"Draft of {name}")).to_be_visible()
    return page


def _published(stage: Stage) -> Page:
    page = _draft(stage, "lakes.md", LAKES)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("lakes.md is live.")).to_be_visible()
    return page


def _long_names(stage: Stage) -> Page:
    """Grace at a file of hers; its name, that of its deck and that of a draft have no place to
    break."""
    word = "unbroken" * 8
    text = LAKES.replace("All about lakes", f"All about {word}")
    _draft(stage, f"draft{word}.md", KEYLESS)
    page = _draft(stage, f"{word}.md", text)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text(f"{word}.md is live.")).to_be_visible()
    return page


def _draft_of_a_change(stage: Stage) -> Page:
    _published(stage)
    page = _draft(stage, "lakes.md", NEW_KEY.replace("A comet", "A small comet"))
    for summary in page.locator("[data-preview] summary").all():
        summary.click()
    return page


def _draft_overtaken(stage: Stage) -> Page:
    page = _draft(stage, "other.md", LAKES)
    second = page.context.new_page()
    second.goto(page.url)
    for tab, more in ((page, "one"), (second, "other")):
        tab.get_by_label("Text of the file").fill(f"{LAKES}\n{more}")
        expect(tab.locator("[data-draft-status]")).to_have_text(re.compile("aved"))
    expect(second.get_by_role("alert")).to_be_visible()
    return second


def _followed(page: Page, link: str) -> Page:
    before = page.url
    page.get_by_role("link", name=link).first.click()
    expect(page).not_to_have_url(before)
    return page


STATES: dict[str, State] = {
    "home of a visitor": lambda stage: stage.opened("/"),
    "home where one left off": _guest_at("/"),
    "home with nothing left open": lambda stage: stage.opened("/", stage.known.ada),
    "home without decks": lambda stage: stage.opened(stage.deserted),
    "reading tools open": _reading_tools,
    "deck": lambda stage: stage.opened("/decks/walk"),
    "deck with progress": lambda stage: stage.opened("/decks/walk", stage.known.ada),
    "ways to practise": lambda stage: stage.opened("/practise"),
    "ways to practise after answers": lambda stage: stage.opened("/practise", stage.known.ada),
    "sprint": _sprint,
    "sprint finished": _sprint_finished,
    "flashcards": lambda stage: stage.opened("/decks/walk/flashcards"),
    "flashcard turned": _flashcard_turned,
    "sheet to choose": lambda stage: stage.opened("/decks/walk/sheet"),
    "sheet refused": lambda stage: _submitted(
        _filled(stage.opened("/decks/walk/sheet"), Code=""), "Show the sheet"
    ),
    "sheet": lambda stage: stage.opened("/decks/walk/sheet?count=all&part=both&code=AB12"),
    "sheet for instructors": lambda stage: stage.opened(
        "/teach/decks/walk/sheet", stage.known.grace
    ),
    "reminders": _reminders,
    "reminder link void": lambda stage: stage.opened("/reminders/stop/void"),
    "mix": lambda stage: stage.opened("/mix"),
    "mix refused": _mix_refused,
    "question": lambda stage: stage.asked(),
    "question refused": lambda stage: _submitted(stage.asked(), "Check answer"),
    "question of several answers": lambda stage: stage.asked(several=True),
    "question not sent": _not_sent,
    "feedback right": lambda stage: stage.answered(right=True),
    "feedback wrong": lambda stage: stage.answered(right=False),
    "feedback partly right": _partly,
    "feedback with a notice": _second_answer,
    "result unfinished": _unfinished_result,
    "result finished": _ada_finished,
    "result of a guest": _guest_at_end,
    "read": lambda stage: stage.opened("/read/csto-true-colours"),
    "read with the list unfolded": _passages_unfolded,
    "read with a test": _test_in_place,
    "read with a test answered": _test_answered_in_place,
    "sources": lambda stage: stage.opened("/read"),
    "no sources": lambda stage: stage.opened(f"{stage.deserted}/read"),
    "progress empty": lambda stage: stage.opened("/progress"),
    "progress filled": _tables_open,
    "calibration empty": lambda stage: stage.opened("/progress/calibration"),
    "calibration filled": _calibration_of_guest,
    "sign-up": lambda stage: stage.opened("/sign-up"),
    "sign-up refused": _sign_up_refused,
    "sign-in refused": _sign_in_refused,
    "account": lambda stage: stage.opened("/account", stage.known.ada),
    "account refused": lambda stage: _submitted(
        stage.opened("/account", stage.known.ada), "Change password"
    ),
    "deletion": lambda stage: stage.opened("/account/deletion", stage.known.ada),
    "one-time link": lambda stage: stage.opened(stage.known.link),
    "one-time link void": lambda stage: stage.opened("/links/void"),
    "library": lambda stage: stage.opened("/teach/library", stage.known.grace),
    "library refused": lambda stage: _submitted(
        stage.opened("/teach/library", stage.known.grace), "Upload and check"
    ),
    "library without a match": lambda stage: stage.opened(
        "/teach/library?q=nothing", stage.known.grace
    ),
    "library with long names": lambda stage: _followed(_long_names(stage), "Library"),
    "file with a long name": _long_names,
    "retiring a file with a long name": lambda stage: _followed(_long_names(stage), "Retire"),
    "draft with errors": lambda stage: _draft(stage, "keyless.md", KEYLESS),
    "draft refused": lambda stage: _submitted(_draft(stage, "keyless.md", KEYLESS), "Publish"),
    "draft of a change": _draft_of_a_change,
    "draft overtaken": _draft_overtaken,
    "drafts": lambda stage: _followed(
        _followed(_draft(stage, "keyless.md", KEYLESS), "Library"), "What is found in them"
    ),
    "discarding a draft": lambda stage: _followed(_draft(stage, "keyless.md", KEYLESS), "Discard"),
    "file of an upload": _published,
    "file of the folder": lambda stage: _followed(
        stage.opened("/teach/decks/walk", stage.known.grace), "Versions and settings"
    ),
    "replacing a file": lambda stage: _followed(_published(stage), "Replace with a file"),
    "retiring a file": lambda stage: _followed(_published(stage), "Retire"),
    "audit": lambda stage: _followed(_published(stage), "Audit"),
    "coverage": lambda stage: stage.opened("/teach/coverage", stage.known.grace),
    "deck for instructors": lambda stage: stage.opened("/teach/decks/walk", stage.known.grace),
    "question for instructors": lambda stage: stage.opened(
        "/teach/decks/walk/questions/step", stage.known.grace
    ),
    "403": lambda stage: stage.opened("/teach/library", stage.known.ada),
    "404": lambda stage: stage.opened("/nowhere"),
    "stale form": _stale_form,
}
