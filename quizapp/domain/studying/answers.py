"""From a response to what scheduling takes from it."""

from fractions import Fraction

from quizapp.domain.questions import Question
from quizapp.domain.studying.guessing import chance
from quizapp.domain.studying.scheduling import Answer, is_quick


def answer_to(
    question: Question, credit: Fraction, certainty: int | None, elapsed_ms: int | None
) -> Answer:
    """What an answer to this question says about memory."""
    return Answer(
        credit=credit,
        certainty=certainty,
        is_quick=is_quick(elapsed_ms, words_of(question)),
        luck=chance(len(question.choices), len(question.keys)),
    )


def words_of(question: Question) -> int:
    """Words of the stem and the choices, which are what is read before answering."""
    texts = (question.stem, *(choice.text for choice in question.choices))
    return sum(len(text.split()) for text in texts)
