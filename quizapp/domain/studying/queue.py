"""What to study now and in which order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.domain.certainty import CERTAIN
from quizapp.domain.grading import Verdict, verdict
from quizapp.domain.studying.scheduling import DEFAULTS, Card, Settings, retrievability


@dataclass(frozen=True, slots=True)
class Entry:
    """A question that may be asked; `card` is None where it is new to the learner.

    `question` and `passages` are whatever numbers the caller knows them by.
    """

    question: int
    passages: frozenset[int]
    card: Card | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a learner wants to do in a study day."""

    reviews: int = 100
    new: int = 10

    def after(self, reviewed: int, begun: int) -> "Limits":
        """What is left when so many of each are done today."""
        return Limits(max(0, self.reviews - reviewed), max(0, self.new - begun))


def order(
    due: Iterable[Entry],
    new: Sequence[Entry],
    now: datetime,
    limits: Limits,
    settings: Settings = DEFAULTS,
) -> list[Entry]:
    """What to ask, in order, within the limits; the same for the same arguments.

    Of the due, those answered wrongly with certainty come first, then what is least likely to be
    recalled. New ones keep their order and are spread evenly among them. Neighbours share no
    passage where that can be had (see `apart`).
    """
    ranked = sorted(due, key=lambda entry: urgency(entry, now, settings))[: limits.reviews]
    return apart(_mixed(ranked, new[: limits.new]))


def urgency(entry: Entry, now: datetime, settings: Settings = DEFAULTS) -> tuple[bool, float, int]:
    """Sort key: the most urgent first. A new question counts as not recalled."""
    if entry.card is None:
        return True, 0.0, entry.question
    recalled = retrievability(entry.card, now, settings)
    return not is_confidently_wrong(entry.card), recalled, entry.question


def is_confidently_wrong(card: Card) -> bool:
    """Whether the last answer was wrong, and called certain."""
    return card.last_certainty == CERTAIN and verdict(card.last_credit) is Verdict.WRONG


def apart(entries: Iterable[Entry]) -> list[Entry]:
    """The entries, near to their order, with no two neighbours on one passage.

    Each place gets the first entry that shares no passage with the one before; what then is left
    over goes into the gaps. With one passage a question, no more such neighbours are left than
    there must be; with several, seldom more.
    """
    left = list(entries)
    placed: list[Entry] = []
    while fitting := next((e for e in left if not placed or _fit(placed[-1], e)), None):
        placed.append(fitting)
        left.remove(fitting)
    for entry in left:
        placed.insert(_gap(placed, entry), entry)
    return placed


def _gap(placed: list[Entry], entry: Entry) -> int:
    """The last of the gaps where the entry makes the fewest neighbours on one passage more."""

    def made(gap: int) -> int:
        around = placed[max(0, gap - 1) : gap + 1]
        parted = 0 < gap < len(placed) and not _fit(*around)
        return sum(not _fit(each, entry) for each in around) - parted

    return min(reversed(range(len(placed) + 1)), key=made)


def _fit(one: Entry, other: Entry) -> bool:
    return not one.passages & other.passages


def _mixed(reviews: Sequence[Entry], new: Sequence[Entry]) -> list[Entry]:
    """Both in their own order, spread evenly over the whole."""
    places = [
        ((at + 0.5) / len(part), which, entry)
        for which, part in enumerate((reviews, new))
        for at, entry in enumerate(part)
    ]
    return [entry for *_, entry in sorted(places, key=lambda place: place[:2])]
