"""An instructor uploads, mends and publishes question files in a browser."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.states import Known
from tests.support.library import LAKES

NewContext = Callable[..., BrowserContext]

BROKEN = LAKES.replace("- [x] 1642 metres", "- [ ] 1642 metres").replace(" {#feed}", "")
DROP = """
([zone, name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: "text/markdown" }));
  for (const type of ["dragover", "drop"]) {
    const how = { dataTransfer: data, bubbles: true, cancelable: true };
    zone.dispatchEvent(new DragEvent(type, how));
  }
}
"""


@pytest.fixture
def grace(new_context: NewContext, known: Known) -> Page:
    return new_context(storage_state=known.grace).new_page()


def upload(page: Page, folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.write_text(text)
    page.goto("/teach/library")
    page.get_by_label("Upload question files").set_input_files(file)
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("heading", name=f"Draft of {name}")).to_be_visible()


def editor(page: Page) -> Locator:
    return page.get_by_label("Text of the file")


def status(page: Page) -> Locator:
    return page.locator("[data-draft-status]")


def test_two_errors_are_mended_with_the_check_beside_the_text(grace: Page, tmp_path: Path) -> None:
    page = grace
    upload(page, tmp_path, "mended.md", BROKEN)
    expect(page.get_by_text("2 errors")).to_be_visible()
    page.get_by_role("link", name="mended.md:14").click()
    expect(editor(page)).to_be_focused()
    selected = "t => t.value.slice(t.selectionStart, t.selectionEnd)"
    assert editor(page).evaluate(selected) == "## How deep is the deepest lake? {#depth}"
    editor(page).fill(BROKEN.replace("- [ ] 1642 metres", "- [x] 1642 metres"))
    expect(status(page)).to_have_text(re.compile(r"^Saved \d\d:\d\d"))
    expect(page.get_by_text("1 error")).to_be_visible()
    page.get_by_role("button", name="Write the missing ids").click()
    expect(page.get_by_text("The missing ids are written in.")).to_be_visible()
    expect(page.get_by_text("ready")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("mended.md is live.")).to_be_visible()
    page.goto("/decks/mended")
    expect(page.get_by_role("button", name="Start practice")).to_be_visible()


def test_the_page_of_a_draft_raises_no_error(grace: Page, tmp_path: Path) -> None:
    errors: list[str] = []
    grace.on("pageerror", lambda error: errors.append(error.message))
    upload(grace, tmp_path, "quiet.md", LAKES)
    grace.wait_for_load_state("networkidle")
    assert errors == []


def test_what_was_written_is_there_after_the_tab_was_lost(grace: Page, tmp_path: Path) -> None:
    upload(grace, tmp_path, "lost.md", LAKES)
    address = grace.url
    editor(grace).fill(LAKES + "\nAN UNFINISHED THOUGHT")
    expect(status(grace)).to_have_text(re.compile("^Saved"))
    context = grace.context
    grace.close(run_before_unload=False)
    page = context.new_page()
    page.goto(address)
    expect(editor(page)).to_have_value(re.compile("AN UNFINISHED THOUGHT"))


def test_writing_goes_on_without_the_network_and_is_saved_when_it_is_back(
    grace: Page, tmp_path: Path
) -> None:
    upload(grace, tmp_path, "offline.md", LAKES)
    grace.context.set_offline(True)
    editor(grace).fill(LAKES + "\nWRITTEN OFFLINE")
    expect(status(grace)).to_have_text("Not saved, retrying")
    grace.context.set_offline(False)
    expect(status(grace)).to_have_text(re.compile("^Saved"), timeout=10_000)
    grace.reload()
    expect(editor(grace)).to_have_value(re.compile("WRITTEN OFFLINE"))


def test_a_second_tab_does_not_overwrite_the_first_by_itself(grace: Page, tmp_path: Path) -> None:
    upload(grace, tmp_path, "two-tabs.md", LAKES)
    second = grace.context.new_page()
    second.goto(grace.url)
    editor(grace).fill(LAKES + "\nFROM THE FIRST")
    expect(status(grace)).to_have_text(re.compile("^Saved"))
    for more in ("", " AGAIN"):
        editor(second).fill(LAKES + "\nFROM THE SECOND" + more)
        expect(status(second)).to_have_text(re.compile("^Not saved: the draft was saved elsewhere"))
    expect(second.get_by_role("alert")).to_contain_text("saved elsewhere meanwhile")
    second.get_by_role("button", name="Save and check").click()
    expect(second.get_by_text("Saved. Nothing is live until you publish it.")).to_be_visible()
    grace.reload()
    expect(editor(grace)).to_have_value(re.compile("FROM THE SECOND AGAIN"))


def test_what_is_pressed_while_a_save_is_under_way_waits_for_it(
    grace: Page, tmp_path: Path
) -> None:
    upload(grace, tmp_path, "hasty.md", LAKES)
    with grace.expect_request("**/text"):
        editor(grace).fill(LAKES.replace("All about lakes", "All about haste"))
    grace.get_by_role("button", name="Publish").click()
    expect(grace.get_by_text("hasty.md is live.")).to_be_visible()
    expect(grace.get_by_text("All about haste")).to_be_visible()


def test_a_file_can_be_dropped(grace: Page) -> None:
    grace.goto("/teach/library")
    zone = grace.locator("form[data-drop]").element_handle()
    grace.evaluate(DROP, [zone, "dropped.md", LAKES])
    expect(grace.get_by_role("heading", name="Draft of dropped.md")).to_be_visible()


def test_the_same_is_done_without_javascript(
    new_context: NewContext, known: Known, tmp_path: Path
) -> None:
    page = new_context(storage_state=known.grace, java_script_enabled=False).new_page()
    upload(page, tmp_path, "plain.md", BROKEN)
    editor(page).fill(LAKES)
    page.get_by_role("button", name="Save and check").click()
    expect(page.get_by_text("ready")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("plain.md is live.")).to_be_visible()
    page.get_by_role("link", name="Retire").click()
    page.get_by_role("button", name="Retire it").click()
    page.get_by_role("button", name="Bring it back", exact=True).click()
    expect(page.get_by_text("2 brought back")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_a_long_line_scrolls_in_the_editor_and_not_the_page(
    grace: Page, tmp_path: Path, width: int
) -> None:
    grace.set_viewport_size({"width": width, "height": 800})
    upload(grace, tmp_path, f"wide-{width}.md", LAKES + "\n" + "wide " * 200)
    assert grace.evaluate("document.documentElement.scrollWidth") <= width
