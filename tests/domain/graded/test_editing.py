from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from quizapp.domain.graded.editing import refused_changes
from quizapp.domain.graded.policy import Counting, Layout, Policy, Shown, Stage
from quizapp.domain.graded.pools import Pool

BEFORE = Policy(
    time_limit=timedelta(minutes=30),
    attempts_allowed=2,
    counting=Counting.LAST,
    review=frozenset({(Shown.MARKS, Stage.SUBMITTED)}),
)
POOLS = (Pool(decks=("rivers",)),)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"time_limit": timedelta(minutes=10)},
        {"time_limit": None},
        {"attempts_allowed": 3},
        {"attempts_allowed": None},
        {"counting": Counting.BEST},
        {"pass_mark": Fraction(1, 2)},
        {"review": frozenset({(Shown.KEY, Stage.CLOSED)})},
    ],
)
def test_what_harms_nobody_may_change(changes):
    assert refused_changes(BEFORE, replace(BEFORE, **changes), POOLS, list(POOLS)) == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"attempts_allowed": 1}, "attempts_allowed"),
        ({"counting": Counting.MEAN}, "counting"),
        ({"shuffle_questions": False}, "shuffle_questions"),
        ({"shuffle_choices": False}, "shuffle_choices"),
        ({"layout": Layout.ALL}, "layout"),
        ({"may_go_back": False}, "may_go_back"),
        ({"retry_credits": (Fraction(1), Fraction(1, 2))}, "retry_credits"),
        ({"certainty_marking": True}, "certainty_marking"),
        ({"review": frozenset({(Shown.MARKS, Stage.ANSWERED)})}, "review"),
    ],
)
def test_what_would_treat_students_unlike_is_refused(changes, field):
    problems = refused_changes(BEFORE, replace(BEFORE, **changes), POOLS, POOLS)
    assert [problem.field for problem in problems] == [field]


def test_other_questions_are_refused():
    problems = refused_changes(BEFORE, BEFORE, POOLS, (Pool(decks=("seas",)),))
    assert [problem.field for problem in problems] == ["pools"]


def test_any_number_of_attempts_cannot_become_few():
    endless = replace(BEFORE, attempts_allowed=None)
    assert refused_changes(endless, BEFORE, POOLS, POOLS)[0].field == "attempts_allowed"
