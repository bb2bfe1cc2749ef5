"""The body of a file as Markdown blocks with their lines, and what no file may hold.

Markdown-it's block rules do the parsing. Inline text is only looked through for raw HTML, images
and links, a paragraph at a time and none longer than `MAX_PARAGRAPH`, which keeps the whole
linear.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from quizapp.domain.formats.complaints import Complaints
from quizapp.domain.rendering import is_shown_image

MAX_PARAGRAPH = 5000
"""The longest paragraph, in characters."""

MAX_LEVEL = 10
"""How deep blocks may nest; a list in a quote in a list is 5 deep, with its text 6."""


class _Reader(MarkdownIt):
    """Takes any address for a link, where the renderer would show a dangerous one as text."""

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802  # as markdown-it calls it
        return True


_MARKDOWN = (
    _Reader("commonmark")
    .enable(["table", "strikethrough"])
    .disable(["lheading", "inline", "text_join"])
)
_MAY_HOLD_HTML_OR_LINK = re.compile(r"<[A-Za-z/!?]|\]\(")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LINK_SCHEMES = frozenset({"http:", "https:", "mailto:"})
_OTHER_HOST = re.compile(r"(?:[/\\]|%5C){2}")
"""How an address begins that leads to another host: browsers take a backslash for a slash."""

MAX_SHOWN = 60
"""How much of an address a message shows, in characters."""


@dataclass(frozen=True, slots=True)
class Block:
    """One Markdown block: its kind as markdown-it names it, and its lines from `first` (counted
    from 0) to before `end`.
    """

    kind: str
    first: int
    end: int
    tokens: Sequence[Token]

    @property
    def line(self) -> int:
        """The block's first line, counted from 1."""
        return self.first + 1

    @property
    def content(self) -> str:
        """The inline Markdown of a heading or paragraph."""
        return self.tokens[1].content

    @property
    def tag(self) -> str:
        """The HTML element the block stands for, as in `h2`."""
        return self.tokens[0].tag

    @property
    def is_list(self) -> bool:
        return self.kind in {"bullet_list", "ordered_list"}

    def children(self) -> list["Block"]:
        """The blocks directly within this one."""
        return list(_grouped(self.tokens[1:-1]))


def parse(lines: list[str], start: int, complaints: Complaints) -> list[Block]:
    """The outermost blocks from line `start` (from 0) on; all lines are counted in the file."""
    env: dict[str, dict[str, dict[str, list[int]]]] = {}
    # Blank lines stand in for the front matter, so that markdown-it counts as the file does.
    tokens = _MARKDOWN.parse("\n" * start + "\n".join(lines[start:]), env)
    for reference in env.get("references", {}).values():
        complaints.add(
            reference["map"][0] + 1,
            "link-definition",
            "a link is defined away from where it is used",
            "write it in place, as in [text](https://example.org/page)",
        )
    _check_depth(tokens, complaints)
    _check_tabs(lines, tokens, complaints)
    for token in tokens:
        _check_token(token, lines, complaints)
    return list(_grouped(tokens))


def _grouped(tokens: Sequence[Token]) -> Iterator[Block]:
    first = depth = 0
    for number, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            opening = tokens[first]
            start, end = opening.map or (0, 0)
            yield Block(opening.type.removesuffix("_open"), start, end, tokens[first : number + 1])
            first = number + 1


def _check_depth(tokens: Sequence[Token], complaints: Complaints) -> None:
    deep = next((token for token in tokens if token.level > MAX_LEVEL and token.map), None)
    if deep and deep.map:
        complaints.add(
            deep.map[0] + 1,
            "nested-too-deep",
            "lists and quotes are nested too deep",
            "start the lines nearer to the margin",
        )


def _check_tabs(lines: list[str], tokens: Sequence[Token], complaints: Complaints) -> None:
    code = {
        line
        for token in tokens
        if token.type in {"fence", "code_block"} and token.map
        for line in range(*token.map)
    }
    for number, text in enumerate(lines):
        if "\t" in text and number not in code:
            complaints.add(number + 1, "tab", "the line holds a tab", "use spaces instead")


def _check_token(token: Token, lines: list[str], complaints: Complaints) -> None:
    if not token.map:
        return
    first, end = token.map
    if token.type == "html_block":
        _complain_of_html(first + 1, complaints)
    elif token.type == "fence":
        last = lines[end - 1].lstrip("> ")
        if end - first < 2 or not last.startswith(token.markup):
            complaints.add(
                first + 1,
                "unclosed-fence",
                "the code that begins here is not closed",
                f"write a line {token.markup} after it",
            )
    elif token.type == "inline":
        _check_inline(token.content, lines[first:end], first + 1, complaints)


def _check_inline(content: str, lines: list[str], line: int, complaints: Complaints) -> None:
    if len(content) > MAX_PARAGRAPH:
        complaints.add(
            line,
            "paragraph-too-long",
            f"the paragraph has more than {MAX_PARAGRAPH} characters",
            "divide it with blank lines",
        )
    elif _MAY_HOLD_HTML_OR_LINK.search(content):
        children: list[Token] = []
        _MARKDOWN.inline.parse(content, _MARKDOWN, {}, children)
        for child in children:
            _check_child(child, lines, line, complaints)


def _check_child(child: Token, lines: list[str], line: int, complaints: Complaints) -> None:
    if child.type == "html_inline":
        _complain_of_html(line + _offset(child.content, lines), complaints)
    elif child.type == "image" and not is_shown_image(str(child.attrs["src"])):
        complaints.add(
            line + _offset("![" + child.content, lines),
            "remote-image",
            "the image does not come from this site, and would not be shown",
            "put it under static/ and write its address as /static/...",
        )
    elif child.type == "link_open" and not _may_be_linked(str(child.attrs["href"])):
        address = str(child.attrs["href"])
        complaints.add(
            line + _offset(address, lines),
            "bad-link",
            f"`{address[:MAX_SHOWN]}` is no address that a link may have",
            "write the whole address, beginning with https://, http:// or mailto:",
        )


def _may_be_linked(address: str) -> bool:
    """Whether an address is one of the web, of mail, or within this site."""
    scheme = _SCHEME.match(address)
    if scheme:
        return scheme.group().lower() in _LINK_SCHEMES
    return not _OTHER_HOST.match(address)


def _offset(text: str, lines: list[str]) -> int:
    """In which of the lines a piece of inline Markdown begins, as far as can be told."""
    beginning = text.partition("\n")[0]
    return next((number for number, line in enumerate(lines) if beginning in line), 0)


def _complain_of_html(line: int, complaints: Complaints) -> None:
    complaints.add(
        line,
        "raw-html",
        "raw HTML is not taken",
        "use Markdown, put it between `backticks`, or write &lt; for a plain <",
    )
