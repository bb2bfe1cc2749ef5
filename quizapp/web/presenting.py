"""From stored rows to what a template shows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from flask import current_app
from flask_babel import ngettext
from markupsafe import Markup

from quizapp.db.models import Item, Response
from quizapp.db.queries.attempts import Share, from_letters
from quizapp.db.queries.versions import questions_of_versions
from quizapp.domain import rendering
from quizapp.domain.marks import Mark
from quizapp.domain.questions import Question
from quizapp.extensions import db

LETTERS = "ABCDEFGHIJKL"

SHELF = "quizapp.shelf"


@lru_cache(maxsize=8192)
def inline(markdown: str) -> Markup:
    """Rendered Markdown without a paragraph around it."""
    return Markup(rendering.inline(markdown))  # noqa: S704  # rendering sanitises


@lru_cache(maxsize=4096)
def block(markdown: str) -> Markup:
    """Rendered Markdown."""
    return Markup(rendering.block(markdown))  # noqa: S704  # rendering sanitises


@dataclass(frozen=True, slots=True)
class OfferedChoice:
    """A choice as it is asked: nothing of it tells whether it is the key."""

    value: int
    letter: str
    text: Markup


@dataclass(frozen=True, slots=True)
class SettledChoice:
    """A choice after the answer."""

    letter: str
    text: Markup
    is_key: bool
    is_chosen: bool
    feedback: Markup


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is put before the answer."""

    stem: Markup
    context: Markup
    is_multiple: bool
    choices: tuple[OfferedChoice, ...]


class Shelf:
    """The questions that this worker has read. Versions never change, so one read serves all
    later requests; when the shelf is full it is cleared."""

    MOST = 4096

    def __init__(self) -> None:
        self._questions: dict[int, Question] = {}

    def question(self, version_id: int) -> Question:
        """The question a version stands for."""
        if version_id not in self._questions:
            if len(self._questions) >= self.MOST:
                self._questions.clear()
            read = questions_of_versions(db.session(), [version_id])
            self._questions[version_id] = read[version_id]
        return self._questions[version_id]


def asked(version_id: int, order: tuple[int, ...]) -> Asked:
    """A version as it is put before the answer, its choices in this order."""
    return asked_question(shelf().question(version_id), order)


def asked_question(question: Question, order: tuple[int, ...]) -> Asked:
    """A question as it is put before the answer, its choices in this order."""
    stem, _, context = question.stem.partition("\n\n")
    return Asked(
        stem=inline(stem),
        context=block(context) if context else Markup(),
        is_multiple=question.is_multiple,
        choices=tuple(
            OfferedChoice(shown, LETTERS[shown], inline(question.choices[position].text))
            for shown, position in enumerate(order)
        ),
    )


def shelf() -> Shelf:
    """This app's shelf."""
    return current_app.extensions[SHELF]


def settled(
    question: Question, order: Sequence[int], chosen: Collection[int]
) -> list[SettledChoice]:
    """The choices for the feedback page, in the order in which they were shown."""
    return [
        SettledChoice(
            letter=LETTERS[shown],
            text=inline(question.choices[position].text),
            is_key=position in question.keys,
            is_chosen=position in chosen,
            feedback=block(question.choices[position].feedback),
        )
        for shown, position in enumerate(order)
    ]


STATES = {
    Mark.OPEN: "open",
    Mark.SKIPPED: "skipped",
    Mark.SAVED: "answered",
    Mark.RIGHT: "right",
    Mark.PARTLY: "partly",
    Mark.WRONG: "missed",
}
"""The word that templates use for a mark."""


_WORDS = (
    (Mark.RIGHT, "right"),
    (Mark.PARTLY, "partly right"),
    (Mark.WRONG, "missed"),
    (Mark.SKIPPED, "skipped"),
    (Mark.SAVED, "answered"),
    (Mark.OPEN, "to go"),
)
_STEPS = {mark.value: f'<i class="{state}"></i>' for mark, state in STATES.items()}
_NOW = '<i class="now"></i>'
MANY_STEPS = 30


def progress_bar(marks: str, now: int | None = None) -> Markup:
    """How an attempt stands: a step an item, the one at position `now` (from 1) marked, and the
    same in words. Not a template macro, since it differs with every request (see `asking`)."""
    counts = ", ".join(f"{marks.count(mark)} {word}" for mark, word in _WORDS if mark in marks)
    steps = [_STEPS[mark] for mark in marks]
    if now is not None:
        steps[now - 1] = _NOW
    many = " many" if len(marks) > MANY_STEPS else ""
    html = f'<div class="progress{many}" role="img" aria-label="{counts}">{"".join(steps)}</div>'
    return Markup(html)  # noqa: S704  # made of fixed words and numbers


@dataclass(frozen=True, slots=True)
class ResultLine:
    """An item on the result page. Key and answer are shown once it was answered."""

    position: int
    state: str
    stem: Markup
    answers: list[Markup]
    keys: list[Markup]


def result_line(item: Item, response: Response | None, marks: str) -> ResultLine:
    """What the result page says of one item of an attempt with these marks."""
    question = shelf().question(item.version_id)
    chosen = from_letters(response.chosen) if response else ()
    keys = sorted(question.keys) if response else ()
    return ResultLine(
        position=item.position,
        state=STATES[Mark(marks[item.position - 1])],
        stem=inline(question.stem.partition("\n\n")[0]),
        answers=[inline(question.choices[i].text) for i in chosen],
        keys=[inline(question.choices[i].text) for i in keys],
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart: what it is about, its length from 0 to 1, what it is made of."""

    name: str
    share: Fraction
    detail: str


def bar_of(share: Share) -> Bar:
    """What was earned on a passage as a bar."""
    detail = ngettext("%(num)d answer", "%(num)d answers", share.answered)
    return Bar(plain_stem(share.heading), share.credit / share.answered, detail)


def plain_stem(markdown: str) -> str:
    """The stem's own sentence as text, for titles and lists."""
    return rendering.plain(markdown.partition("\n\n")[0])
