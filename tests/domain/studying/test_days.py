from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.studying.days import days_between, start_of, study_day

ALMATY, BERLIN, HONOLULU = map(ZoneInfo, ("Asia/Almaty", "Europe/Berlin", "Pacific/Honolulu"))
START = datetime(2020, 1, 1, tzinfo=UTC)
moments = st.integers(0, 20 * 366 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
zones = st.sampled_from([UTC, ALMATY, BERLIN, HONOLULU])


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        (datetime(2026, 3, 2, 3, 59, tzinfo=UTC), UTC, date(2026, 3, 1)),
        (datetime(2026, 3, 2, 4, 0, tzinfo=UTC), UTC, date(2026, 3, 2)),
        (datetime(2026, 3, 1, 23, 30, tzinfo=UTC), ALMATY, date(2026, 3, 2)),
        (datetime(2026, 3, 2, 13, 0, tzinfo=UTC), HONOLULU, date(2026, 3, 1)),
    ],
)
def test_a_study_day_begins_at_four_in_the_morning_where_the_learner_is(moment, zone, day):
    assert study_day(moment, zone) == day


@given(moments, zones)
def test_a_moment_lies_between_the_starts_of_its_day_and_the_next(moment, zone):
    day = study_day(moment, zone)
    assert start_of(day, zone) <= moment < start_of(day + timedelta(days=1), zone)


def test_a_day_is_a_day_when_the_clocks_change():
    before, after = date(2026, 3, 28), date(2026, 3, 30)
    assert days_between(start_of(before, BERLIN), start_of(after, BERLIN), BERLIN) == 2


def test_from_evening_to_the_next_afternoon_is_a_day():
    evening = datetime(2026, 3, 2, 21, tzinfo=UTC)
    assert days_between(evening, evening + timedelta(hours=2)) == 0
    assert days_between(evening, evening + timedelta(hours=17)) == 1


@given(moments, moments)
def test_days_never_go_backwards(one, other):
    assert days_between(max(one, other), min(one, other)) == 0
