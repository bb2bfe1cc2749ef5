from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.graded.policy import Policy
from quizapp.domain.graded.regrading import Given, Ruling, accepted_keys, carried_over, mark_of
from quizapp.domain.graded.scoring import Mark, response_credit
from quizapp.domain.questions import Choice, Question

PLAIN = Policy()
RETRIES = Policy(retry_credits=(Fraction(1), Fraction(1, 2)))
CERTAINTY = Policy(certainty_marking=True)
FULL, NOTHING, LEFT_OUT = Mark(Fraction(1), 1), Mark(Fraction(0), 1), Mark(Fraction(0), 0)
OLD_KEY, NEW_KEY, OTHER = frozenset({0}), frozenset({1}), frozenset({2})

chose_old = Given(OLD_KEY, None, 1, Fraction(1))
chose_new = Given(NEW_KEY, None, 1, Fraction(0))
chose_nothing = Given(None, None, 0, Fraction(0))

rulings = st.none() | st.sampled_from(Ruling)
answers = st.builds(
    Given,
    st.none() | st.frozensets(st.integers(0, 3), min_size=1),
    st.none() | st.integers(1, 3),
    st.integers(1, 2),
    st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1)]),
)


@pytest.mark.parametrize(
    ("ruling", "given_", "mark"),
    [
        (None, chose_old, FULL),
        (None, chose_new, NOTHING),
        (None, chose_nothing, NOTHING),
        (Ruling.KEEP, chose_old, FULL),
        (Ruling.KEEP, chose_new, NOTHING),
        (Ruling.REGRADE, chose_old, NOTHING),
        (Ruling.REGRADE, chose_new, FULL),
        (Ruling.REGRADE, chose_nothing, NOTHING),
        (Ruling.FULL, chose_old, FULL),
        (Ruling.FULL, chose_new, FULL),
        (Ruling.FULL, chose_nothing, FULL),
        (Ruling.IGNORE, chose_old, LEFT_OUT),
        (Ruling.IGNORE, chose_nothing, LEFT_OUT),
    ],
)
def test_each_ruling_does_what_it_says(ruling, given_, mark):
    assert mark_of(PLAIN, given_, ruling, NEW_KEY, None) == mark


@pytest.mark.parametrize("ruling", [None, Ruling.KEEP, Ruling.REGRADE, Ruling.FULL])
def test_a_persons_decision_goes_before_any_ruling(ruling):
    override = Fraction(1, 4)
    assert mark_of(PLAIN, chose_old, ruling, NEW_KEY, override) == Mark(override, 1)
    assert mark_of(PLAIN, chose_nothing, ruling, NEW_KEY, override) == Mark(override, 1)


def test_a_persons_decision_does_not_bring_an_ignored_question_back():
    assert mark_of(PLAIN, chose_old, Ruling.IGNORE, None, Fraction(1)) == LEFT_OUT


@given(answers, rulings, st.none() | st.just(Fraction(1, 3)))
def test_a_question_is_worth_the_same_for_everyone(given_, ruling, override):
    worth = mark_of(PLAIN, given_, ruling, NEW_KEY, override).worth
    assert worth == (0 if ruling is Ruling.IGNORE else 1)


@given(answers.filter(lambda given_: given_.chosen), st.sampled_from([PLAIN, RETRIES, CERTAINTY]))
def test_regrading_earns_what_the_answer_would_have_earned(given_, policy):
    mark = mark_of(policy, given_, Ruling.REGRADE, NEW_KEY, None)
    expected = response_credit(policy, given_.chosen, NEW_KEY, given_.certainty, given_.tries)
    assert mark == Mark(expected, 1)


