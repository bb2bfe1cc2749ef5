"""Setting graded work in a browser: with and without scripts, in two time zones."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.states import Known
from tests.browser.test_classes import judged, make_class

NewContext = Callable[..., BrowserContext]
BERLIN = "Europe/Berlin"


@pytest.fixture
def grace(new_context: NewContext, known: Known) -> Page:
    """Her laptop in Berlin."""
    return in_zone(new_context, known, BERLIN)


def in_zone(new_context: NewContext, known: Known, zone: str, **options: bool) -> Page:
    context = new_context(
        storage_state=known.grace, timezone_id=zone, reduced_motion="reduce", **options
    )
    return context.new_page()


def begin_form(page: Page, name: str) -> None:
    """Make a class and come to the form of its first assignment."""
    make_class(page, name)
    page.get_by_role("link", name="Assignments", exact=True).click()
    page.get_by_role("link", name="New assignment").click()


def outlook(page: Page):
    return page.get_by_role("complementary", name="What students will meet")


def fill_exam(page: Page) -> None:
    page.get_by_role("button", name="Exam").click()
    page.get_by_label("Title").fill("A walk under time")
    page.get_by_role("checkbox", name="A short walk").check()
    page.get_by_label("Opens", exact=True).fill("2030-06-12T09:00")
    page.get_by_label("Closes", exact=True).fill("2030-06-12T11:00")


def test_the_outlook_follows_the_form_as_it_is_filled_in(grace: Page) -> None:
    begin_form(grace, "Outlook seminar")
    expect(outlook(grace)).to_contain_text("Give it a title.")
    expect(grace.get_by_role("button", name="Check again")).to_be_hidden()
    fill_exam(grace)
    expect(outlook(grace)).to_contain_text("3 questions in each attempt")
    expect(outlook(grace)).to_contain_text(
        "One attempt of 60 min between 12 June 2030, 09:00 and 12 June 2030, 11:00."
    )
    expect(outlook(grace)).not_to_contain_text("Still to do")
    grace.get_by_label("Some, at random").check()
    grace.get_by_label("How many at random").fill("7")
    expect(outlook(grace)).to_contain_text("Part 1 asks for 7, and there are 3")
    grace.get_by_label("How many at random").fill("2")
    expect(outlook(grace)).to_contain_text("2 questions in each attempt")
    expect(outlook(grace).get_by_role("status")).to_have_text("2 questions in each attempt")


def test_dates_are_entered_and_shown_in_the_zone_of_the_browser(
    grace: Page, new_context: NewContext, known: Known
) -> None:
    begin_form(grace, "Zoned seminar")
    fill_exam(grace)
    expect(grace.get_by_label("Time zone of these dates")).to_have_value(BERLIN)
    grace.get_by_role("button", name="Make the draft").click()
    moment = grace.locator("time[datetime='2030-06-12T07:00:00+00:00']").first
    expect(moment).to_have_text("12 Jun 2030, 09:00")
    elsewhere = in_zone(new_context, known, "America/New_York")
    elsewhere.goto(f"{grace.url}/settings")
    expect(elsewhere.get_by_label("Opens", exact=True)).to_have_value("2030-06-12T03:00")
    expect(elsewhere.get_by_label("Time zone of these dates")).to_have_value("America/New_York")
    expect(outlook(elsewhere)).to_contain_text("between 12 June 2030, 03:00 and")
    elsewhere.get_by_role("button", name="Keep the changes").click()
    grace.reload()
    expect(moment).to_have_text("12 Jun 2030, 09:00")


def test_what_is_shown_once_stays_shown_in_the_table(grace: Page) -> None:
    begin_form(grace, "Matrix seminar")
    grace.get_by_text("More settings").click()
    key = [
        grace.get_by_role("checkbox", name=f"The key, {when}", exact=True)
        for when in ("after each answer", "after submitting", "after closing")
    ]
    key[0].check()
    for box in key:
        expect(box).to_be_checked()
    key[1].uncheck()
    expect(key[0]).not_to_be_checked()
    expect(key[2]).to_be_checked()


def test_a_question_is_found_among_many(grace: Page) -> None:
    begin_form(grace, "Search seminar")
    grace.get_by_text("Questions that everyone gets").click()
    grace.get_by_label("Find a question").fill("bridge path OPEN")
    expect(grace.get_by_text("0 questions found")).to_be_visible()
    grace.get_by_label("Find a question").fill("path OPEN")
    expect(grace.get_by_text("1 question found")).to_be_visible()
    grace.get_by_role("checkbox", name="Is the path open?").check()
    grace.get_by_label("Find a question").fill("step of the walk")
    expect(grace.get_by_role("checkbox", name="Is the path open?")).to_be_visible()
    expect(outlook(grace)).to_contain_text("1 question in each attempt")


def test_everything_works_without_javascript(new_context: NewContext, known: Known) -> None:
    page = in_zone(new_context, known, BERLIN, java_script_enabled=False)
    begin_form(page, "Plain seminar")
    fill_exam(page)
    page.get_by_label("Time zone of these dates").select_option(BERLIN)
    page.get_by_role("button", name="Add a part").click()
    part = page.locator(".part").last
    part.get_by_role("checkbox", name="A short walk").check()
    part.get_by_label("Some, at random").check()
    part.get_by_label("How many at random").fill("1")
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_role("alert")).to_contain_text("Part 2 asks for 1, and there are 0")
    page.get_by_role("button", name="Remove part 2").click()
    page.get_by_role("button", name="Make the draft").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("A walk under time")
    expect(page.get_by_text("12 June 2030, 09:00 Europe/Berlin").first).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("The class can see it now.")).to_be_visible()


def test_the_enter_key_keeps_the_draft_and_chooses_no_preset(grace: Page) -> None:
    begin_form(grace, "Enter seminar")
    grace.get_by_role("checkbox", name="A short walk").check()
    grace.get_by_label("Title").fill("By the keyboard")
    grace.get_by_label("Title").press("Enter")
    expect(grace).to_have_url(re.compile(r"/teach/assignments/[\w-]{22}$"))
    expect(grace.get_by_role("heading", level=1)).to_contain_text("By the keyboard")


def test_the_form_is_gone_on_with_where_one_of_its_buttons_was_pressed(grace: Page) -> None:
    begin_form(grace, "Focus seminar")
    grace.get_by_role("button", name="Exam").press("Enter")
    pressed = grace.get_by_role("button", name="Exam", pressed=True)
    expect(pressed).to_be_focused()
    grace.get_by_role("button", name="Add a part").press("Enter")
    expect(grace.get_by_role("heading", name="Part 2")).to_be_focused()
    grace.get_by_role("button", name="Remove part 2").press("Enter")
    expect(grace.get_by_role("button", name="Add a part")).to_be_focused()


def test_axe_finds_no_violation_on_the_pages_of_assignments(grace: Page) -> None:
    begin_form(grace, "Judged " + "seminar" * 6)  # in which no line can break
    school_class = grace.url.partition("/assignments/")[0]
    found = [judged(grace)]
    grace.get_by_role("button", name="Make the draft").click()
    expect(grace.get_by_role("alert")).to_be_visible()
    grace.get_by_text("Choose by topic").click()
    grace.get_by_text("Questions that everyone gets").click()
    found.append(judged(grace))
    fill_exam(grace)
    grace.get_by_role("button", name="Make the draft").click()
    expect(grace.get_by_text("Students do not see this draft.")).to_be_visible()
    work = grace.url
    for address in (
        work,
        f"{work}/settings",
        f"{work}/copies",
        f"{work}/deletion",
        f"{work}/archiving",
        school_class,
        f"{school_class}/accommodations",
    ):
        grace.goto(address)
        found.append(judged(grace))
    assert not any(found), "\n".join(found)
