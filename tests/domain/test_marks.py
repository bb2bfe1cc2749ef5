import pytest

from quizapp.domain.grading import Verdict
from quizapp.domain.marks import MISSED, UNANSWERED, Mark, mark_of, next_open, positions


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