@pytest.mark.parametrize(
    ("tries", "earned"),
    [
        ([NEW_KEY, OLD_KEY], Fraction(1)),
        ([OTHER, NEW_KEY, OLD_KEY], Fraction(1, 2)),
        ([OTHER, OTHER, NEW_KEY], Fraction(1, 4)),
        ([OTHER, OLD_KEY], Fraction(0)),
    ],
)
def test_of_several_tries_the_first_counts_that_turns_out_to_be_right(tries, earned):
    policy = Policy(retry_credits=(Fraction(1), Fraction(1, 2), Fraction(1, 4)))
    *earlier, last = tries
    given_ = Given(last, None, len(tries), Fraction(1, 2), tuple(earlier))
    assert mark_of(policy, given_, Ruling.REGRADE, NEW_KEY, None) == Mark(earned, 1)
    assert mark_of(policy, given_, Ruling.KEEP, NEW_KEY, None) == Mark(Fraction(1, 2), 1)


def test_each_try_may_be_another_of_two_keys_where_one_choice_was_asked_for():
    given_ = Given(OLD_KEY, None, 2, Fraction(1, 2), (NEW_KEY,), is_multiple=False)
    mark = mark_of(RETRIES, given_, Ruling.REGRADE, OLD_KEY | NEW_KEY, None)
    assert mark == FULL


@pytest.mark.parametrize("keys", [None, frozenset()])
def test_regrading_without_keys_is_refused(keys):
    with pytest.raises(ValueError, match="keys are not known"):
        mark_of(PLAIN, chose_old, Ruling.REGRADE, keys, None)


@pytest.mark.parametrize(
    ("chosen", "is_multiple", "earned"),
    [
        ({0}, False, Fraction(1)),
        ({1}, False, Fraction(1)),
        ({2}, False, Fraction(0)),
        ({0}, True, Fraction(1, 2)),
        ({0, 1}, True, Fraction(1)),
        ({0, 2}, True, Fraction(0)),
    ],
)
def test_each_of_two_keys_is_right_by_itself_where_one_choice_was_asked_for(
    chosen, is_multiple, earned
):
    given_ = Given(frozenset(chosen), None, 1, Fraction(0), is_multiple=is_multiple)
    mark = mark_of(PLAIN, given_, Ruling.REGRADE, frozenset({0, 1}), None)
    assert mark == Mark(earned, 1)


def test_without_an_answer_the_keys_are_as_they_are():
    assert accepted_keys(frozenset({0, 1}), None, is_multiple=False) == {0, 1}


def lettered(letters: str) -> Question:
    """A question whose choices are letters, the keys among them capital."""
    choices = tuple(Choice(letter.lower(), is_key=letter.isupper()) for letter in letters)
    return Question("q", "Which?", choices)


@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [
        pytest.param("Abc", "aBc", {1}, id="another key"),
        pytest.param("Abc", "ABc", {0, 1}, id="a second key"),
        pytest.param("Abc", "cbA", {0}, id="other order"),
        pytest.param("Abc", "Cba", {2}, id="other order and key"),
        pytest.param("Abc", "aXc", {1}, id="the new key reworded"),
        pytest.param("Abc", "XyZ", {0, 2}, id="all reworded"),
        pytest.param("Abc", "Ba", {1}, id="a choice dropped"),
        pytest.param("Abc", "dCba", {2}, id="a choice added"),
        pytest.param("Abc", "Xcb", {0}, id="reworded in its place, others moved"),
        pytest.param("Abc", "abcX", None, id="the key was not there"),
        pytest.param("Abc", "Xb", None, id="one dropped, the key reworded"),
        pytest.param("Abc", "Xac", None, id="reworded in the place of one that moved"),
        pytest.param("Aab", "aAb", {1}, id="a text twice, by place"),
        pytest.param("Aab", "cbA", None, id="a text twice, moved"),
    ],
)
def test_keys_are_carried_over_to_the_version_that_was_answered(old, new, keys):
    expected = None if keys is None else frozenset(keys)
    assert carried_over(lettered(old), lettered(new)) == expected


def test_white_space_does_not_make_another_choice():
    old = Question("q", "When?", (Choice("in May", True), Choice("in  June", False)))
    new = Question("q", "When?", (Choice("in June ", True), Choice("in May", False)))
    assert carried_over(old, new) == {1}


@given(st.permutations("abCdE"))
def test_another_order_alone_loses_no_key(order):
    assert carried_over(lettered("abCdE"), lettered("".join(order))) == {2, 4}
