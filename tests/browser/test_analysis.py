"""A teacher looks at which questions work, on every page that says so."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from quizapp.db.models import Account
from quizapp.domain.graded.policy import Policy
from tests.browser.states import Known
from tests.browser.test_accessibility import LOOKS, SET_LOOK, TAGS, WIDTH_AT
from tests.support import cast
from tests.support.cast import Person
from tests.support.classroom import enrol, make_class
from tests.support.handed_in import assign, hand_in
from tests.support.server import Server

STRONG = {"step": {1}, "way": {0, 1}, "open": {0}}
WEAK = {"step": {0}, "way": {2}, "open": {1}}


@pytest.fixture
def grace(
    new_context: Callable[..., BrowserContext], known: Known, server: Server, tmp_path: Path
) -> Page:
    """Her class of thirty, of whom the strong ones miss the first question."""
    with cast.sessions(f"sqlite:///{server.log.parent / 'quizapp.sqlite3'}") as session:
        account = session.scalars(select(Account).where(Account.name == "Grace")).one()
        teacher = Person(account.id, account.session_key, account.name)
        school_class = make_class(session, teacher, f"Walkers {tmp_path.name}")
        exam = assign(session, school_class, title="Exam", deck="walk", policy=Policy())
        for number in range(30):
            student = cast.guest(session, f"{number} {tmp_path.name}")
            enrol(session, school_class, student, f"Student {number}")
            answers = STRONG if number % 2 else WEAK
            hand_in(session, exam, student, answers, certainty=3)
        address = f"/teach/assignments/{exam.public_id}"
    page = new_context(storage_state=known.grace, reduced_motion="reduce").new_page()
    page.goto(address)
    return page


def judge(page: Page) -> None:
    """Axe has nothing against the page in any look, and it fits a narrow screen."""
    page.wait_for_load_state()
    page.set_viewport_size({"width": 320, "height": 900})
    assert [page.evaluate(WIDTH_AT, size) for size in (3, 4, 0)] == [320, 320, 320]
    page.evaluate(AXE_SCRIPT)
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for look in LOOKS:
            page.evaluate(SET_LOOK, list(look))
            assert page.evaluate("document.documentElement.scrollWidth") == width
            results = AxeResults(page.evaluate("tags => axe.run({ runOnly: tags })", TAGS))
            assert not results.violations_count, results.generate_report()


def test_a_bad_question_is_found_looked_into_and_followed_to_where_it_is_mended(
    grace: Page,
) -> None:
    grace.get_by_role("link", name="Item analysis").last.click()
    expect(grace.get_by_role("heading", name="30 attempts")).to_be_visible()
    first = grace.get_by_role("rowheader").first
    expect(first).to_contain_text("Which of these is a step of the walk?")
    expect(first).to_contain_text("Strong students miss it")
    for more in grace.get_by_text("By thirds, and more figures").all():
        more.click()
    expect(grace.get_by_role("rowheader", name="Yes, the first one")).to_be_visible()
    grace.get_by_text("What the figures mean").click()
    judge(grace)

    grace.get_by_role("link", name="All submitted attempts").click()
    expect(grace.get_by_role("link", name="All submitted attempts")).to_have_attribute(
        "aria-current", "true"
    )
    grace.get_by_role("link", name="Which of these is a step").click()
    expect(grace.get_by_text("Confidently wrong").last).to_be_visible()
    judge(grace)
    grace.go_back()
    grace.get_by_role("link", name="Regrade it").first.click()
    expect(grace.get_by_role("heading", level=1)).to_contain_text("What becomes of the marks")


def test_the_pages_of_the_class_and_of_the_deck_are_fit_for_all(grace: Page) -> None:
    grace.get_by_role("navigation", name="Walkers").get_by_role("link", name="Analysis").click()
    expect(grace.get_by_role("heading", name="Questions of all assignments")).to_be_visible()
    judge(grace)
    grace.goto("/teach/decks/walk/analysis")
    expect(grace.get_by_role("heading", level=1)).to_contain_text("A short walk")
    judge(grace)


def test_figures_are_taken_away_as_a_file(grace: Page) -> None:
    grace.get_by_role("link", name="Item analysis").last.click()
    with grace.expect_download() as download:
        grace.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "exam-analysis.csv"
