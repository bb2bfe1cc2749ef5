"""The native question file format, read and written."""

import sys
from collections.abc import Callable
from datetime import date
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.domain.formats import native
from quizapp.domain.formats.writing import unnumbered
from quizapp.domain.questions import LAST, Choice, Deck, Passage, Question, Source, Waiver
from quizapp.domain.rule_ids import RULE_IDS

DECK = """\
---
title: "Rivers: an introduction"   # quoted, because of the colon
topic: Geography
summary: Which flow where
source: atlas
language: en-GB
order: 012
---

## Which river is the *longest* in Africa? {#longest source=p1,p2 level=1 as_of=2022-04-06}

Judge by this table:

| river | km    |
|-------|-------|
| Congo | 4,700 |

> A surveyor: "Count from the furthest spring."

- [ ] The Congo
  > The second longest,
  > and the deepest.
- [X] The Nile,
  from the Kagera on
- [ ] The Niger
  > Third.

> About 6,650 km.
>
> - by one count

## Which of them cross the equator? {#equator shuffle=false waive="clang: it \\"is\\"; wordy: so"}

```c
if (x < 1) {   // {#not-an-attribute}
```

* [x] Congo
* [x] Nile {b}
* [ ] Niger
"""

EXPECTED = Deck(
    slug="rivers",
    title="Rivers: an introduction",
    topic="Geography",
    summary="Which flow where",
    source="atlas",
    language="en-GB",
    order=12,
    questions=(
        Question(
            slug="longest",
            stem=(
                "Which river is the *longest* in Africa?\n\n"
                "Judge by this table:\n\n"
                "| river | km    |\n|-------|-------|\n| Congo | 4,700 |\n\n"
                '> A surveyor: "Count from the furthest spring."'
            ),
            choices=(
                Choice("The Congo", False, "The second longest,\nand the deepest.", 20),
                Choice("The Nile,\nfrom the Kagera on", True, "", 23),
                Choice("The Niger", False, "Third.", 25),
            ),
            explanation="About 6,650 km.\n\n- by one count",
            passages=("p1", "p2"),
            level=1,
            as_of=date(2022, 4, 6),
            line=10,
        ),
        Question(
            slug="equator",
            stem=(
                "Which of them cross the equator?\n\n"
                "```c\nif (x < 1) {   // {#not-an-attribute}\n```"
            ),
            choices=(
                Choice("Congo", True, "", 38),
                Choice("Nile {b}", True, "", 39),
                Choice("Niger", False, "", 40),
            ),
            shuffle=False,
            waivers=(Waiver("clang", 'it "is"'), Waiver("wordy", "so")),
            line=32,
        ),
    ),
)

SOURCE = """\
---
kind: source
title: An atlas
author: Ada Byron
date: 2021-12-31
publisher: The Press
url: https://example.org/atlas?page=1
---

## Africa {#p1}

Its rivers.

### The Nile

Long.

## Asia {#p2}

Others:

- one
"""


def read_deck(text: str) -> Deck:
    reading = native.read(text.encode(), "geography/rivers.md")
    assert reading.findings == ()
    assert isinstance(reading.document, Deck)
    return reading.document


def question(attributes: str) -> Question:
    text = f"---\ntitle: T\n---\n\n## Which? {{#which {attributes}}}\n\n- [x] a\n- [ ] b\n"
    return read_deck(text).questions[0]


def test_a_deck_is_read_with_all_that_it_may_hold() -> None:
    assert read_deck(DECK) == EXPECTED


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_other_line_ends_and_a_byte_order_mark_change_nothing(end: str) -> None:
    assert read_deck("\ufeff" + DECK.replace("\n", end)) == EXPECTED


def test_front_matter_tells_its_lines() -> None:
    lines = native.read(DECK.encode(), "rivers.md").lines
    assert lines == {
        "title": 2, "topic": 3, "summary": 4, "source": 5, "language": 6, "order": 7
    }  # fmt: skip


def test_a_source_is_read_with_its_notes() -> None:
    reading = native.read(SOURCE.encode(), "geography/atlas.md")
    assert reading.findings == ()
    assert reading.document == Source(
        slug="atlas",
        title="An atlas",
        author="Ada Byron",
        published=date(2021, 12, 31),
        publisher="The Press",
        url="https://example.org/atlas?page=1",
        passages=(
            Passage("p1", "Africa", "Its rivers.\n\n### The Nile\n\nLong.", 10),
            Passage("p2", "Asia", "Others:\n\n- one", 18),
        ),
    )


