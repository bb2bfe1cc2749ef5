from datetime import UTC, datetime, timedelta

import pytest

from quizapp.domain.graded.policy import Policy, Shown, Stage
from quizapp.domain.graded.showing import shown_now, stage_of

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
POLICY = Policy(
    review=frozenset({(Shown.MARKS, Stage.SUBMITTED), (Shown.KEY, Stage.CLOSED)}),
)


@pytest.mark.parametrize(
    ("ended_at", "closed_at", "stage"),
    [
        (None, None, Stage.ANSWERED),
        (None, NOW, Stage.ANSWERED),
        (NOW, None, Stage.SUBMITTED),
        (NOW, LATER, Stage.SUBMITTED),
        (NOW, NOW, Stage.CLOSED),
    ],
)
def test_closing_for_everyone_counts_only_once_the_attempt_is_submitted(ended_at, closed_at, stage):
    assert stage_of(ended_at, closed_at, NOW) is stage


def test_results_that_are_held_are_not_shown_at_any_stage():
    for stage in Stage:
        assert shown_now(POLICY, stage, is_held=True) == frozenset()
        assert shown_now(POLICY, stage, is_held=False) == POLICY.shown_at(stage)
