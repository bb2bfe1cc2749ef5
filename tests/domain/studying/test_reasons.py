from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from quizapp.domain.certainty import CERTAIN, FAIRLY, GUESS
from quizapp.domain.grading import Verdict
from quizapp.domain.studying.reasons import Reason, sentence, why
from quizapp.domain.studying.scheduling import Card

SEEN = datetime(2026, 3, 2, 18, tzinfo=UTC)


def test_the_reason_of_a_card_is_its_last_answer_and_the_recall_now():
    card = Card(9.0, 5.0, SEEN, SEEN, 2, 0, Fraction(1), GUESS)
    found = why(card, SEEN + timedelta(days=9))
    assert (found.days, found.verdict, found.certainty) == (9, Verdict.RIGHT, GUESS)
    assert found.recalled == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (
            Reason(9, Verdict.RIGHT, GUESS, 0.71),
            "Last seen 9 days ago: right, but a guess. Estimated chance to recall now: 71\u00a0%.",
        ),
        (
            Reason(1, Verdict.WRONG, CERTAIN, 0.0466),
            (
                "Last seen yesterday: wrong, though certain. "
                "If you kept what you read then, the chance to recall it now is about 5\u00a0%."
            ),
        ),
        (
            Reason(0, Verdict.PARTLY, FAIRLY, 1.0),
            "Last seen today: partly right.",
        ),
        (
            Reason(1, Verdict.RIGHT, CERTAIN, 0.999),
            "Last seen yesterday: right, and certain. Estimated chance to recall now: 99\u00a0%.",
        ),
        (
            Reason(40, Verdict.RIGHT, None, 0.001),
            "Last seen 40 days ago: right. Estimated chance to recall now: 1\u00a0%.",
        ),
        (None, "New in review: you have not practised this question yet."),
    ],
)
def test_the_reason_is_one_plain_sentence_and_its_chance(reason, words):
    assert sentence(reason) == words
