"""Questions of a report: versions that ask the same counted together, with figures and flags."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from math import inf

from quizapp.domain.analysis.figures import Figure, ItemFigures, item_figures, usual_seconds
from quizapp.domain.analysis.flags import Flag, Severity, flags, rank
from quizapp.domain.analysis.tally import ItemTally
from quizapp.domain.questions import Question


@dataclass(frozen=True, slots=True)
class AskedVersion:
    """A version of a question and how it was answered.

    `keys` are those in force, as positions of its choices. Versions of one question have the same
    `question_id`.
    """

    version_id: int
    question_id: int
    content: Question
    keys: frozenset[int]
    tally: ItemTally


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question in the words of its last version, with all versions that have the same keys.

    `place` is its place in the author's order, from 0. `by_version` are the figures of each
    version alone, oldest first.
    """

    place: int
    last: AskedVersion
    figures: ItemFigures
    flags: tuple[Flag, ...]
    by_version: tuple[tuple[AskedVersion, ItemFigures], ...]

    @property
    def deserves_a_look(self) -> bool:
        """Whether something is wrong beyond what an author may well want to keep."""
        return any(flag.severity > Severity.MINOR for flag in self.flags)


def is_same_item(one: AskedVersion, other: AskedVersion) -> bool:
    """Whether answers to two versions of a question can be counted together.

    That is so after an edit that changed wording alone: as many choices, the same keys, and no
    choice that stands elsewhere now.
    """
    before, after = one.content.choices, other.content.choices
    if len(before) != len(after) or one.keys != other.keys:
        return False
    places = {choice.text: place for place, choice in enumerate(before)}
    return all(places.get(choice.text, place) == place for place, choice in enumerate(after))


def report(versions: Iterable[AskedVersion]) -> list[AskedQuestion]:
    """The questions of these versions, which come in the author's order, those of one question
    together and oldest first."""
    groups: list[list[AskedVersion]] = []
    for version in versions:
        last = groups[-1][-1] if groups else None
        if last and last.question_id == version.question_id and is_same_item(last, version):
            groups[-1].append(version)
        else:
            groups.append([version])
    figures = [_figures(group[-1], merged(each.tally for each in group)) for group in groups]
    usual = usual_seconds(figures)
    return [
        AskedQuestion(
            place=place,
            last=group[-1],
            figures=found,
            flags=flags(found, usual),
            by_version=tuple((each, _figures(each, each.tally)) for each in group),
        )
        for place, (group, found) in enumerate(zip(groups, figures, strict=True))
    ]


def merged(tallies: Iterable[ItemTally]) -> ItemTally:
    """All tallies as one."""
    whole = ItemTally()
    for each in tallies:
        whole.merge(each)
    return whole


def by_question(versions: Iterable[AskedVersion]) -> list[ItemTally]:
    """A tally a question, whatever its keys were, as figures of a whole quiz want them."""
    together = groupby(versions, key=lambda version: version.question_id)
    return [merged(each.tally for each in group) for _, group in together]


def _figures(version: AskedVersion, tally: ItemTally) -> ItemFigures:
    choices = len(version.content.choices)
    figures = item_figures(tally, choices, version.keys)
    if version.content.is_multiple or len(version.keys) < 2:
        return figures
    # One choice was asked for, and since a regrade each of several is right.
    return replace(figures, chance=len(version.keys) / choices)


class Order(StrEnum):
    """In which order questions are listed: worst first, as the author wrote them, or by a figure
    with the lowest first."""

    WORST = "worst"
    AUTHOR = "author"
    FACILITY = "facility"
    DISCRIMINATION = "discrimination"


def _facility(question: AskedQuestion) -> Figure:
    return question.figures.facility


def _discrimination(question: AskedQuestion) -> Figure:
    return question.figures.discrimination


_FIGURES: Mapping[Order, Callable[[AskedQuestion], Figure]] = {
    Order.FACILITY: _facility,
    Order.DISCRIMINATION: _discrimination,
}


def in_order(questions: Sequence[AskedQuestion], order: Order) -> list[AskedQuestion]:
    """The questions in this order; those without the figure come last."""
    if order is Order.AUTHOR:
        return list(questions)
    if order is Order.WORST:
        return rank((question, question.flags) for question in _by(questions, _discrimination))
    return _by(questions, _FIGURES[order])


def _by(
    questions: Iterable[AskedQuestion], figure_of: Callable[[AskedQuestion], Figure]
) -> list[AskedQuestion]:
    def value(question: AskedQuestion) -> float:
        figure = figure_of(question)
        return inf if figure.value is None else figure.value

    return sorted(questions, key=value)


_RELIABILITY = (
    (0.9, "good enough to decide about one student"),
    (0.8, "good for comparing groups, and with care for deciding about one student"),
    (0.7, "fine for comparing groups, thin for pass or fail of one student"),
    (0.5, "thin for comparing groups, too little for deciding about one student"),
)


def reliability_in_words(alpha: float) -> str:
    """What scores with this reliability are good for (after Nunnally and Bernstein 1994)."""
    for least, words in _RELIABILITY:
        if alpha >= least:
            return words
    return "too little to tell students apart by these scores"
