"""Figures of item analysis as pages write them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import ngettext
from markupsafe import Markup

from quizapp.domain.analysis.figures import ChoiceFigures, Figure, ItemFigures, QuizFigures, share
from quizapp.domain.analysis.flags import Flag, letter
from quizapp.domain.analysis.report import AskedQuestion, AskedVersion, reliability_in_words
from quizapp.domain.certainty import CERTAIN, FAIRLY, GUESS
from quizapp.web.presenting import inline

_CERTAINTIES = {GUESS: "a guess", FAIRLY: "fairly sure", CERTAIN: "certain", 0: "not said"}


@dataclass(frozen=True, slots=True)
class Value:
    """A figure in words: the number and its 95 % interval, or why there is none."""

    text: str = ""
    interval: str = ""
    blank: str = ""


def number(value: float, digits: int = 2) -> str:
    """A number with a real minus: "−0.11"."""
    text = f"{value:.{digits}f}"
    return f"−{text[1:]}" if text.startswith("-") and float(text) else text.lstrip("-")


def figure(found: Figure, factor: float = 1, digits: int = 2, unit: str = "") -> Value:
    """A figure times a factor, with its unit after the number."""
    if found.value is None:
        return Value(blank=found.blank)
    text = f"{number(found.value * factor, digits)}{unit}"
    if found.low is None or found.high is None:
        return Value(text)
    low, high = (number(end * factor, digits) for end in (found.low, found.high))
    return Value(text, f"{low} to {high}{unit}")


def in_percent(found: Figure) -> Value:
    """A share as percent."""
    return figure(found, 100, 0, "\u00a0%")


def points(found: Figure) -> Value:
    """A figure that is a percentage already."""
    return figure(found, 1, 0, "\u00a0%")


def seconds(found: Figure) -> Value:
    """A median time with its quartiles, in seconds, or minutes where it is long."""
    if (found.value or 0) >= 180:
        return figure(found, 1 / 60, 1, "\u00a0min")
    return figure(found, 1, 0, "\u00a0s")


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    """A choice: its bar (`width` from 0 to 100) and how the thirds of the scores took it."""

    letter: str
    text: Markup
    is_key: bool
    is_idle: bool
    n: int
    width: float
    percent: str
    interval: str
    thirds: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version among those that are counted together."""

    created_at: datetime
    is_current: bool
    stem: Markup
    n: int
    facility: Value
    discrimination: Value


