from datetime import UTC, datetime, timedelta
from fractions import Fraction

from quizapp.domain.sprint import sprint

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
ONE, NONE, HALF = Fraction(1), Fraction(0), Fraction(1, 2)


def after(**since) -> datetime:
    return START + timedelta(**since)


def test_answers_within_the_time_count_and_later_ones_are_told_apart():
    done = sprint(
        START,
        300,
        [(after(seconds=20), ONE), (after(minutes=5), HALF), (after(minutes=5, seconds=1), ONE)],
    )
    assert (done.minutes, done.answered, done.right, done.late) == (5, 2, 1, 1)


def test_it_says_how_long_it_took_to_the_last_answer():
    assert sprint(START, 60, [(after(minutes=7, seconds=12), NONE)]).took_in_words == "7 min 12 s"
    assert sprint(START, 60, [(after(seconds=40), NONE)]).took_in_words == "40 s"


def test_without_an_answer_it_took_no_time():
    done = sprint(START, 60, [])
    assert (done.answered, done.right, done.late, done.took) == (0, 0, 0, timedelta(0))
