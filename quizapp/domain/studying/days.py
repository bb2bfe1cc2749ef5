"""Study days: the day a learner would name for a moment, and where it begins."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAY_STARTS = time(4)
"""Local time at which a study day begins: who answers at half past midnight is still at it."""

_SHIFT = timedelta(hours=DAY_STARTS.hour)


def study_day(moment: datetime, zone: tzinfo = UTC) -> date:
    """The study day of an aware moment."""
    return (moment.astimezone(zone).replace(tzinfo=None) - _SHIFT).date()


def start_of(day: date, zone: tzinfo = UTC) -> datetime:
    """When a study day begins, in UTC."""
    return datetime.combine(day, DAY_STARTS, zone).astimezone(UTC)


def noon_of(day: date) -> datetime:
    """A time that stands for a study day wherever it was, 24 hours from that of the next."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def days_between(earlier: datetime, later: datetime, zone: tzinfo = UTC) -> int:
    """Study days from one moment to another; 0 within a day, never below 0.

    Nights count, not hours: from evening to the next afternoon is a day.
    """
    return max(0, (study_day(later, zone) - study_day(earlier, zone)).days)
