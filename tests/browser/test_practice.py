"""Answering a deck in a browser, whatever the learner's hands, script, network and habits."""

import re
from collections.abc import Callable
from itertools import count
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.browser.people import (
    answer,
    asked,
    choices,
    choose,
    finish,
    go_on,
    sign_in,
    sign_up,
    start,
    takes_several,
    verdict,
)

NewContext = Callable[..., BrowserContext]

NAMES = (f"Walker {number}" for number in count(1))


def result_of(page: Page) -> Locator:
    page.goto(page.url.partition("/items/")[0] + "/result")
    return page.get_by_role("heading", level=1)


def test_a_visitor_finishes_a_deck_without_an_account(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="A short walk").click()
    page.get_by_role("button", name="Start practice").click()
    finish(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("3 of 3 right")


def test_every_step_works_without_javascript(new_context: NewContext) -> None:
    page = new_context(java_script_enabled=False).new_page()
    start(page)
    page.get_by_role("button", name="Check answer").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose an answer")
    page.get_by_role("button", name="Skip").click()
    expect(page).to_have_url(re.compile("/items/2$"))
    answer(page, right=False)
    go_on(page)
    answer(page)
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 of 2 right so far")
    page.get_by_role("link", name="Answer what you skipped").click()
    answer(page)
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("2 of 3 right")
    page.get_by_role("button", name="Review the one you missed").click()
    finish(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("1 of 1 right")


def test_a_deck_is_finished_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    press_on(page, page.get_by_role("link", name="A short walk"))
    press_on(page, page.get_by_role("button", name="Start practice"))
    for step in ("by arrow", "by letter", "with certainty"):
        expect(asked(page)).to_be_visible()
        KEYSTROKES[step](page)
        page.keyboard.press("Enter")
        expect(verdict(page)).to_be_focused()
        page.keyboard.press("Enter")
        expect(verdict(page)).to_be_hidden()
        if step != "with certainty":
            expect(asked(page)).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_contain_text("of 3 right")


def test_answering_does_not_reload_the_page_and_keeps_its_address_true(page: Page) -> None:
    start(page)
    page.evaluate("window.stayed = true")
    answer(page)
    expect(page).to_have_url(re.compile("/items/1$"))
    expect(page).to_have_title(re.compile("^Right"))
    go_on(page)
    expect(page).to_have_url(re.compile("/items/2$"))
    page.get_by_role("button", name="Check answer").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error:"))
    page.get_by_role("button", name="Skip").click()
    expect(page).to_have_url(re.compile("/items/3$"))
    answer(page)
    go_on(page)
    expect(page).to_have_url(re.compile("/result$"))
    assert page.evaluate("window.stayed")


def test_the_error_summary_leads_to_the_choices(page: Page) -> None:
    start(page)
    page.get_by_role("button", name="Check answer").click()
    page.get_by_role("alert").get_by_role("link").click()
    expect(choices(page).first).to_be_focused()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_going_back_shows_the_feedback_and_no_second_chance(
    new_context: NewContext, script: bool
) -> None:
    page = new_context(java_script_enabled=script).new_page()
    start(page)
    answer(page, right=False)
    go_on(page)
    page.go_back()
    expect(page).to_have_url(re.compile("/items/1$"))
    expect(verdict(page)).to_be_visible()
    expect(choices(page)).to_have_count(0)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_double_click_gives_one_response(new_context: NewContext, script: bool) -> None:
    page = new_context(java_script_enabled=script).new_page()
    start(page)
    choose(page, right=True)
    page.get_by_role("button", name="Check answer").dblclick()
    expect(verdict(page)).to_be_visible()
    expect(result_of(page)).to_contain_text("1 of 1 right so far")


def test_in_a_second_tab_the_first_answer_stands(page: Page, context: BrowserContext) -> None:
    start(page)
    second = context.new_page()
    second.goto(page.url)
    answer(page, right=False)
    said = verdict(page).inner_text()
    answer(second, right=True)
    assert verdict(second).inner_text() == said
    expect(second.get_by_role("status").first).to_contain_text("your first answer stands")
    expect(result_of(page)).to_contain_text("0 of 1 right so far")


@pytest.mark.parametrize("failure", ["offline", "the server is busy"])
def test_what_was_not_sent_is_kept_and_can_be_sent_again(
    page: Page, context: BrowserContext, failure: str
) -> None:
    start(page)
    choose(page, right=True)
    if failure == "offline":
        context.set_offline(True)
    else:
        page.route("**/response", _busy)
    page.get_by_role("button", name="Check answer").click()
    told = page.get_by_role("status").filter(has_text="Not sent")
    expect(told).to_be_visible()
    assert [control.is_checked() for control in choices(page, "Yes,").all()] == (
        [True, True] if takes_several(page) else [True]
    )
    context.set_offline(False)
    page.unroute_all()
    told.get_by_role("button", name="Try again").click()
    expect(verdict(page)).to_have_text("Right")
    expect(told).to_be_hidden()


def test_a_slow_connection_is_said_to_be_one(page: Page) -> None:
    start(page)
    choose(page, right=True)
    held: list[Route] = []
    page.route("**/response", lambda route: held.append(route))  # noqa: PLW0108  # a builtin is not taken
    page.get_by_role("button", name="Check answer").click()
    status = page.locator("[data-status]")
    expect(status).to_have_text("The connection is slow. Still waiting …")
    held[0].continue_()
    expect(verdict(page)).to_be_visible()
    expect(status).to_be_empty()


def test_a_guest_who_signs_up_keeps_their_progress(page: Page) -> None:
    start(page)
    answer(page)
    attempt = page.url.partition("/items/")[0]
    sign_up(page, next(NAMES))
    page.goto("/")
    page.get_by_role("link", name="Continue").click()
    expect(page).to_have_url(f"{attempt}/items/2")


def test_an_attempt_is_resumed_on_another_device_at_the_same_question(
    page: Page, new_context: NewContext
) -> None:
    name = next(NAMES)
    sign_up(page, name)
    start(page)
    answer(page)
    go_on(page)
    here, shown = page.url, page.locator("main form fieldset").first.inner_text()
    elsewhere = new_context().new_page()
    sign_in(elsewhere, name)
    elsewhere.get_by_role("link", name="Continue").click()
    expect(elsewhere).to_have_url(here)
    assert elsewhere.locator("main form fieldset").first.inner_text() == shown


def test_a_walk_asks_no_other_host_and_the_console_stays_silent(
    page: Page, context: BrowserContext, base_url: str
) -> None:
    sent: list[str] = []
    complaints: list[str] = []
    context.on("request", lambda request: sent.append(request.url))
    context.on("console", lambda message: complaints.append(message.text))
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    for path in ("/", "/read", "/progress", "/mix", "/sign-in"):
        page.goto(path)
    start(page)
    finish(page)
    sign_up(page, next(NAMES))
    for path in ("/progress", "/account", "/account/deletion"):
        page.goto(path)
    page.get_by_label("Text size, contrast and theme").click()
    page.locator("[name=theme][value=dark]").check(force=True)
    assert {urlsplit(url).netloc for url in sent} == {urlsplit(base_url).netloc}
    assert complaints == []


def test_pages_carry_no_inline_script_or_style(page: Page) -> None:
    """What the policy would refuse, so that nothing on a page depends on it."""
    start(page)
    answer(page)
    assert page.locator("[style], style, script:not([src])").count() == 0


def test_reading_tools_take_hold_at_once_and_are_kept(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Text size, contrast and theme").click()
    with page.expect_response("**/display"):
        page.locator("[name=contrast][value=high]").check(force=True)
    expect(page.locator("html")).to_have_attribute("data-contrast", "high")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-contrast", "high")


def test_letters_choose_and_digits_say_how_sure(page: Page) -> None:
    start(page)
    page.keyboard.press("b")
    expect(choices(page).nth(1)).to_be_checked()
    for level, words in enumerate(("a guess", "fairly", "certain"), start=1):
        page.keyboard.press(str(level))
        expect(page.get_by_label(words, exact=True)).to_be_checked()
    page.keyboard.press("4")
    expect(choices(page).nth(1)).to_be_checked()
    page.keyboard.press("Enter")
    expect(verdict(page)).to_be_focused()
    expect(page.get_by_text("You said: certain.")).to_be_visible()


def test_where_nobody_asks_how_sure_one_is_digits_choose(page: Page) -> None:
    start(page)
    asking = page.url
    page.goto("/review/settings")
    page.get_by_label("Ask me how sure I am").uncheck()
    page.get_by_role("button", name="Save").click()
    page.goto(asking)
    page.keyboard.press("2")
    expect(choices(page).nth(1)).to_be_checked()


def test_letters_and_digits_can_be_switched_off(page: Page) -> None:
    start(page)
    page.get_by_label("Text size, contrast and theme").click()
    page.get_by_label("Letters and digits choose answers").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.keyboard.press("3")
    expect(choices(page).first).not_to_be_checked()
    expect(page.get_by_label("certain", exact=True)).not_to_be_checked()


def test_a_question_of_four_choices_fits_a_phone_with_its_button(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto("/mix")
    page.get_by_label("How many questions?").fill("")
    page.get_by_role("button", name="Start practice").click()
    expect(page).to_have_url(re.compile(r"/items/1$"))
    attempt, size = page.url.partition("/items/")[0], page.locator(".progress i").count()
    beyond: dict[str, float] = {}
    for position in range(1, size + 1):
        page.goto(f"{attempt}/items/{position}")
        if choices(page).count() <= 4:
            box = page.get_by_role("button", name="Check answer").bounding_box()
            assert box is not None
            beyond[asked(page).inner_text()] = box["y"] + box["height"] - 700
    assert beyond
    assert {stem: by for stem, by in beyond.items() if by > 0} == {}


def test_a_first_visit_to_a_question_weighs_at_most_60_kb(
    page: Page, new_context: NewContext
) -> None:
    start(page, "article-4")
    newcomer = new_context(storage_state=page.context.storage_state()).new_page()
    wire = newcomer.context.new_cdp_session(newcomer)
    wire.send("Network.enable")
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    newcomer.goto(page.url, wait_until="networkidle")
    icon = newcomer.request.get(newcomer.locator("link[rel=icon]").first.evaluate("it => it.href"))
    assert len(sizes) > 3, "the page, its style and its scripts"
    assert sum(sizes) + len(icon.body()) <= 60_000


def test_following_questions_take_at_most_two_requests(page: Page) -> None:
    start(page)
    sent: list[str] = []
    # The icon belongs to the first visit, but browsers fetch it when they have time.
    page.on("request", lambda r: None if "favicon" in r.url else sent.append(r.url))
    answer(page)
    assert len(sent) <= 2
    sent.clear()
    go_on(page)
    assert len(sent) <= 2


def press_on(page: Page, target: Locator) -> None:
    """Tab to it from where the focus is, and press Enter."""
    tab_to(page, target)
    page.keyboard.press("Enter")


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(60):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {target}")


def _by_arrow(page: Page) -> None:
    tab_to(page, choices(page).first)
    page.keyboard.press("Space" if takes_several(page) else "ArrowDown")


def _by_letter_and_digit(page: Page) -> None:
    page.keyboard.press("a")
    page.keyboard.press("3")


KEYSTROKES: dict[str, Callable[[Page], None]] = {
    "by arrow": _by_arrow,
    "by letter": lambda page: page.keyboard.press("b"),
    "with certainty": _by_letter_and_digit,
}


def _busy(route: Route) -> None:
    route.fulfill(status=503, body="busy")
