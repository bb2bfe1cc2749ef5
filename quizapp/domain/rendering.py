"""Markdown to safe HTML and to plain text.

Raw HTML is shown as text, and no page asks another host for an image.
"""

import re
from collections.abc import Iterable

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TOP_HEADING = 3
"""The level of the highest heading within rendered text: pages keep h1 and h2 for themselves."""

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])

_INLINE_TAGS = {"a", "br", "code", "em", "img", "s", "strong"}
_BLOCK_TAGS = _INLINE_TAGS | {
    *("blockquote", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"),
    *("table", "tbody", "td", "th", "thead", "tr"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}


def is_shown_image(address: str) -> bool:
    """Whether an image address is a path of this site; others are never asked for."""
    return bool(re.match(r"/(?![/\\])", address))


def _without_remote_images(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src" and not is_shown_image(value):
        return None
    return value


def _cleaner(tags: set[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=tags,
        attributes=_ATTRIBUTES,
        attribute_filter=_without_remote_images,
        link_rel="noreferrer noopener",
        url_schemes={"http", "https", "mailto"},
    )


_CLEAN_BLOCK = _cleaner(_BLOCK_TAGS)
_CLEAN_INLINE = _cleaner(_INLINE_TAGS)


def block(markdown: str) -> str:
    """Safe HTML of a whole text: paragraphs, lists, tables, code. Its headings begin at h3."""
    tokens = _MARKDOWN.parse(markdown)
    _push_headings_down(tokens)
    return _CLEAN_BLOCK.clean(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def inline(markdown: str) -> str:
    """Safe HTML of one line of text, without any block element around it."""
    return _CLEAN_INLINE.clean(_MARKDOWN.renderInline(markdown))


def stem(markdown: str) -> str:
    """Safe HTML of a stem: its first paragraph is running text whatever it begins with.

    So a stem such as "1. What follows?" does not become a list.
    """
    asked, _, context = markdown.partition("\n\n")
    return f"<p>{inline(asked)}</p>\n{block(context)}".rstrip()


def plain(markdown: str) -> str:
    """The text alone on one line: for page titles, alternative texts and tables of figures."""
    is_line = "\n" not in markdown
    tokens = _MARKDOWN.parseInline(markdown) if is_line else _MARKDOWN.parse(markdown)
    return " ".join("".join(_texts(tokens)).split())


def _push_headings_down(tokens: list[Token]) -> None:
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    highest = min((int(token.tag[1]) for token in headings), default=TOP_HEADING)
    shift = max(0, TOP_HEADING - highest)
    for token in headings:
        token.tag = f"h{min(6, int(token.tag[1]) + shift)}"


def _texts(tokens: Iterable[Token]) -> Iterable[str]:
    for token in tokens:
        if token.type in {"softbreak", "hardbreak"}:
            yield " "
        elif token.children:
            yield from _texts(token.children)
        else:
            yield token.content
        if token.block:
            yield " "
