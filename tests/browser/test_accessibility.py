"""Every page and state, judged by axe in each look and width, and by its own width at 320 px."""

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

from quizapp.web.display import SIZES
from tests.browser.states import STATES, Stage

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ABOUT_COLOUR = ["color-contrast", "link-in-text-block"]
LOOKS = (("light", "normal"), ("dark", "normal"), ("light", "high"), ("dark", "high"))
WIDTHS = (320, 1280)
CASES = [*((320, look) for look in LOOKS), *((1280, look) for look in LOOKS[:2])]
"""Widths with looks: what is laid out otherwise on a wide screen has the same colours."""

SET_LOOK = """([theme, contrast]) => {
    Object.assign(document.documentElement.dataset, { theme, contrast });
}"""
WIDTH_AT = """size => {
    document.documentElement.dataset.size = size;
    return document.documentElement.scrollWidth;
}"""


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Without motion, so that no colour is judged on its way to another."""
    return browser_context_args | {"reduced_motion": "reduce"}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(stage: Stage, state: str) -> None:
    page = STATES[state](stage)
    page.wait_for_load_state()
    page.set_viewport_size({"width": 320, "height": 700})
    widths = [page.evaluate(WIDTH_AT, size) for size in range(len(SIZES))]
    assert dict(zip(SIZES, widths, strict=True)) == dict.fromkeys(SIZES, 320)
    page.evaluate(WIDTH_AT, 0)
    page.evaluate(AXE_SCRIPT)
    found = {
        (width, *look): report
        for width, look in CASES
        if (report := _violations(page, width, look))
    }
    assert not found, "\n".join(f"{where}: {report}" for where, report in found.items())


def _violations(page: Page, width: int, look: tuple[str, str]) -> str:
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(SET_LOOK, look)
    # What is not about colour is the same in every look: judged in the first one.
    rules = TAGS if look == LOOKS[0] else ABOUT_COLOUR
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    results = AxeResults(page.evaluate("options => axe.run(options)", options))
    return results.generate_report() if results.violations_count else ""
