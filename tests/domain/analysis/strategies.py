"""Attempts as they may come: any outcome, partial and negative credit, several choices."""

from fractions import Fraction

from hypothesis import strategies as st

from quizapp.domain.analysis.tally import Outcome
from tests.domain.analysis.answered import SKIPPED, UNSEEN, Answer

CREDITS = [Fraction(c) for c in ("0", "1", "1/2", "1/3", "7/10", "-2/3", "-2")]

answers = st.one_of(
    st.builds(
        Answer,
        credit=st.sampled_from(CREDITS),
        chosen=st.frozensets(st.integers(0, 3), min_size=1),
        outcome=st.just(Outcome.ANSWERED),
        elapsed_ms=st.none() | st.integers(0, 10**9),
        certainty=st.none() | st.integers(1, 3),
    ),
    st.sampled_from([SKIPPED, UNSEEN]),
)


def quizzes(
    items: st.SearchStrategy[int], min_size: int, max_size: int
) -> st.SearchStrategy[list[list[Answer]]]:
    """Attempts at one quiz, all of the same number of items."""
    return items.flatmap(
        lambda size: st.lists(
            st.lists(answers, min_size=size, max_size=size), min_size=min_size, max_size=max_size
        )
    )
