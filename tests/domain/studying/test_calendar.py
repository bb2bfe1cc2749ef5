from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.studying.calendar import accuracy, forecast, streak
from quizapp.domain.studying.calibration import month_of

TODAY = date(2026, 3, 12)
NOW = datetime(2026, 3, 12, 18, tzinfo=UTC)


def days(picture):
    """The days marked with x, today last."""
    return {TODAY - timedelta(days=n) for n, sign in enumerate(reversed(picture)) if sign == "x"}


@pytest.mark.parametrize(
    ("picture", "length"),
    [
        ("", 0),
        ("x", 1),
        ("xxx", 3),
        ("xx.", 2),
        ("xx.x", 3),
        ("xx..", 2),
        ("xx...", 0),
        ("x.x.x.x", 4),
        ("xxxx..x", 1),
        ("xxxx..x.xx", 3),
    ],
)
def test_a_streak_forgives_one_missed_day_but_not_two(picture, length):
    assert streak(days(picture), TODAY) == length


@given(st.sets(st.integers(0, 60)))
def test_studying_today_makes_a_streak_longer_by_one_or_starts_it(ago):
    before = {TODAY - timedelta(days=n) for n in ago if n > 0}
    assert streak(before | {TODAY}, TODAY) == streak(before, TODAY) + 1 or (
        streak(before | {TODAY}, TODAY) == 1
    )


def test_the_forecast_counts_what_is_due_on_each_day_with_the_overdue_today():
    due = [NOW - timedelta(days=40), NOW, NOW + timedelta(days=2), NOW + timedelta(days=30)]
    found = forecast(due, NOW)
    assert len(found) == 30
    assert next(iter(found)) == TODAY
    assert {day: n for day, n in found.items() if n} == {TODAY: 2, TODAY + timedelta(days=2): 1}


def test_the_forecast_goes_by_the_days_of_the_learner():
    almaty, late = ZoneInfo("Asia/Almaty"), datetime(2026, 3, 12, 23, 30, tzinfo=UTC)
    tomorrow = TODAY + timedelta(days=1)
    assert forecast([late], NOW, 2) == {TODAY: 1, tomorrow: 0}
    assert forecast([late], NOW, 2, almaty) == {TODAY: 0, tomorrow: 1}


def test_accuracy_is_told_by_month_in_order_and_without_empty_ones():
    found = accuracy(
        [(date(2026, 3, 3), 4, 1), (date(2026, 2, 1), 5, 5), (date(2026, 3, 9), 6, 4)], month_of
    )
    assert list(found) == [date(2026, 2, 1), date(2026, 3, 1)]
    march = found[date(2026, 3, 1)]
    assert (march.n, march.right, march.share) == (10, 5, 0.5)
    # Wilson's interval with z = 1.96: the centre stays at one half
    assert (march.low, march.high) == pytest.approx((0.2365931, 0.7634069), abs=1e-7)
    assert accuracy([(TODAY, 0, 0)]) == {}
