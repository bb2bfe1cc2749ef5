"""The days on which reviews are due, as an iCalendar file (RFC 5545)."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75
"""Octets in a line; a longer one is folded (section 3.1)."""

AGAIN_AFTER_HOURS = 6
"""How often calendars are asked to look again."""


def calendar_file(due: Mapping[date, int], key: str, now: datetime) -> str:
    """A calendar with an all-day event for each day on which something is due.

    `key` tells this calendar's events from those of others and stays the same for good, so that
    an event that comes again replaces itself. Of the questions it says how many, nothing else.
    """
    lines = [line for content in _lines(due, key, now) for line in _folded(content)]
    return "".join(f"{line}\r\n" for line in lines)


def _lines(due: Mapping[date, int], key: str, now: datetime) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//quizapp//Reviews due//EN"
    yield "CALSCALE:GREGORIAN"
    yield "METHOD:PUBLISH"
    yield "X-WR-CALNAME:quizapp reviews"
    yield f"REFRESH-INTERVAL;VALUE=DURATION:PT{AGAIN_AFTER_HOURS}H"
    yield f"X-PUBLISHED-TTL:PT{AGAIN_AFTER_HOURS}H"
    for day, count in sorted(due.items()):
        if count:
            yield from _event(day, count, key, now)
    yield "END:VCALENDAR"


def _event(day: date, count: int, key: str, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{day:%Y%m%d}-{key}@quizapp.invalid"
    yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{count} {'review' if count == 1 else 'reviews'} due"
    yield "TRANSP:TRANSPARENT"  # to have reviews due is not to be busy
    yield "END:VEVENT"


def _folded(content: str) -> Iterator[str]:
    """The line in pieces of at most LONGEST_LINE octets; all that is written here is ASCII."""
    yield content[:LONGEST_LINE]
    for start in range(LONGEST_LINE, len(content), LONGEST_LINE - 1):
        yield f" {content[start : start + LONGEST_LINE - 1]}"
