"""What the figures of an item mean in words: what is wrong with it and what to do."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

from quizapp.domain.analysis.figures import FUNCTIONAL, ChoiceFigures, Figure, ItemFigures
from quizapp.domain.analysis.intervals import wilson

T = TypeVar("T")

LOW_DISCRIMINATION = 0.2
"""Below this an item hardly tells strong from weak (Ebel and Frisbie 1991)."""

TOO_EASY = 0.95
MANY_SKIP = 0.1
LONG = 2
"""A time is long where three in four take more than this many times the usual."""


class Severity(IntEnum):
    """How much a flag matters: the first makes marks doubtful."""

    MINOR = 1
    NOTABLE = 2
    SERIOUS = 3


@dataclass(frozen=True, slots=True)
class Flag:
    """Something an instructor should look at. Sentences are plain text."""

    rule: str
    severity: Severity
    sentence: str
    advice: str


def flags(item: ItemFigures, usual_seconds: float | None = None) -> tuple[Flag, ...]:
    """What stands out about an item beyond chance, worst first.

    A flag needs the whole 95 % interval on the wrong side of its limit, so that a few answers
    raise none.
    """
    found = [flag for check in _CHECKS if (flag := check(item)) is not None]
    if (slow := _long_time(item, usual_seconds)) is not None:
        found.append(slow)
    return tuple(sorted(found, key=lambda flag: -flag.severity))


def rank(flagged: Iterable[tuple[T, Sequence[Flag]]]) -> list[T]:
    """Items with the worst flags first, of equal ones those with more; others as they came."""

    def weight(entry: tuple[T, Sequence[Flag]]) -> list[int]:
        return sorted((flag.severity for flag in entry[1]), reverse=True)

    return [item for item, _ in sorted(flagged, key=weight, reverse=True)]


def letter(position: int) -> str:
    """The letter of a choice in the author's order, from A."""
    return chr(ord("A") + position)


def _misses_strong(item: ItemFigures) -> Flag | None:
    if _low_and_high(item.discrimination)[1] >= 0:
        return None
    return Flag(
        "negative-discrimination",
        Severity.SERIOUS,
        f"Strong students miss it more often than weak ones ({_correlation(item)}).",
        "Check that the key is right, then whether the stem can be read in two ways.",
    )


def _strong_prefer_distractor(item: ItemFigures) -> Flag | None:
    keys = [choice for choice in item.choices if choice.is_key]
    others = [choice for choice in item.choices if not choice.is_key]
    if not keys or not others:
        return None
    key = min(keys, key=lambda choice: choice.upper)
    rival = max(others, key=lambda choice: choice.upper)
    both = key.upper + rival.upper
    if not both or wilson(rival.upper / both, both)[0] <= 0.5:
        return None
    return Flag(
        "strong-prefer-distractor",
        Severity.SERIOUS,
        f"Of the {item.thirds[2]} in the upper third, {rival.upper} chose"
        f" {letter(rival.position)} and {key.upper} the key {letter(key.position)}.",
        f"Check whether {letter(rival.position)} is right as well, or instead.",
    )


def _too_hard(item: ItemFigures) -> Flag | None:
    if _low_and_high(item.right)[1] >= item.chance:
        return None
    return Flag(
        "below-chance",
        Severity.SERIOUS,
        f"{_percent(item.right.value)} get it right, where guessing would give"
        f" {_percent(item.chance)}.",
        "Check the key, and whether this was taught.",
    )


def _tells_little(item: ItemFigures) -> Flag | None:
    if not 0 <= _low_and_high(item.discrimination)[1] < LOW_DISCRIMINATION:
        return None
    return Flag(
        "low-discrimination",
        Severity.NOTABLE,
        f"It hardly tells strong students from weak ones ({_correlation(item)}).",
        "Look for a clue that gives the key away, or for wording that misleads.",
    )


def _many_skip(item: ItemFigures) -> Flag | None:
    if _low_and_high(item.skipped_share)[0] <= MANY_SKIP:
        return None
    return Flag(
        "many-skip",
        Severity.NOTABLE,
        f"{item.skipped} of {item.n} who saw it left it unanswered.",
        "Check that the question is clear, and that its words are known.",
    )


def _too_easy(item: ItemFigures) -> Flag | None:
    if _low_and_high(item.facility)[0] <= TOO_EASY:
        return None
    return Flag(
        "too-easy",
        Severity.MINOR,
        f"Nearly everyone gets it right ({_percent(item.facility.value)} of full marks).",
        "Keep it if all must know this; otherwise make the distractors more likely.",
    )


def _idle_distractors(item: ItemFigures) -> Flag | None:
    idle = [choice for choice in item.choices if _is_idle(choice)]
    if not idle:
        return None
    taken = ", ".join(f"{letter(choice.position)} by {choice.n}" for choice in idle)
    return Flag(
        "idle-distractors",
        Severity.MINOR,
        f"Of {item.answered} answers, hardly any took {_in_words(idle, 'or')} ({taken}).",
        f"Replace {_in_words(idle, 'and')} with mistakes that students make, or leave out.",
    )


def _is_idle(choice: ChoiceFigures) -> bool:
    return choice.is_functional is False and _low_and_high(choice.share)[1] < FUNCTIONAL


def _long_time(item: ItemFigures, usual: float | None) -> Flag | None:
    time = item.seconds
    if usual is None or time.value is None or time.low is None or time.low <= LONG * usual:
        return None
    return Flag(
        "long-time",
        Severity.MINOR,
        f"Half take longer than {time.value:.0f} s, where {usual:.0f} s is usual.",
        "Shorten the stem, or split the question in two.",
    )


_CHECKS: tuple[Callable[[ItemFigures], Flag | None], ...] = (
    _misses_strong,
    _strong_prefer_distractor,
    _too_hard,
    _tells_little,
    _many_skip,
    _too_easy,
    _idle_distractors,
)


def _low_and_high(figure: Figure) -> tuple[float, float]:
    """The interval, everything possible where the figure is blank."""
    if figure.low is None or figure.high is None:
        return float("-inf"), float("inf")
    return figure.low, figure.high


def _correlation(item: ItemFigures) -> str:
    figure = item.discrimination
    value, low, high = (
        f"{number:.2f}".replace("-", "−") for number in (figure.value, *_low_and_high(figure))
    )
    return f"item-rest correlation {value}, between {low} and {high}"


def _percent(share: float | None) -> str:
    return f"{100 * (share or 0):.0f} %"


def _in_words(choices: Sequence[ChoiceFigures], joining: str) -> str:
    letters = [letter(choice.position) for choice in choices]
    *first, last = letters
    return f"{', '.join(first)} {joining} {last}" if first else last
