import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.certainty import CERTAIN, FAIRLY, GUESS
from quizapp.domain.studying.guessing import SLIPS, belief, chance, right_when

shares = st.floats(0, 1)
levels = st.sampled_from([None, GUESS, FAIRLY, CERTAIN])


@pytest.mark.parametrize(
    ("choices", "keys", "expected"), [(4, 1, 1 / 4), (2, 1, 1 / 2), (5, 2, 1 / 10), (6, 3, 1 / 20)]
)
def test_a_blind_pick_is_right_once_in_as_many_picks_as_there_are(choices, keys, expected):
    assert chance(choices, keys) == expected


def test_who_recalls_is_right_but_for_slips_and_who_does_not_needs_luck():
    assert right_when(1, 1 / 4) == 1 - SLIPS
    assert right_when(0, 1 / 4) == 1 / 4
    assert right_when(0.5, 1 / 4) == pytest.approx((1 - SLIPS) / 2 + 1 / 8)


def test_a_right_answer_is_believed_by_bayes_rule():
    # known 0.6, lucky 0.4 / 4 = 0.1: six times in seven it was known
    assert belief(0.6, 1 / 4, None) == pytest.approx(6 / 7)


@given(shares, levels)
def test_where_luck_cannot_be_every_right_answer_is_believed(recalled, certainty):
    assert belief(recalled, 0, certainty) == 1


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.5))
def test_the_surer_the_learner_the_further_a_right_answer_is_believed(recalled, luck):
    by_level = [belief(recalled, luck, level) for level in (GUESS, None, FAIRLY, CERTAIN)]
    assert by_level == sorted(by_level)
    assert 0 < by_level[0] < by_level[-1] < 1


@given(shares, st.floats(0.01, 0.4), levels)
def test_more_choices_make_a_right_answer_more_believable(recalled, luck, certainty):
    assert belief(recalled, luck, certainty) >= belief(recalled, luck * 1.5, certainty)