def test_a_title_alone_is_enough_front_matter() -> None:
    deck = read_deck("---\ntitle: no\n---\n## Which? {#which}\n- [x] a\n- [ ] b\n")
    assert (deck.title, deck.topic, deck.source, deck.order) == ("no", "", "", LAST)


def test_a_list_without_boxes_may_stand_above_the_choices() -> None:
    deck = read_deck(
        "---\ntitle: T\n---\n\n## Which follows? {#which}\n\n1. Cats are animals.\n"
        "2. Tom is a cat.\n\n- [x] Tom is an animal\n- [ ] Tom is no animal\n"
    )
    assert deck.questions[0].stem == "Which follows?\n\n1. Cats are animals.\n2. Tom is a cat."
    assert len(deck.questions[0].choices) == 2


def test_braces_within_a_stem_are_not_attributes() -> None:
    text = "---\ntitle: T\n---\n\n## Is {1, 2} in {{1}, {2}}? {#sets}\n\n- [x] no\n- [ ] yes\n"
    assert read_deck(text).questions[0].stem == "Is {1, 2} in {{1}, {2}}?"


def test_attributes_may_be_quoted() -> None:
    assert question('level="2" source="p1, p2"').passages == ("p1", "p2")
    assert question('level="2"').level == 2


def test_closing_marks_of_a_heading_do_not_hide_its_attributes() -> None:
    text = "---\ntitle: T\n---\n\n## Which? {#which} ##\n\n- [x] a\n- [ ] b\n"
    assert read_deck(text).questions[0].slug == "which"


def test_a_written_deck_reads_back_the_same() -> None:
    assert unnumbered(read_deck(native.write(EXPECTED).decode())) == unnumbered(EXPECTED)


@pytest.mark.parametrize(
    "broken",
    [
        Question("Bad Id", "Which?", (Choice("a", True), Choice("b", False))),
        Question("two-lines", "Which\nriver?", (Choice("a", True), Choice("b", False))),
        Question("html", "Which <b>river</b>?", (Choice("a", True), Choice("b", False))),
        Question("no-key", "Which?", (Choice("a", False), Choice("b", False))),
        Question("blocks", "Which?", (Choice("a\n\n- [x] c", True), Choice("b", False))),
    ],
    ids=lambda question: question.slug,
)
def test_what_a_file_cannot_carry_is_not_written(broken: Question) -> None:
    with pytest.raises(ValueError, match="deck"):
        native.write(Deck("deck", "T", "", (broken,)))


words = st.text("abcXYZ éЯж019.,;:!?'\"&*_`~|#-+()=/\\{}[]", min_size=1, max_size=30).map(
    lambda text: "w" + " ".join(text.replace("[", "(").split()) + "w"
)
paragraphs = st.lists(words, min_size=1, max_size=3).map("\n\n".join)
slugs = st.from_regex(r"[a-z0-9][a-z0-9-]{0,15}", fullmatch=True)
reasons = words.map(lambda text: text.replace(";", ","))
choices = st.builds(Choice, words, st.booleans(), st.just("") | paragraphs)


@st.composite
def questions(draw: st.DrawFn, slug: str) -> Question:
    some = draw(st.lists(choices, max_size=3))
    waived = draw(st.lists(st.sampled_from(sorted(RULE_IDS)), max_size=2))
    return Question(
        slug=slug,
        stem=draw(paragraphs),
        choices=(Choice("the key", is_key=True), Choice("a distractor", is_key=False), *some),
        explanation=draw(st.just("") | paragraphs),
        passages=tuple(draw(st.lists(slugs, max_size=3, unique=True))),
        level=draw(st.sampled_from([None, 1, 2, 3])),
        shuffle=draw(st.booleans()),
        as_of=draw(st.none() | st.dates()),
        waivers=tuple(Waiver(rule, draw(reasons)) for rule in waived),
    )


