"""Ids written into files that lack them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.domain.fixing import with_ids
from quizapp.domain.formats import native
from quizapp.domain.formats.slugs import MAX_WORDS
from quizapp.domain.questions import Deck

HEAD = "---\ntitle: Rivers\n---\n\n"
CHOICES = "\n\n- [x] The Nile\n- [ ] The Congo\n\n"


def heading_after(heading: str) -> str:
    mended = with_ids(f"{HEAD}{heading}{CHOICES}".encode(), "rivers.md").decode()
    assert mended.startswith(HEAD)
    assert mended.endswith(CHOICES)
    return mended.removeprefix(HEAD).removesuffix(CHOICES)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("## Which is it?", "## Which is it? {#which-is-it}"),
        ("## Which is it?  ", "## Which is it? {#which-is-it}  "),
        ("##   Which is it? ##", "##   Which is it? {#which-is-it} ##"),
        ("## Which is it? {source=p1}", "## Which is it? {#which-is-it source=p1}"),
        ("## Which is it? {}", "## Which is it? {#which-is-it}"),
        ("## Is `x` **über** {1}?", "## Is `x` **über** {1}? {#is-x-uber-1}"),
        ("## Какая река?", "## Какая река? {#question-1}"),
        ("## Which is it? {#here}", "## Which is it? {#here}"),
        ("## Which is it? {#Bad}", "## Which is it? {#Bad}"),
        ("## Which is it? {#open", "## Which is it? {#open"),
        (
            "## One of the rivers in the north is longest?",
            "## One of the rivers in the north is longest? {#one-of-the-rivers-in-the-north-is}",
        ),
    ],
)
def test_a_heading_without_an_id_gets_one_from_its_stem(before: str, after: str) -> None:
    assert heading_after(before) == after


def test_equal_stems_get_different_ids() -> None:
    data = HEAD + f"## Which? {{#which}}{CHOICES}" + f"## Which?{CHOICES}" * 2
    document = native.read(with_ids(data.encode(), "rivers.md"), "rivers.md").document
    assert isinstance(document, Deck)
    assert [question.slug for question in document.questions] == ["which", "which-2", "which-3"]


def test_a_long_word_is_cut() -> None:
    assert heading_after("## " + "x" * 90).endswith("{#" + "x" * MAX_WORDS + "}")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_nothing_else_changes(end: str) -> None:
    before = ("\ufeff" + HEAD + f"## Which?{CHOICES}").replace("\n", end).encode()
    after = ("\ufeff" + HEAD + f"## Which? {{#which}}{CHOICES}").replace("\n", end).encode()
    assert with_ids(before, "rivers.md") == after


def test_other_errors_do_not_stand_in_the_way() -> None:
    data = HEAD.replace("title", "titel") + "- [x] a\n\n## Which?\n\n## One? {level=9}\n"
    mended = with_ids(data.encode(), "rivers.md").decode()
    assert mended == data.replace("## Which?", "## Which? {#which}").replace("{lev", "{#one lev")


@pytest.mark.parametrize("data", [b"", b"\xff\n## Which?\n", b"---\nkind: source\n---\n## Asia\n"])
def test_what_is_no_deck_is_left_alone(data: bytes) -> None:
    assert with_ids(data, "rivers.md") == data


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.text(max_size=12), max_size=6))
def test_after_fixing_no_id_is_missing(stems: list[str]) -> None:
    data = (HEAD + "".join(f"## {stem}{CHOICES}" for stem in stems)).encode()
    mended = with_ids(data, "rivers.md")
    rules = {finding.rule for finding in native.read(mended, "rivers.md").findings}
    assert not rules & {"missing-id", "duplicate-id"} or "{" in "".join(stems)
    assert with_ids(mended, "rivers.md") == mended