@dataclass(frozen=True, slots=True)
class Links:
    """Where to go from a question; "" where there is nothing to go to."""

    detail: str
    edit: str = ""
    regrade: str = ""


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question of the table with all that is said about it."""

    anchor: str
    stem: Markup
    deck: str
    notes: tuple[str, ...]
    flags: tuple[Flag, ...]
    links: Links
    counts: str
    facility: Value
    right: Value
    chance: str
    discrimination: Value
    index: Value
    efficiency: Value
    skipped: Value
    unseen: Value
    seconds: Value
    confidently_wrong: Value
    certainties: tuple[tuple[str, int, str], ...]
    thirds: tuple[int, int, int]
    choices: tuple[ChoiceLine, ...]
    versions: tuple[VersionLine, ...]


Dates = Mapping[int, tuple[datetime, bool]]
"""By version, when it was made and whether it is the one that is live."""


def question_line(
    question: AskedQuestion, deck: str, links: Links, notes: Iterable[str], dates: Dates
) -> QuestionLine:
    """A question for its row of the table."""
    found = question.figures
    return QuestionLine(
        anchor=f"question-{question.last.version_id}",
        stem=_stem(question.last),
        deck=deck,
        notes=tuple(notes),
        flags=question.flags,
        links=links,
        counts=counts(found),
        facility=in_percent(found.facility),
        right=in_percent(found.right),
        chance=f"{number(100 * found.chance, 0)}\u00a0%",
        discrimination=figure(found.discrimination),
        index=points(found.index),
        efficiency=points(found.efficiency),
        skipped=in_percent(found.skipped_share),
        unseen=in_percent(found.unseen_share),
        seconds=seconds(found.seconds),
        confidently_wrong=in_percent(confidently_wrong(found)),
        certainties=_certainties(found),
        thirds=found.thirds,
        choices=tuple(_choice(question, each) for each in found.choices),
        versions=tuple(
            _version(version, figures, dates) for version, figures in question.by_version
        ),
    )


def counts(found: ItemFigures) -> str:
    """How many answered, left it or never saw it."""
    words = [ngettext("%(num)d answer", "%(num)d answers", found.answered)]
    if found.skipped:
        words.append(f"{found.skipped} skipped")
    if found.unseen:
        words.append(f"{found.unseen} never saw it")
    return ", ".join(words)


def confidently_wrong(found: ItemFigures) -> Figure:
    """The share of wrong answers among those given as certain; nothing where none was."""
    certain = [each for each in found.certainties if each.level == CERTAIN]
    if not certain:
        return Figure()
    return share(certain[0].n - certain[0].right, certain[0].n)


def _certainties(found: ItemFigures) -> tuple[tuple[str, int, str], ...]:
    """Certainties with the number of answers and the share of right ones, where any was asked."""
    if all(each.level == 0 for each in found.certainties):
        return ()
    return tuple(
        (_CERTAINTIES[each.level], each.n, f"{each.right} of {each.n} right")
        for each in found.certainties
    )


def _stem(version: AskedVersion) -> Markup:
    return inline(version.content.stem.partition("\n\n")[0])


def _choice(question: AskedQuestion, found: ChoiceFigures) -> ChoiceLine:
    answered = question.figures.answered
    part = found.n / answered if answered else 0
    by_third = zip((found.lower, found.middle, found.upper), question.figures.thirds, strict=True)
    return ChoiceLine(
        letter=letter(found.position),
        text=inline(question.last.content.choices[found.position].text),
        is_key=found.is_key,
        is_idle=found.is_functional is False,
        n=found.n,
        width=round(100 * part, 1),
        percent=f"{number(100 * part, 0)}\u00a0%",
        interval=in_percent(found.share).interval or found.share.blank,
        thirds=tuple(_of(n, whole) for n, whole in by_third),  # pyright: ignore[reportArgumentType]  # three thirds
    )


def _of(n: int, whole: int) -> str:
    return f"{n} ({100 * n / whole:.0f}\u00a0%)" if whole else "0"


def _version(version: AskedVersion, found: ItemFigures, dates: Dates) -> VersionLine:
    created_at, is_current = dates[version.version_id]
    return VersionLine(
        created_at=created_at,
        is_current=is_current,
        stem=_stem(version),
        n=found.n,
        facility=in_percent(found.facility),
        discrimination=figure(found.discrimination),
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """Scores from `first` to `last` per cent; `height` is from 0 to 100 of the tallest."""

    first: int
    last: int
    n: int
    height: float


def histogram(tenths: Sequence[int]) -> list[Bar]:
    """Scores by tenths, full marks in the last."""
    tallest = max(tenths, default=0) or 1
    return [
        Bar(10 * i, 100 if i == 9 else 10 * i + 9, n, round(100 * n / tallest, 1))
        for i, n in enumerate(tenths)
    ]


def summary(found: QuizFigures, questions: Sequence[AskedQuestion]) -> list[str]:
    """What the figures of a quiz say, in sentences."""
    return [
        sentence for part in (_mean, _reliability, _measurement) if (sentence := part(found))
    ] + [to_look_at(questions)]


def _mean(found: QuizFigures) -> str:
    mean, sd = in_percent(found.mean), found.sd.value
    if not mean.text or sd is None:
        return f"Mean and spread of the scores: {found.mean.blank}."
    return (
        f"Mean {mean.text} (standard deviation {number(100 * sd, 0)} points),"
        f" 95\u00a0% interval {mean.interval}."
    )


def _reliability(found: QuizFigures) -> str:
    alpha = figure(found.alpha)
    if found.alpha.value is None:
        return f"Reliability (Cronbach’s alpha): not given, {alpha.blank}."
    low, high = alpha.interval.split(" to ")
    return (
        f"Reliability (Cronbach’s alpha) {alpha.text}, 95\u00a0% interval {low} to {high}:"
        f" {reliability_in_words(found.alpha.value)}."
    )


def _measurement(found: QuizFigures) -> str:
    if found.sem.value is None or found.items is None:
        return ""
    marks = number(found.sem.value * found.items, 1)
    return (
        f"The standard error of measurement is {marks} of {found.items} marks:"
        " a score could as well be that much higher or lower by chance."
    )


def to_look_at(questions: Sequence[AskedQuestion]) -> str:
    """How many questions deserve a look."""
    n = sum(question.deserves_a_look for question in questions)
    if not n:
        return "No question stands out beyond chance."
    return ngettext("One question deserves a look.", "%(num)d questions deserve a look.", n)
