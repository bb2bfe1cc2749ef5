"""Every page in every state in which people meet it, each as a way to get there."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.people import PASSWORD, answer, choose, finish, go_on, start, takes_several


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


def _tables_open(stage: Stage) -> Page:
    page = stage.opened("/progress", stage.known.ada)
    for summary in page.locator("main summary").all():
        summary.click()
    return page


def _ada_finished(stage: Stage) -> Page:
    page = stage.opened("/progress", stage.known.ada)
    page.get_by_role("link", name="A short walk").last.click()
    expect(page).to_have_title(re.compile("^Result"))
    return page


STATES: dict[str, State] = {
    "home of a visitor": lambda stage: stage.opened("/"),
    "home where one left off": _guest_at("/"),
    "home with nothing left open": lambda stage: stage.opened("/", stage.known.ada),
    "home without decks": lambda stage: stage.opened(stage.deserted),
    "reading tools open": _reading_tools,
    "deck": lambda stage: stage.opened("/decks/walk"),
    "deck with progress": lambda stage: stage.opened("/decks/walk", stage.known.ada),
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
    "sources": lambda stage: stage.opened("/read"),
    "no sources": lambda stage: stage.opened(f"{stage.deserted}/read"),
    "progress empty": lambda stage: stage.opened("/progress"),
    "progress filled": _tables_open,
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
    "coverage": lambda stage: stage.opened("/teach/coverage", stage.known.grace),
    "deck for instructors": lambda stage: stage.opened("/teach/decks/walk", stage.known.grace),
    "question for instructors": lambda stage: stage.opened(
        "/teach/decks/walk/questions/step", stage.known.grace
    ),
    "403": lambda stage: stage.opened("/teach/library", stage.known.ada),
    "404": lambda stage: stage.opened("/nowhere"),
    "stale form": _stale_form,
}
