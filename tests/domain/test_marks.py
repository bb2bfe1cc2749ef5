import pytest

from quizapp.domain.grading import Verdict
from quizapp.domain.marks import (
    MISSED,
    UNANSWERED,
    Mark,
    furthest_seen,
    mark_of,
    next_open,
    positions,
    replaced,
)


def test_every_verdict_has_a_mark_of_its_own():
    marks = {mark_of(verdict) for verdict in Verdict}
    assert marks == {Mark.RIGHT, Mark.PARTLY, Mark.WRONG}


def test_every_mark_is_one_character():
    assert {len(mark) for mark in Mark} == {1}


@pytest.mark.parametrize(
    ("marks", "after", "position"),
    [
        ("---", 0, 1),
        ("r--", 1, 2),
        ("r-w-", 2, 4),
        ("-rr", 1, 1),
        ("rws", 0, None),
        ("s-", 0, 2),
        ("rrr", 0, None),
        ("", 0, None),
    ],
)
def test_the_next_open_item_comes_after_the_present_one_and_then_from_the_start(
    marks, after, position
):
    assert next_open(marks, after) == position


def test_positions_count_from_one():
    assert positions("r-spw", UNANSWERED) == [2, 3]
    assert positions("r-spw", MISSED) == [4, 5]


def test_one_mark_is_replaced_and_the_others_stay():
    assert replaced("s-a", 2, Mark.SAVED) == "saa"
    assert replaced("---", 3, Mark.SKIPPED) == "--s"


def test_the_furthest_item_seen_is_the_last_that_is_not_open():
    assert [furthest_seen(marks) for marks in ("---", "s--", "s-a", "asw")] == [0, 1, 3, 3]
