"""When graded work may be done, for everyone and for one student."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from quizapp.domain.graded.policy import MOST_ATTEMPTS, Policy, Problem

UNTIMED_PERCENT = 1000
"""The most time that can be given, and what "no time limit" counts as when the close moves."""

_SECOND = timedelta(seconds=1)


class Phase(StrEnum):
    """Where a moment lies in the time for the work."""

    NOT_YET = "not-yet"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Window:
    """When an assignment opens, is due and closes, in UTC. None: no such limit."""

    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None

    def problems(self) -> tuple[Problem, ...]:
        """Times out of order, each with its mend."""
        return tuple(_disorder(self))


@dataclass(frozen=True, slots=True)
class Accommodation:
    """What one student has beyond the others, for a class or for one assignment.

    `time_percent` is the time they have in per cent of everyone's. A date that is earlier than
    everyone's changes nothing.
    """

    time_percent: int = 100
    is_untimed: bool = False
    extra_attempts: int = 0
    due_at: datetime | None = None
    closes_at: datetime | None = None

    def problems(self) -> tuple[Problem, ...]:
        """Values out of range, each with its mend."""
        return tuple(_out_of_range(self))


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for one student, and for everyone where it is called base; None: no limit.

    `is_due_later` and `closes_later` say whether these dates are later than everyone's.
    """

    opens_at: datetime | None
    due_at: datetime | None
    closes_at: datetime | None
    time_limit: timedelta | None
    base_time_limit: timedelta | None
    attempts_allowed: int | None
    base_attempts: int | None
    is_due_later: bool = False
    closes_later: bool = False

    @property
    def has_later_dates(self) -> bool:
        """Whether it is due or closes later than for everyone."""
        return self.is_due_later or self.closes_later

    @property
    def is_extended(self) -> bool:
        """Whether anything differs from what holds for everyone."""
        return (
            self.has_later_dates
            or self.time_limit != self.base_time_limit
            or self.attempts_allowed != self.base_attempts
        )

    def is_late(self, submitted_at: datetime) -> bool:
        """Whether work handed in then is late: after the moment it was due."""
        return self.due_at is not None and submitted_at > self.due_at

    def phase(self, now: datetime) -> Phase:
        """Where now lies: the work is open from the moment it opens until just before it closes."""
        if self.closes_at is not None and now >= self.closes_at:
            return Phase.CLOSED
        if self.opens_at is not None and now < self.opens_at:
            return Phase.NOT_YET
        return Phase.OPEN


def terms(window: Window, policy: Policy, accommodations: Iterable[Accommodation]) -> Terms:
    """What holds for one student with these accommodations, one or several, in any order.

    Of each kind the most generous counts; nothing is added up and nothing ever shortens. More
    time also moves due and close, by as much as the limit grows (nine times the limit where there
    is none any more), so that who starts last still has all of it. A later due date keeps the
    work open until then.
    """
    given = tuple(accommodations)
    percent = max((100, *(one.time_percent for one in given)))
    is_untimed = any(one.is_untimed for one in given)
    extra = _extra(policy.time_limit, UNTIMED_PERCENT if is_untimed else percent)
    due_dates = [one.due_at for one in given]
    due_at = _later(window.due_at, extra, due_dates)
    closes_at = _later(window.closes_at, extra, [*due_dates, *(one.closes_at for one in given)])
    return Terms(
        opens_at=window.opens_at,
        due_at=due_at,
        closes_at=closes_at,
        time_limit=None if is_untimed else policy.time_limit and policy.time_limit + extra,
        base_time_limit=policy.time_limit,
        attempts_allowed=_attempts(policy.attempts_allowed, given),
        base_attempts=policy.attempts_allowed,
        is_due_later=due_at != window.due_at,
        closes_later=closes_at != window.closes_at,
    )


def gives_more(before: Terms, after: Terms, now: datetime) -> bool:
    """Whether someone can answer later or more often from now on, if `after` is to hold for them
    in place of `before`."""
    gained = (after.closes_at, after.attempts_allowed) != (
        before.closes_at,
        before.attempts_allowed,
    )
    return gained and after.phase(now) is not Phase.CLOSED


def deadline(terms: Terms, started_at: datetime) -> datetime | None:
    """When an attempt started then ends: by its limit or the close, whichever comes first; None
    where there is neither.
    """
    by_limit = None if terms.time_limit is None else started_at + terms.time_limit
    return min((end for end in (by_limit, terms.closes_at) if end is not None), default=None)


def limit_in_words(terms: Terms) -> str:
    """The time limit as the student reads it: "60 min (extended from 30)"."""
    limit, base = terms.time_limit, terms.base_time_limit
    words = "no time limit" if limit is None else _in_words(limit)
    if base is None or limit == base:
        return words
    origin = _in_words(base)
    if _is_in_minutes(words) and _is_in_minutes(origin):
        origin = origin.removesuffix(" min")
    return f"{words} (extended from {origin})"


def closed_for_everyone_at(
    window: Window, policy: Policy, all_accommodations: Iterable[Accommodation]
) -> datetime | None:
    """When the last student's time is over, None where the work never closes.

    Only then does the stage after closing begin, for all at once: a key that is shown earlier
    would reach those who still have time. `all_accommodations` are those of all students.
    """
    return terms(window, policy, all_accommodations).closes_at


def _extra(limit: timedelta | None, percent: int) -> timedelta:
    """The time by which a limit grows, in whole seconds, rounded up."""
    if limit is None:
        return timedelta(0)
    return -(-limit * (percent - 100) // (100 * _SECOND)) * _SECOND


def _later(
    base: datetime | None, extra: timedelta, dates: Iterable[datetime | None]
) -> datetime | None:
    """The latest of everyone's date moved by the extra time and the dates given."""
    if base is None:
        return None
    return max((base + extra, *(date for date in dates if date is not None)))


def _attempts(base: int | None, given: Iterable[Accommodation]) -> int | None:
    return None if base is None else base + max((0, *(one.extra_attempts for one in given)))


def _in_words(span: timedelta) -> str:
    """A span in minutes up to 120, beyond in hours up to 48, beyond in days."""
    units = {"min": timedelta(minutes=1), "s": _SECOND}
    if span > timedelta(minutes=120):
        units = {"h": timedelta(hours=1), **units}
    if span > timedelta(hours=48):
        units = {"days": timedelta(days=1), **units}
    words: list[str] = []
    for name, unit in units.items():
        number, span = divmod(span, unit)
        if number:
            words.append(f"{number} {name}")
    return " ".join(words)


def _is_in_minutes(words: str) -> bool:
    return words.removesuffix(" min").isdecimal()


def _disorder(window: Window) -> Iterator[Problem]:
    opens, due, closes = window.opens_at, window.due_at, window.closes_at
    if opens and due and due <= opens:
        yield Problem("due_at", "It would be due before it opens: give a later time.")
    if opens and closes and closes <= opens:
        yield Problem("closes_at", "It would close before it opens: give a later time.")
    if due and closes and closes < due:
        message = "It would close before it is due: give the same time or a later one."
        yield Problem("closes_at", message)


def _out_of_range(accommodation: Accommodation) -> Iterator[Problem]:
    if not 100 <= accommodation.time_percent <= UNTIMED_PERCENT:
        message = f"Give between 100 and {UNTIMED_PERCENT} per cent of the time, or no time limit."
        yield Problem("time_percent", message)
    if not 0 <= accommodation.extra_attempts <= MOST_ATTEMPTS:
        message = f"Give between 0 and {MOST_ATTEMPTS} extra attempts."
        yield Problem("extra_attempts", message)
