from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.studying.feed import calendar_file

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
KEY = "0123456789abcdef0123"
DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1))


@dataclass(frozen=True)
class Read:
    """An event as a calendar program reads it."""

    uid: str
    start: date
    end: date
    stamp: datetime
    summary: str
    is_transparent: bool


def events(text: str) -> list[Read]:
    found = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert not [event.errors for event in found if event.errors]
    return [
        Read(
            uid=str(event["UID"]),
            start=event.decoded("DTSTART"),
            end=event.decoded("DTEND"),
            stamp=event.decoded("DTSTAMP"),
            summary=str(event["SUMMARY"]),
            is_transparent=str(event["TRANSP"]) == "TRANSPARENT",
        )
        for event in found
    ]


def test_each_day_is_an_event_of_the_whole_day_that_says_how_many_are_due():
    found = events(calendar_file({date(2026, 3, 2): 12, date(2026, 12, 31): 1}, KEY, NOW))
    assert [(e.start, e.end, e.summary) for e in found] == [
        (date(2026, 3, 2), date(2026, 3, 3), "12 reviews due"),
        (date(2026, 12, 31), date(2027, 1, 1), "1 review due"),
    ]
    assert {(e.stamp, e.is_transparent) for e in found} == {(NOW, True)}


def test_days_on_which_nothing_is_due_are_left_out():
    assert events(calendar_file({date(2026, 3, 2): 0}, KEY, NOW)) == []


@given(st.dictionaries(DAYS, st.integers(1, 5000), max_size=60), st.text("abcdef", max_size=200))
def test_a_calendar_program_reads_what_was_written(due, key):
    text = calendar_file(due, key, NOW)
    found = events(text)
    assert {e.start: int(e.summary.split()[0]) for e in found} == due
    assert len({e.uid for e in found}) == len(due)
    lines = text.split("\r\n")
    assert lines[-1] == ""
    assert "\n" not in "".join(lines)
    assert all(len(line.encode()) <= 75 for line in lines)


def test_an_event_that_comes_again_replaces_itself():
    days = {date(2026, 3, 2): 12}
    first = events(calendar_file(days, KEY, NOW))
    later = events(calendar_file({date(2026, 3, 2): 9}, KEY, NOW + timedelta(days=1)))
    others = events(calendar_file(days, KEY[::-1], NOW))
    assert first[0].uid == later[0].uid != others[0].uid