@st.composite
def decks(draw: st.DrawFn) -> Deck:
    return Deck(
        slug="deck",
        title=draw(words),
        topic=draw(words),
        summary=draw(words),
        source=draw(st.just("") | slugs),
        language=draw(st.sampled_from(["en", "ru", "kk-KZ"])),
        order=draw(st.integers(0, 99) | st.just(LAST)),
        questions=tuple(
            draw(questions(slug))
            for slug in draw(st.lists(slugs, min_size=1, max_size=3, unique=True))
        ),
    )


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(decks())
def test_any_deck_that_is_written_reads_back_the_same(deck: Deck) -> None:
    reading = native.read(native.write(deck), "deck.md")
    assert isinstance(reading.document, Deck)
    assert unnumbered(reading.document) == unnumbered(deck)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_carried_whole_or_refused(stem: str, choice: str, feedback: str) -> None:
    only = Question("q", stem, (Choice(choice, True, feedback), Choice("b", False)), feedback)
    deck = Deck("deck", "T", "", (only,))
    try:
        data = native.write(deck)
    except ValueError:
        return
    document = native.read(data, "deck.md").document
    assert isinstance(document, Deck)
    assert unnumbered(document) == unnumbered(deck)


def says_something(data: bytes) -> None:
    reading = native.read(data, "deck.md")
    assert reading.document is not None or reading.findings
    lines = data.count(b"\n") + data.count(b"\r") + 1
    assert all(1 <= finding.line <= lines for finding in reading.findings)
    assert all(finding.message and finding.mend for finding in reading.findings)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_an_exception(data: bytes) -> None:
    says_something(data)
    says_something(b"---\ntitle: T\n---\n\n" + data)


HEADINGS = ("## Q {#q}\n", "## ", "# T\n", "### T\n", "===\n", "{#", "}", "{", "level=1", "waive=")
CHOICES = ("- [ ] a\n", "- [x]", "- ", "1. [x] a\n", "> ", "  ", "    ", "\n", "\n\n", "\r")
MARKDOWN = ("```\n", "<b>", "![a](http://b)", "[a]: b\n", "| a |\n|---|\n", "***\n", "[")
YAML = (
    "---\n",
    "title: T\n",
    "kind: source\n",
    '"',
    ": ",
    "&a ",
    "*a",
    "\t",
    "\x00",
    "é",
    "\u2028",
)
pieces = st.sampled_from(HEADINGS + CHOICES + MARKDOWN + YAML)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(pieces | st.text(max_size=5), max_size=40), st.booleans())
def test_any_text_is_read_without_an_exception(parts: list[str], has_header: bool) -> None:
    header = "---\ntitle: T\n---\n\n" if has_header else ""
    says_something((header + "".join(parts)).encode())


def calls(work: Callable[[], object]) -> int:
    """How many Python and C functions are called."""
    count = 0

    def tally(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    earlier = sys.getprofile()
    sys.setprofile(tally)
    try:
        work()
    finally:
        sys.setprofile(earlier)
    return count


SIZED: dict[str, Callable[[int], str]] = {
    "questions": lambda n: "".join(
        f"## Which is {i}? {{#q{i} source=p1}}\n\n- [x] a *b*\n  > <http://c>\n- [ ] d\n\n> e\n\n"
        for i in range(n)
    ),
    "headings without ids": lambda n: "## Which?\n\n" * n,
    "choices": lambda n: "## Which? {#q}\n\n" + "- [ ] a\n" * n,
    "lines of a choice": lambda n: "## Which? {#q}\n\n- [x] a\n" + "b\n" * n,
    "open brackets": lambda n: "## Which? {#q}\n\n" + ("![a <b " * 50 + "\n\n") * (n // 10),
    "open braces": lambda n: "## " + '{"' * n,
    "quotes": lambda n: "## Which? {#q}\n\n" + "> a\n\n" * n,
    "broken front matter": lambda n: "\n---\n".join(
        ["a: b", "".join(f"k{i}: [\n" for i in range(n))]
    ),
}


@pytest.mark.parametrize("name", SIZED)
def test_twice_the_file_is_at_most_twice_the_work(name: str) -> None:
    def work(size: int) -> int:
        data = ("---\ntitle: T\n---\n\n" + SIZED[name](size)).encode()
        return calls(lambda: native.read(data, "deck.md"))

    work(10)  # so that nothing is loaded or compiled while counting
    assert work(800) < 2.2 * work(400)


@pytest.mark.parametrize("opening", ["title: {", "title: [", "? ", "- "])
def test_nested_front_matter_is_left_early(opening: str) -> None:
    def work(size: int) -> int:
        return calls(lambda: native.read(f"---\n{opening * size}\n---\n".encode(), "deck.md"))

    work(10)
    assert work(4000) < 2.2 * work(2000)
