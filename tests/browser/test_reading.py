"""Reading the notes: a test in its place, what was read, and both without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.people import answer, choose, finish, sign_up, verdict

NOTES = "/read/walk-notes"


@pytest.fixture
def plain(new_context: Callable[..., BrowserContext]) -> Page:
    """A page of a browser without scripts."""
    return new_context(java_script_enabled=False).new_page()


def begin_test(page: Page) -> None:
    page.get_by_role("button", name="Test yourself").click()
    expect(page.get_by_role("button", name="Check answer")).to_be_visible()


def test_a_passage_is_tested_below_it(page: Page) -> None:
    sign_up(page, "Reader of the walk")
    page.goto(NOTES)
    expect(page.get_by_text("3 questions, none answered yet.")).to_be_visible()
    begin_test(page)
    place = page.locator("[data-test-place]")
    for number in range(1, 4):
        expect(place).to_contain_text(f"Question {number} of 3")
        choose(page, right=True)
        page.keyboard.press("Enter")
        expect(place.get_by_role("heading", name="Right", level=3)).to_be_focused()
        page.keyboard.press("Enter") if number == 2 else place.locator("[data-next]").click()
    expect(place.get_by_role("heading", name="3 of 3 right")).to_be_focused()
    expect(page.get_by_text("All 3 questions answered.")).to_be_visible()
    place.get_by_role("button", name="Back to the notes").click()
    expect(place).to_be_hidden()
    expect(page.get_by_role("button", name="Test yourself")).to_be_focused()
    expect(page).to_have_url(NOTES)


def test_a_second_test_is_a_new_one_and_may_be_closed(page: Page) -> None:
    page.goto(NOTES)
    place = page.locator("[data-test-place]")
    for _ in range(2):
        begin_test(page)
        expect(place).to_contain_text("Question 1 of 3")
        place.get_by_role("button", name="Skip").click()
        expect(place).to_contain_text("Question 2 of 3")
        place.get_by_role("button", name="Close").click()
        expect(place).to_be_hidden()


def test_what_is_no_answer_is_said_in_its_place(page: Page) -> None:
    page.goto(NOTES)
    begin_test(page)
    place = page.locator("[data-test-place]")
    place.get_by_role("button", name="Check answer").click()
    expect(place.get_by_role("alert")).to_be_focused()
    expect(place.get_by_role("alert")).to_contain_text("Choose an answer")


def test_without_network_the_test_stays_and_says_so(page: Page) -> None:
    page.goto(NOTES)
    begin_test(page)
    choose(page, right=True)
    page.context.set_offline(True)
    page.get_by_role("button", name="Check answer").click()
    expect(page.get_by_role("status").filter(has_text="Not sent")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Check answer").click()
    expect(page.get_by_role("heading", name="Right", level=3)).to_be_visible()


def test_a_passage_in_view_for_long_enough_counts_as_read(page: Page) -> None:
    sign_up(page, "Slow reader")
    page.clock.install()
    page.goto(NOTES)
    how_far = page.get_by_text("passage read").filter(visible=True)
    expect(how_far).to_have_text("0 of 1 passage read")
    page.clock.run_for(2_000)
    expect(page.get_by_role("button", name="Mark as read")).to_be_visible()
    page.clock.run_for(10_000)
    expect(how_far).to_have_text("1 of 1 passage read")
    expect(page.get_by_role("button", name="Not yet")).to_be_visible()
    page.reload()
    expect(how_far).to_have_text("1 of 1 passage read")


def test_a_visitor_who_reads_gets_no_account_by_it(page: Page) -> None:
    page.clock.install()
    page.goto(NOTES)
    page.clock.run_for(60_000)
    expect(page.get_by_role("button", name="Mark as read")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_the_folded_list_leads_to_a_passage_and_folds_again(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto("/read/csto-true-colours")
    fold = page.locator("[data-fold]")
    fold.locator("summary").click()
    fold.get_by_role("link").nth(5).click()
    expect(fold.get_by_role("navigation")).to_be_hidden()
    expect(page.locator("section:target h2")).to_be_in_viewport()


def test_without_scripts_a_test_leads_to_the_practice_pages_and_back(plain: Page) -> None:
    plain.goto(NOTES)
    begin_test(plain)
    answer(plain, right=False)
    expect(verdict(plain)).to_be_visible()
    plain.get_by_role("link", name="Read all notes").click()
    expect(plain).to_have_url(f"{NOTES}#p0")
    begin_test(plain)
    finish(plain)
    plain.goto(NOTES)
    plain.get_by_role("button", name="Mark as read").click()
    expect(plain.get_by_text("1 of 1 passage read").filter(visible=True)).to_be_visible()
