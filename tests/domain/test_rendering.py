"""Markdown as safe HTML and as plain text."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.domain import rendering


def test_a_block_has_paragraphs_lists_code_and_tables() -> None:
    html = rendering.block("One *two*\n\n- ~~three~~\n\n```\nfour\n```\n\n| a |\n|---|\n| b |")
    for part in ("<p>One <em>two</em></p>", "<s>three</s>", "<pre><code>four", "<td>b</td>"):
        assert part in html


def test_inline_text_has_no_block_around_it() -> None:
    assert rendering.inline("**a** and `b`") == "<strong>a</strong> and <code>b</code>"
    assert rendering.inline("# 1. a") == "# 1. a"


def test_raw_html_is_shown_as_text() -> None:
    assert rendering.inline("<b>a</b>") == "&lt;b&gt;a&lt;/b&gt;"
    assert "<script" not in rendering.block("<script>alert(1)</script>")


@pytest.mark.parametrize("scheme", ["javascript:alert(1)", "vbscript:a", "data:text/html,a"])
def test_links_that_run_something_are_not_made(scheme: str) -> None:
    assert "<a" not in rendering.block(f"[a]({scheme}) <{scheme}>")


def test_links_tell_the_other_site_nothing() -> None:
    html = rendering.inline("[a](https://example.org/)")
    assert html == '<a href="https://example.org/" rel="noreferrer noopener">a</a>'


@pytest.mark.parametrize(
    "address",
    ["https://example.org/a.png", "//example.org/a.png", "a.png"],
)
def test_an_image_from_elsewhere_is_not_fetched(address: str) -> None:
    html = rendering.block(f"![a map]({address})")
    assert "src" not in html
    assert "a map" in html


def test_an_image_of_this_site_is_shown() -> None:
    assert 'src="/static/a.png"' in rendering.block("![a map](/static/a.png)")


def test_headings_begin_below_those_of_the_page() -> None:
    tags = re.findall(r"<(h\d)>", rendering.block("# a\n\n## b\n\nc\n=\n\n###### d"))
    assert tags == ["h3", "h4", "h3", "h6"]
    assert re.findall(r"<(h\d)>", rendering.block("### a\n\n#### b")) == ["h3", "h4"]


def test_a_stem_is_running_text_whatever_it_begins_with() -> None:
    html = rendering.stem("1. What *follows*?\n\n- one\n- two")
    assert html.startswith("<p>1. What <em>follows</em>?</p>\n<ul>")
    assert rendering.stem("What?") == "<p>What?</p>"


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("*a* `b` **c**", "a b c"),
        ("[a](https://example.org) ![b](/c.png)", "a b"),
        ("a &amp; b \\* c", "a & b * c"),
        ("1. What?", "1. What?"),
        ("a\n\n- b\n- c\n\n```\nd\n```", "a b c d"),
        ("<b>", "<b>"),
        ("", ""),
    ],
)
def test_plain_text_is_what_a_reader_sees(markdown: str, text: str) -> None:
    assert rendering.plain(markdown) == text


pieces = st.sampled_from(
    [
        "<",
        ">",
        "script",
        "[a](",
        "javascript:",
        ")",
        "![",
        '"',
        "onload=",
        "&lt;",
        "\n\n",
        "```",
        "#",
    ]
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(pieces | st.text(max_size=4), max_size=30).map("".join))
def test_no_text_becomes_anything_but_the_few_allowed_elements(markdown: str) -> None:
    for html in (rendering.block(markdown), rendering.inline(markdown), rendering.stem(markdown)):
        tags = set(re.findall(r"<([a-z0-9]+)", html))
        assert not tags & {"script", "iframe", "style", "svg", "h1", "h2", "form", "input"}
        assert not re.search(r"<[^>]*\son\w+=", html)
        assert not re.search(r'<img[^>]*src="(?!/[^/])', html)
    rendering.plain(markdown)
