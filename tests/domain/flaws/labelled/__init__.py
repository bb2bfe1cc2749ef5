"""Small questions, each labelled with the flaws it has, for judging the checker.

A file is a list of items. An item is one question, or several that make a deck, and ends with a
line `= rule, rule` (the flaws it has; nothing after the sign where it is clean):

    ? the stem; further `?` lines are further paragraphs
    + a key
    - a distractor
    > an explanation, where the words matter; otherwise one is supplied
    ! no explanation, no feedback, no source, level 3 (what to leave out, or to set)
    @ keys at 1 1 2 ..., or @ keys longest/middle/shortest: a deck made for it, see below

A batch is run once before the checker is mended by it; the later ones say at their top how that
first run went, which is the honest figure for questions that the checker has not seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path

from quizapp.domain.questions import Choice, Deck, Question

HERE = Path(__file__).parent
BATCHES = ("first", "held_out", "third", "fourth", "fifth", "sixth", "seventh")

_CAPITALS = """Norway Oslo;Peru Lima;Kenya Nairobi;Japan Tokyo;Cuba Havana;Egypt Cairo;Iran Tehran;
Chile Santiago;Ghana Accra;Greece Athens;Latvia Riga;Nepal Kathmandu;Oman Muscat;Poland Warsaw;
Qatar Doha;Serbia Belgrade;Sudan Khartoum;Syria Damascus;Tunisia Tunis;Uganda Kampala;Fiji Suva;
Yemen Sanaa;Zambia Lusaka;Angola Luanda;Bhutan Thimphu;Estonia Tallinn;Finland Helsinki;
Hungary Budapest;Iceland Reykjavik;Jordan Amman"""
_PAIRS: list[tuple[str, str]] = [
    (country, city)
    for pair in _CAPITALS.replace("\n", "").split(";")
    for country, city in [pair.split()]
]


@dataclass(frozen=True, slots=True)
class Item:
    """A small deck with the set of rules that should find something in it."""

    name: str
    deck: Deck
    labels: frozenset[str]


def load(batch: str) -> list[Item]:
    """All items of a batch."""
    text = (HERE / f"{batch}.txt").read_text(encoding="utf-8")
    return [_item(f"{batch}:{line}", body, labels) for line, body, labels in _blocks(text)]


def _blocks(text: str) -> Iterator[tuple[int, list[str], frozenset[str]]]:
    body: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("="):
            yield number, body, frozenset(line[1:].replace(",", " ").split())
            body = []
        elif line.strip() and not line.startswith("#"):
            body.append(line)


def _item(name: str, body: list[str], labels: frozenset[str]) -> Item:
    questions: list[Question] = []
    for line in body:
        sign, text = line[0], line[1:].strip()
        if sign == "@":
            questions += _made(text)
        elif sign == "?" and (not questions or questions[-1].choices):
            number = len(questions) + 1
            questions.append(
                Question(f"q{number}", text, (), "So the source has it.", ("p1",), line=10 * number)
            )
        else:
            questions[-1] = _with_line(questions[-1], sign, text)
    return Item(name, Deck("deck", "Deck", "Topic", tuple(questions), source="notes"), labels)


def _with_line(question: Question, sign: str, text: str) -> Question:
    if sign == "?":
        return replace(question, stem=f"{question.stem}\n\n{text}".replace("\\n", "\n"))
    if sign == ">":
        return replace(question, explanation=text)
    if sign == "!":
        return _set(question, text)
    line = question.line + len(question.choices) + 1
    choice = Choice(text, is_key=sign == "+", feedback="Not what is asked here.", line=line)
    return replace(question, choices=(*question.choices, choice))


def _set(question: Question, text: str) -> Question:
    if text.startswith("level"):
        return replace(question, level=int(text.split()[1]))
    if text == "no explanation":
        return replace(question, explanation="")
    if text == "no source":
        return replace(question, passages=())
    bare = tuple(replace(choice, feedback="") for choice in question.choices)
    return replace(question, choices=bare)


def _made(text: str) -> list[Question]:
    """Questions about capitals: `keys at 1 3 2` places the key, `keys longest middle` sizes it."""
    orders = text.split()[1:]
    if orders[0] == "at":
        return [_question(i, _placed(i, int(at))) for i, at in enumerate(orders[1:])]
    places = cycle((0, 2, 1))
    return [_question(i, _sized(i, size, next(places))) for i, size in enumerate(orders)]


def _placed(index: int, at: int) -> list[str]:
    """Four cities with the right one in place, and a longer and a shorter one where there are."""
    city = _PAIRS[index][1]
    rest = [other for _, other in _PAIRS if other != city]
    longer = next(c for c in rest[index:] + rest if len(c) >= len(city))
    others = [longer, *[c for c in rest[::-1] if c != longer and len(c) <= len(city) + 1][:2]]
    return [*others[: at - 1], city, *others[at - 1 :]]


def _sized(index: int, size: str, place: int) -> list[str]:
    """Three cities of which the right one is the longest, the shortest or neither."""
    others = {
        "longest": ["Ulm", "Nis"],
        "shortest": ["Johannesburg", "Constantinople"],
        "middle": ["Nis", "Constantinople"],
    }[size]
    return [*others[:place], _PAIRS[index][1], *others[place:]]


def _question(index: int, choices: list[str]) -> Question:
    country, city = _PAIRS[index]
    line = 10 * (index + 1)
    return Question(
        f"q{index}",
        f"Which city is the capital of {country}?",
        tuple(
            Choice(text, is_key=text == city, feedback="Another city.", line=line + i + 1)
            for i, text in enumerate(choices)
        ),
        "So the atlas has it.",
        ("p1",),
        line=line,
    )
