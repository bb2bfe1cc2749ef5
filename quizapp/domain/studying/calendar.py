"""Study days, the streak, accuracy over time, and what falls due in the coming days."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from quizapp.domain.analysis.intervals import wilson
from quizapp.domain.studying.calibration import week_of
from quizapp.domain.studying.days import study_day

ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Answers of a time, those with full credit, and the 95 % Wilson interval of their share."""

    n: int
    right: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Share right."""
        return self.right / self.n


def streak(days: Collection[date], today: date) -> int:
    """Study days in the run that lasts until today.

    A single missed day between study days is forgiven and does not count; two in a row end the
    run. Today is not missed before it is over.
    """
    studied = set(days)
    day = today if today in studied else today - ONE
    count = missed = 0
    while missed < 2:
        if day in studied:
            count, missed = count + 1, 0
        else:
            missed += 1
        day -= ONE
    return count


def forecast(
    due: Iterable[datetime], now: datetime, days: int = 30, zone: tzinfo = UTC
) -> dict[date, int]:
    """Cards due on each of the coming days, today first and with all that is overdue.

    Only what is scheduled already: reviews that follow from these are not in it.
    """
    today = study_day(now, zone)
    counts = Counter(max(study_day(moment, zone), today) for moment in due)
    return {day: counts[day] for day in (today + n * ONE for n in range(days))}


def accuracy(
    answers: Iterable[tuple[date, int, int]], bucket: Callable[[date], date] = week_of
) -> dict[date, Accuracy]:
    """Accuracy by week or month from (day, answers, right answers), in order.

    Times without answers are left out.
    """
    totals: dict[date, tuple[int, int]] = {}
    for day, n, right in answers:
        before, right_before = totals.get(bucket(day), (0, 0))
        totals[bucket(day)] = before + n, right_before + right
    return {
        day: Accuracy(n, right, *wilson(right / n, n))
        for day, (n, right) in sorted(totals.items())
        if n
    }
