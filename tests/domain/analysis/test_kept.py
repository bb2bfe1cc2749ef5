from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.analysis.kept import poured
from quizapp.domain.analysis.tally import ItemTally, Observation, Outcome, QuizTally

shares = st.fractions(0, 1, max_denominator=12)
observations = st.builds(
    Observation,
    outcome=st.sampled_from(Outcome),
    credit=st.fractions(-2, 1, max_denominator=6),
    is_right=st.booleans(),
    chosen=st.frozensets(st.integers(0, 4)),
    rest=st.none() | shares,
    score=shares,
    elapsed_ms=st.none() | st.integers(0, 100_000),
    certainty=st.none() | st.integers(1, 3),
)
attempts = st.tuples(shares, st.frozensets(st.integers(1, 5), min_size=1))


def item_tally(seen, taken_back) -> ItemTally:
    tally = ItemTally()
    for each in seen:
        tally.add(each)
    for each in taken_back:
        tally.remove(each)
    return tally


@given(st.lists(observations), st.lists(observations), st.lists(observations))
def test_item_tallies_are_poured_as_they_are_merged(before, coming, leaving):
    kept, change = item_tally(before, ()), item_tally(coming, leaving)
    written = poured(kept.as_dict(), change.as_dict())
    kept.merge(change)
    assert written == kept.as_dict()


@given(st.lists(attempts), st.lists(attempts))
def test_quiz_tallies_are_poured_as_they_are_merged(before, leaving):
    kept, change = QuizTally(), QuizTally()
    for score, items in before:
        kept.add(score, items)
    for score, items in leaving:
        change.remove(score, items)
    written = poured(kept.as_dict(), change.as_dict())
    kept.merge(change)
    assert written == kept.as_dict()


def test_what_is_taken_back_wholly_leaves_an_empty_tally():
    seen = Observation(
        Outcome.ANSWERED, Fraction(1, 3), False, frozenset({1}), Fraction(1, 2), Fraction(1, 4)
    )
    kept, change = item_tally([seen], ()), item_tally((), [seen])
    assert ItemTally.from_dict(poured(kept.as_dict(), change.as_dict())) == ItemTally()
