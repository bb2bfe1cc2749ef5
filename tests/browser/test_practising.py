"""Sprints, flashcards and sheets in a browser."""

import re

from playwright.sync_api import Page, expect

from tests.browser.people import QUESTION, choices

SHEET = "/decks/walk/sheet?count=all&part={}&code=AB12"
PAGES = re.compile(rb"/Type\s*/Page\b(?!s)")


def start_sprint(page: Page, minutes: int) -> None:
    page.goto("/practise")
    page.get_by_role("group", name="How many minutes?").get_by_text(
        str(minutes), exact=True
    ).click()
    page.get_by_role("button", name="Start the sprint").click()
    expect(page).to_have_url(QUESTION)


def test_a_sprint_counts_down_and_ends_at_its_result(page: Page) -> None:
    page.clock.install()
    start_sprint(page, 1)
    clock = page.locator("[data-sprint-left]")
    expect(clock).to_have_text(re.compile(r"^(1:00|0:5\d) left$"))
    page.clock.run_for(35_000)
    expect(page.locator("[data-sprint-said]")).to_have_text("Less than 30 seconds are left.")
    page.clock.run_for(30_000)
    expect(page).to_have_title(re.compile("^Result"))
    expect(page.get_by_text("One minute: 0 answered.")).to_be_visible()


def test_the_clock_of_a_sprint_can_be_hidden_and_stays_so(page: Page) -> None:
    start_sprint(page, 5)
    page.get_by_role("button", name="Hide the time").click()
    expect(page.get_by_text("Time hidden")).to_be_visible()
    choices(page).first.check(force=True)
    page.get_by_role("button", name="Check answer").click()
    page.get_by_role("link", name="Next question").click()
    expect(page.get_by_text("Time hidden")).to_be_visible()
    page.get_by_role("button", name="Show the time").click()
    expect(page.get_by_text(re.compile(r"^[45]:\d\d left$"))).to_be_visible()


def test_flashcards_are_turned_and_moved_by_keyboard(page: Page) -> None:
    page.goto("/decks/walk/flashcards")
    expect(page.locator("[data-flashcard]:visible")).to_have_count(1)
    at = page.get_by_role("status").filter(has_text="of 3")
    expect(at).to_have_text("1 of 3")
    key = page.locator(".flash-key").first
    expect(key).to_be_hidden()
    page.keyboard.press("Space")
    expect(key).to_have_text("Yes, the first one")
    expect(key).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(at).to_have_text("2 of 3")
    expect(page.locator("[data-flashcard]:focus")).to_contain_text("on the way")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(at).to_have_text("3 of 3")
    page.reload()
    expect(at).to_have_text("3 of 3")
    page.keyboard.press("ArrowLeft")
    expect(at).to_have_text("2 of 3")


def test_space_on_a_control_does_what_the_control_does(page: Page) -> None:
    page.goto("/decks/walk/flashcards")
    page.get_by_text("Show the choices").first.focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("No, the second one")).to_be_visible()
    expect(page.locator("[data-turn][open]")).to_have_count(0)


def test_the_key_of_a_sheet_is_on_a_page_of_its_own(page: Page) -> None:
    counts = {}
    for part in ("both", "sheet", "key"):
        page.goto(SHEET.format(part))
        # A page as high as all of it, so that only a break makes another.
        counts[part] = len(PAGES.findall(page.pdf(width="210mm", height="3000mm")))
    assert counts == {"both": 2, "sheet": 1, "key": 1}
