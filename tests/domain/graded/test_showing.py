from datetime import UTC, datetime, timedelta

import pytest

from quizapp.domain.graded.policy import Policy, Shown, Stage
from quizapp.domain.graded.showing import shown_now, stage_of, tells_keys

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


@pytest.mark.parametrize(
    ("shown", "tells"),
    [
        (Shown.MARKS, False),
        (Shown.CORRECTNESS, False),
        (Shown.KEY, True),
        (Shown.EXPLANATION, True),
    ],
)
def test_the_key_and_its_explanation_tell_what_is_right(shown, tells):
    policy = Policy(review=frozenset({(shown, Stage.SUBMITTED)}))
    assert tells_keys(policy, Stage.SUBMITTED, is_held=False) is tells
    assert not tells_keys(policy, Stage.SUBMITTED, is_held=True)
    assert not tells_keys(policy, Stage.ANSWERED, is_held=False)
