"""Times entered in a zone, kept in UTC."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.web.zones import UTC_NAME, Clock, marked, pieces, zone_choices, zone_names

LONDON = Clock("Europe/London")
shown = datetime.fromisoformat  # what clocks somewhere show, without a zone


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        ("UTC", shown("2026-03-12T11:00"), datetime(2026, 3, 12, 11, tzinfo=UTC)),
        ("Europe/London", shown("2026-03-12T11:00"), datetime(2026, 3, 12, 11, tzinfo=UTC)),
        ("Europe/London", shown("2026-07-12T11:00"), datetime(2026, 7, 12, 10, tzinfo=UTC)),
        ("Asia/Kolkata", shown("2026-03-12T11:00"), datetime(2026, 3, 12, 5, 30, tzinfo=UTC)),
        ("America/New_York", shown("2026-03-12T22:00"), datetime(2026, 3, 13, 2, tzinfo=UTC)),
    ],
)
def test_a_time_is_what_clocks_in_the_zone_show(zone, local, utc):
    assert Clock(zone).to_utc(local) == utc
    assert Clock(zone).to_local(utc) == local


def test_an_hour_that_comes_twice_is_the_first_unless_it_was_the_second():
    twice = shown("2026-10-25T01:30")
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert LONDON.to_local(first) == LONDON.to_local(second) == twice
    assert LONDON.to_utc(twice) == first
    assert LONDON.to_utc(twice, before=second) == second
    assert LONDON.to_utc(shown("2026-10-25T03:00"), before=second) == second + timedelta(
        hours=1, minutes=30
    )


def test_an_hour_that_is_left_out_is_taken_as_going_on():
    moment = LONDON.to_utc(shown("2026-03-29T01:30"))
    assert moment == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert LONDON.to_local(moment) == shown("2026-03-29T02:30")


@given(
    st.datetimes(shown("2001-01-01T00:00"), shown("2037-01-01T00:00")).map(
        lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC)
    ),
    st.sampled_from(sorted(zone_names())),
)
def test_a_moment_that_is_shown_and_sent_back_stays_what_it_was(moment, zone):
    clock = Clock(zone)
    assert clock.to_utc(clock.to_local(moment), before=moment) == moment


def test_every_zone_can_be_chosen_once_and_utc_comes_first():
    names = [choice.value for choice in zone_choices()]
    assert names[0] == UTC_NAME
    assert len(names) == len(zone_names())
    assert all(one < other for one, other in pairwise(names[1:]))
    berlin = next(choice for choice in zone_choices() if choice.value == "Europe/Berlin")
    assert (berlin.optgroup, berlin.label) == ("Europe", "Berlin")


def test_moments_in_a_sentence_are_found_again():
    noon = datetime(2026, 3, 12, 12, tzinfo=UTC)
    assert pieces(f"From {marked(noon)} to {marked(noon)}.") == ["From ", noon, " to ", noon, "."]
    assert pieces("At any time.") == ["At any time."]
