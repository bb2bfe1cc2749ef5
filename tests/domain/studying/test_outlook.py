"""What to expect on the day of an exam."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from random import Random

import pytest

from quizapp.domain.studying.mastery import Known, Record, Share, mastery
from quizapp.domain.studying.outlook import expected_on
from quizapp.domain.studying.queue import Limits
from quizapp.domain.studying.scheduling import Answer, Card, review

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
LUCK = 0.25
RECORD = Record(Share(40, 60), Share(2, 4), {}, frozenset())


def card(days_ago: int, *, right: bool = True) -> Card:
    return review(None, Answer(Fraction(right)), NOW - timedelta(days=days_ago))[0]


def expected(questions, exam: date, limits: Limits | None = None, seed: int = 0):
    return expected_on(exam, questions, RECORD, NOW, limits or Limits(), Random(seed))


def known(count: int, days_ago: int = 20) -> list[Known]:
    rights = [i % 3 > 0 for i in range(count)]
    return [
        Known(card(days_ago + i % 5, right=right), LUCK, right, not right)
        for i, right in enumerate(rights)
    ]


def test_nothing_is_expected_of_no_questions():
    assert expected([], date(2026, 4, 1)) is None


def test_the_plan_brings_more_than_there_is_now():
    questions = known(60)
    standing = mastery(questions, RECORD, NOW)
    found = expected(questions, date(2026, 4, 1))
    assert standing is not None
    assert found is not None
    assert found > standing.share + 0.1
    assert 0.85 < found < 0.99


def test_an_exam_today_finds_things_as_they_are():
    questions = known(30)
    standing = mastery(questions, RECORD, NOW)
    assert standing is not None
    assert expected(questions, NOW.date()) == pytest.approx(standing.share)


def test_errors_that_no_review_comes_to_before_the_exam_stay_errors():
    missed = [Known(card(0, right=False), LUCK, False, True)] * 14
    no_record = Record(Share(0, 14), Share(0, 0), {}, frozenset())
    tomorrow = NOW.date() + timedelta(days=1)
    for questions in (missed, [Known(None, LUCK)] * 14):
        found = expected_on(tomorrow, questions, no_record, NOW, Limits(), Random(0))
        assert found == pytest.approx(LUCK)


def test_questions_never_seen_are_learnt_in_time():
    found = expected([Known(None, LUCK)] * 50, date(2026, 4, 1))
    assert found is not None
    assert found > 0.8


def test_what_there_is_no_time_to_see_is_left_to_luck():
    unseen, keeps_nothing = [Known(None, LUCK)] * 10, replace(RECORD, again=Share(0, 100))
    found = expected_on(NOW.date(), unseen, keeps_nothing, NOW, Limits(), Random(0))
    assert found == pytest.approx(LUCK)


def test_fewer_reviews_a_day_leave_the_last_ones_further_from_the_exam():
    questions = known(70, days_ago=3)
    many = expected(questions, date(2026, 4, 1), Limits(reviews=100))
    few = expected(questions, date(2026, 4, 1), Limits(reviews=10))
    assert many is not None
    assert few is not None
    assert few < many


def test_the_figure_does_not_jump():
    assert expected(known(9), date(2026, 4, 1)) == expected(known(9), date(2026, 4, 1))
