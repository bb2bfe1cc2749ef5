from fractions import Fraction

from quizapp.domain.certainty import CERTAIN, FAIRLY, GUESS, right_when_certain


def test_only_answers_given_as_certain_count():
    answers = [
        (CERTAIN, Fraction(1)),
        (CERTAIN, Fraction(0)),
        (FAIRLY, Fraction(1)),
        (GUESS, Fraction(1)),
        (None, Fraction(1)),
    ]
    assert right_when_certain(answers) == (1, 2)


def test_a_partly_right_answer_is_not_right():
    assert right_when_certain([(CERTAIN, Fraction(2, 3))]) == (0, 1)


def test_nobody_was_certain_of_anything():
    assert right_when_certain([]) == (0, 0)
