"""How the people in these tests go about things in a browser."""

import re

from playwright.sync_api import Locator, Page, expect

PASSWORD = "four unrelated words here"
VERDICT = re.compile("^(Right|Partly right|Not quite)$")
QUESTION = re.compile(r"/attempts/[\w-]+/items/\d+$")


def start(page: Page, deck: str = "walk") -> None:
    """Begin an attempt at a deck: the page shows its first question."""
    page.goto(f"/decks/{deck}")
    page.get_by_role("button", name="Start practice").click()
    expect(page).to_have_url(QUESTION)
    # Keys pressed before the page's scripts run are nobody's.
    page.wait_for_load_state()


def choices(page: Page, word: str = "") -> Locator:
    """The controls of the choices whose text begins with the word."""
    rows = page.locator("main label").filter(has=page.locator("input[name=choice]"))
    return rows.filter(has_text=word).locator("input")


def takes_several(page: Page) -> bool:
    return choices(page).first.get_attribute("type") == "checkbox"


def choose(page: Page, *, right: bool) -> None:
    """Pick all keys of a question of the walk, or its first distractor."""
    wanted = choices(page, "Yes," if right else "No,").all()
    assert wanted, "this is no question of the walk"
    for control in wanted if right else wanted[:1]:
        control.check(force=True)  # the control itself is unseen, its row is what people click


def check_answer(page: Page) -> None:
    page.get_by_role("button", name="Check answer").click()
    expect(verdict(page)).to_be_visible()


def answer(page: Page, *, right: bool = True) -> None:
    choose(page, right=right)
    check_answer(page)


def verdict(page: Page) -> Locator:
    return page.get_by_role("heading", level=1, name=VERDICT)


def asked(page: Page) -> Locator:
    """The question that is put, without its choices."""
    return page.locator("main legend h1")


def go_on(page: Page) -> None:
    """To the next question or, after the last one, to the result."""
    page.get_by_role("link", name=re.compile("Next question|See the result")).click()
    expect(verdict(page)).to_be_hidden()


def finish(page: Page, *, right: bool = True) -> None:
    """Answer what is left of an attempt: the page shows its result."""
    while QUESTION.search(page.url):
        answer(page, right=right)
        go_on(page)
    expect(page).to_have_title(re.compile("^Result"))


def sign_up(page: Page, name: str) -> None:
    page.goto("/sign-up")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()


def set_password(page: Page, link: str) -> None:
    """Come in by a one-time link."""
    page.goto(link)
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    page.get_by_role("button", name="Set password and sign in").click()
    expect(page).to_have_url("/")
