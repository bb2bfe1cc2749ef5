"""A teacher's way through marks: the gradebook, one answer, a regrade and back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from quizapp.db.models import Account
from quizapp.domain.graded.policy import PRESETS
from tests.browser.states import Known
from tests.browser.test_accessibility import SET_LOOK, TAGS, WIDTH_AT
from tests.support import cast
from tests.support.cast import Person
from tests.support.classroom import enrol, make_class
from tests.support.handed_in import assign, hand_in
from tests.support.server import Server

ANSWERS = {
    "Bob": {"step": {0}, "way": {0}, "open": {0}},
    "Chen": {"step": {1}, "way": {0, 1}, "open": {1}},
    "Dara": {"step": {1}, "way": None, "open": {0}},
}


@pytest.fixture
def grace(
    new_context: Callable[..., BrowserContext], known: Known, server: Server, tmp_path: Path
) -> Page:
    """Her gradebook of a class of three, who handed in the same exam."""
    with cast.sessions(f"sqlite:///{server.log.parent / 'quizapp.sqlite3'}") as session:
        account = session.scalars(select(Account).where(Account.name == "Grace")).one()
        teacher = Person(account.id, account.session_key, account.name)
        school_class = make_class(session, teacher, f"Walkers {tmp_path.name}")
        policy = PRESETS["exam"].policy
        exam = assign(session, school_class, title="Exam", deck="walk", policy=policy)
        for name, answers in ANSWERS.items():
            student = cast.guest(session, f"{name} {tmp_path.name}")
            enrol(session, school_class, student, name)
            hand_in(session, exam, student, answers)
        address = f"/teach/classes/{school_class.public_id}/gradebook"
    page = new_context(storage_state=known.grace, reduced_motion="reduce").new_page()
    page.goto(address)
    return page


def judge(page: Page) -> None:
    """Axe has nothing against the page, which fits a narrow screen, in light and dark."""
    page.wait_for_load_state()
    page.set_viewport_size({"width": 320, "height": 900})
    assert [page.evaluate(WIDTH_AT, size) for size in (3, 4, 0)] == [320, 320, 320]
    page.evaluate(AXE_SCRIPT)
    for width, theme in ((320, "dark"), (1280, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(SET_LOOK, [theme, "normal"])
        assert page.evaluate("document.documentElement.scrollWidth") == width
        results = AxeResults(page.evaluate("tags => axe.run({ runOnly: tags })", TAGS))
        assert not results.violations_count, results.generate_report()


def totals(page: Page) -> dict[str, str]:
    """What each student has in total."""
    rows = page.locator("tbody tr").all()
    return {
        row.locator("th").inner_text(): row.locator(".total").inner_text().replace("\u00a0", " ")
        for row in rows
    }


def test_names_and_heads_stay_in_sight_while_the_rest_is_scrolled(grace: Page) -> None:
    judge(grace)
    grace.set_viewport_size({"width": 320, "height": 500})
    table = grace.get_by_role("region", name="Gradebook of")
    table.evaluate("region => region.scrollTo(region.scrollWidth, 40)")
    assert table.evaluate("region => region.scrollLeft") > 0
    edge = table.evaluate("region => region.getBoundingClientRect().left")
    name = grace.get_by_role("rowheader", name="Dara")
    assert abs(name.evaluate("cell => cell.getBoundingClientRect().left") - edge) < 3


def test_sorting_by_total_is_told_and_turned_round(grace: Page) -> None:
    grace.get_by_role("link", name="Total").click()
    head = grace.get_by_role("columnheader", name="Total")
    expect(head).to_have_attribute("aria-sort", "descending")
    assert list(totals(grace)) == ["Bob", "Chen", "Dara"]
    grace.get_by_role("link", name="Total").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert next(iter(totals(grace))) in {"Chen", "Dara"}


def test_a_mark_is_changed_where_the_answer_stands(grace: Page) -> None:
    grace.get_by_role("row", name="Dara").get_by_role("link", name="33.3").click()
    judge(grace)
    grace.get_by_role("link", name="Attempt 1").click()
    judge(grace)
    question = grace.get_by_role("listitem").filter(has_text="Which two of these")
    question.get_by_text("Change the mark").click()
    question.get_by_label("Marks").fill("2")
    question.get_by_role("button", name="Keep this mark").click()
    expect(grace).to_have_title("Error: Dara · Exam · quizapp")
    expect(question.get_by_label("Marks")).to_have_value("2")
    judge(grace)
    question.get_by_label("Marks").fill("0.5")
    question.get_by_label("Why").fill("Told it to me afterwards.")
    question.get_by_role("button", name="Keep this mark").click()
    expect(grace.get_by_text("1.5 of 3 marks, 50 %")).to_be_visible()
    expect(question.get_by_text("changed by hand")).to_be_visible()


def test_what_is_locked_is_read_without_a_list_to_scroll(grace: Page) -> None:
    grace.get_by_role("link", name="Marks of Exam").click()
    grace.get_by_role("link", name="The assignment").click()
    grace.goto(f"{grace.url}/settings")
    expect(grace.get_by_text("Students have begun.")).to_be_visible()
    judge(grace)


def test_a_key_is_corrected_for_everyone_and_the_correction_undone(grace: Page) -> None:
    gradebook = grace.url
    before = totals(grace)
    assert before == {"Bob": "83.3 %", "Chen": "33.3 %", "Dara": "33.3 %"}
    grace.get_by_role("link", name="Marks of Exam").click()
    judge(grace)
    grace.get_by_role("link", name="Questions and regrades").click()
    judge(grace)
    grace.get_by_role("link", name="Regrade Which of these is a step of the walk?").click()
    judge(grace)
    grace.get_by_label("Grade all answers again").check()
    grace.get_by_label("A. Yes, the first one").uncheck()
    grace.get_by_label("B. No, the second one").check()
    grace.get_by_label("Why").fill("The gate was moved.")
    grace.get_by_role("button", name="See whose marks change").click()
    expect(grace.get_by_text("Marks of 3 students change: 2 higher, 1 lower")).to_be_visible()
    expect(grace.get_by_role("heading", name="Nothing has changed yet")).to_be_focused()
    judge(grace)
    grace.get_by_role("button", name="Do it").click()
    expect(grace.get_by_role("status").first).to_contain_text("The regrade is done")
    regrades = grace.url
    grace.goto(gradebook)
    assert totals(grace) == {"Bob": "50 %", "Chen": "66.7 %", "Dara": "66.7 %"}

    grace.goto(regrades)
    judge(grace)
    grace.get_by_role("link", name="Undo the regrade").click()
    judge(grace)
    grace.get_by_role("button", name="Undo it").click()
    expect(grace.get_by_role("status").first).to_contain_text("The regrade is undone")
    grace.goto(gradebook)
    assert totals(grace) == before
