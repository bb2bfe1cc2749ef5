"""A teacher's and a student's way through classes, on a laptop and on a phone."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.states import Known
from tests.browser.test_accessibility import SET_LOOK, TAGS, WIDTH_AT

NewContext = Callable[..., BrowserContext]
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def grace(new_context: NewContext, known: Known) -> Page:
    permissions = ["clipboard-read", "clipboard-write"]
    context = new_context(
        storage_state=known.grace, permissions=permissions, reduced_motion="reduce"
    )
    return context.new_page()


@pytest.fixture
def phone(new_context: NewContext) -> Page:
    """A visitor's phone."""
    return new_context(viewport=PHONE, reduced_motion="reduce").new_page()


def make_class(page: Page, name: str) -> str:
    """Make a class and return the link by which students join it."""
    page.goto("/teach/classes")
    page.get_by_label("Name of the class").fill(name)
    page.get_by_role("button", name="Make the class").click()
    expect(page.get_by_role("heading", name=f"Join {name}")).to_be_visible()
    return page.locator("figcaption a").get_attribute("href") or ""


def join(page: Page, link: str, name: str) -> None:
    page.goto(link)
    page.get_by_label("Your name in this class").fill(name)
    page.get_by_role("button", name="Join as a guest").click()


def judged(page: Page) -> str:
    """What axe has against the page in light and dark, narrow and wide; and how wide it is."""
    page.wait_for_load_state()
    page.set_viewport_size({"width": 320, "height": 900})
    assert [page.evaluate(WIDTH_AT, size) for size in (3, 4, 0)] == [320, 320, 320]
    page.evaluate(AXE_SCRIPT)
    found = ""
    for width, theme in ((320, "dark"), (1280, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(SET_LOOK, [theme, "normal"])
        assert page.evaluate("document.documentElement.scrollWidth") == width
        results = AxeResults(page.evaluate("tags => axe.run({ runOnly: tags })", TAGS))
        if results.violations_count:
            found += f"{page.url} {width} {theme}: {results.generate_report()}"
    return found


def test_a_class_is_made_its_link_copied_and_joined_once_by_a_double_click(
    grace: Page, phone: Page
) -> None:
    link = make_class(grace, "Double seminar")
    button = grace.get_by_role("button", name="Copy the link")
    button.click()
    expect(grace.get_by_role("button", name="Copied")).to_be_visible()
    assert grace.evaluate("navigator.clipboard.readText()") == link
    phone.goto(link)
    phone.get_by_label("Your name in this class").fill("Lin")
    phone.get_by_role("button", name="Join as a guest").dblclick()
    expect(phone.get_by_text("You are in Double seminar.").first).to_be_visible()
    expect(phone.get_by_role("heading", name="Double seminar", level=1)).to_be_visible()
    grace.get_by_role("link", name="Students").click()
    expect(grace.get_by_role("row", name="Lin")).to_have_count(1)


def test_a_guest_who_lost_the_browser_comes_back_by_the_teachers_link(
    grace: Page, phone: Page, new_context: NewContext
) -> None:
    join(phone, make_class(grace, "Lost and found"), "Lin")
    expect(phone.get_by_text("this browser alone lets you back in")).to_be_visible()
    grace.get_by_role("link", name="Students").click()
    grace.get_by_role("link", name="Lin", exact=True).click()
    grace.get_by_role("button", name="Make a link").click()
    link = grace.get_by_label("Good once, for 24 hours").input_value()
    other = new_context(viewport=PHONE).new_page()
    other.goto(link)
    expect(other.get_by_text("the place of Lin in Lost and found")).to_be_visible()
    other.get_by_role("button", name="Go on in this browser").click()
    other.get_by_role("link", name="Lost and found").click()
    expect(other.get_by_text("You are Lin here")).to_be_visible()
    phone.reload()
    expect(phone).to_have_url(re.compile("/sign-in"))


def test_every_page_of_a_class_is_accessible(grace: Page, phone: Page) -> None:
    link = make_class(grace, "Accessible seminar")
    joining = grace.url
    place = joining.removesuffix("/joining")
    found = judged(grace)
    phone.goto(link)
    found += judged(phone)
    phone.get_by_role("button", name="Join as a guest").click()
    expect(phone.get_by_role("alert")).to_be_visible()
    found += judged(phone)
    phone.get_by_label("Your name in this class").fill("Lin")
    phone.get_by_role("button", name="Join as a guest").click()
    expect(phone.get_by_text("Nothing to do yet")).to_be_visible()
    found += judged(phone)
    for path in ("/classes", "/join", "/join/ACDEFGHJ", "/password-reset"):
        phone.goto(path)
        found += judged(phone)
    for path in ("", "/students", "/settings", "/archiving"):
        grace.goto(place + path)
        found += judged(grace)
    grace.goto(f"{place}/students")
    grace.get_by_role("link", name="Lin", exact=True).click()
    found += judged(grace)
    grace.get_by_role("button", name="Make a link").click()
    found += judged(grace)
    assert found == ""
