from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from quizapp.domain.findings import Severity
from quizapp.domain.graded.experience import advice, credits_in_words, experience, terms_in_words
from quizapp.domain.graded.policy import PRESETS, Counting, Layout, Policy, Shown, Stage
from quizapp.domain.graded.timing import Accommodation, Window, terms

OPENS = datetime(2026, 3, 12, 10, tzinfo=UTC)
DUE = datetime(2026, 3, 12, 12, tzinfo=UTC)
CLOSES = datetime(2026, 3, 12, 13, tzinfo=UTC)


def say(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def told(policy: Policy, window: Window | None = None, questions: int | None = 12, **more) -> str:
    return " ".join(experience(policy, window or Window(), questions, say, **more))


def test_an_exam_reads_as_students_meet_it():
    exam = PRESETS["exam"].policy
    assert experience(exam, Window(OPENS, CLOSES, CLOSES), 12, say) == (
        "One attempt of 60 min between 10:00 and 13:00.",
        "It is due when it closes.",
        "12 questions and their choices in random order, one at a time; going back is possible.",
        "Answers can be changed until the attempt is submitted.",
        "50 % or more is a pass.",
        (
            "Marks, right or wrong, feedback, keys and explanations after 13:00, or later where "
            "someone has more time."
        ),
    )


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (Window(), "without a time limit, at any time."),
        (Window(opens_at=OPENS), "from 10:00 on."),
        (Window(closes_at=CLOSES), "until 13:00."),
        (Window(OPENS, DUE, CLOSES), "Due 12:00; later work is taken and marked as late."),
    ],
)
def test_the_window_is_said(window, words):
    assert words in told(Policy(), window)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"attempts_allowed": 3}, "Up to 3 attempts without"),
        ({"attempts_allowed": None}, "Any number of attempts without"),
        (
            {"attempts_allowed": 2, "time_limit": timedelta(hours=3)},
            "Up to 2 attempts of 3 h each at any time.",
        ),
        ({"attempts_allowed": 2, "counting": Counting.MEAN}, "The mean of all attempts counts."),
        ({"may_go_back": False}, "one at a time; there is no going back."),
        ({"may_go_back": False}, "until the next question is shown."),
        ({"layout": Layout.ALL}, "all on one page."),
        ({"shuffle_choices": False}, "12 questions in random order, choices as written, one"),
        ({"shuffle_questions": False, "shuffle_choices": False}, "in the order of the decks,"),
        ({"pass_mark": Fraction(2, 5)}, "40 % or more is a pass."),
        ({"certainty_marking": True}, "Students say how sure they are."),
        ({"review": frozenset({(Shown.MARKS, Stage.ANSWERED)})}, "final once it is checked."),
        ({"review": frozenset()}, "Students are shown no results."),
    ],
)
def test_what_a_policy_makes_is_said(changes, words):
    assert words in told(Policy(**changes))


def test_tries_and_what_is_shown_at_each_stage_are_said():
    words = told(PRESETS["practice"].policy)
    assert "Each question may be tried 3 times, for 100 %, 70 %, 50 % of the mark." in words
    assert "Marks, right or wrong, feedback and explanations after each answer." in words
    assert "Keys after closing." in words


def test_one_question_is_one_and_an_unknown_number_is_left_out():
    assert "1 question and their choices" not in told(Policy(), questions=1)
    assert "1 question, choices in random order," in told(Policy(), questions=1)
    assert " Questions and their choices" in told(Policy(), questions=None)


def test_marks_that_are_kept_back_are_said_to_be():
    kept = "None of this is shown before you release the marks."
    assert kept in told(PRESETS["exam"].policy, holds_marks=True)
    assert kept not in told(PRESETS["exam"].policy)


def test_results_after_closing_want_a_close():
    policy = PRESETS["homework"].policy
    assert advice(policy, Window(closes_at=CLOSES), holds_back=True) == ()
    assert advice(replace(policy, review=frozenset()), Window()) == ()
    problems = advice(policy, Window(due_at=DUE), holds_back=True)
    assert [problem.field for problem in problems] == ["closes_at", "holds_back"]
    assert {problem.severity for problem in problems} == {Severity.WARNING}


def test_results_after_each_answer_go_badly_with_results_that_are_kept_back():
    window, practice = Window(closes_at=CLOSES), PRESETS["practice"].policy
    assert advice(practice, window) == ()
    assert advice(PRESETS["homework"].policy, window, holds_marks=True) == ()
    (problem,) = advice(practice, window, holds_marks=True)
    assert (problem.field, problem.severity) == ("holds_marks", Severity.WARNING)
    assert "no question can be tried again" in problem.message
    (problem,) = advice(replace(practice, retry_credits=(Fraction(1),)), window, holds_marks=True)
    assert "tried again" not in problem.message


@pytest.mark.parametrize(
    ("granted", "words"),
    [
        (Accommodation(closes_at=CLOSES + timedelta(hours=1)), ("closes 14:00",)),
        (Accommodation(due_at=DUE + timedelta(minutes=30)), ("due 12:30",)),
        (Accommodation(due_at=CLOSES + timedelta(hours=1)), ("due 14:00", "closes 14:00")),
    ],
)
def test_of_the_dates_those_are_said_that_are_later(granted, words):
    held = terms(Window(due_at=DUE, closes_at=CLOSES), Policy(), [granted])
    assert terms_in_words(held, say) == words
    assert held.has_later_dates


def test_only_what_differs_for_a_student_is_said():
    policy = Policy(time_limit=timedelta(minutes=30), attempts_allowed=2)
    window = Window(due_at=DUE, closes_at=CLOSES)
    assert terms_in_words(terms(window, policy, ()), say) == ()
    double = terms(window, policy, [Accommodation(time_percent=200, extra_attempts=1)])
    assert terms_in_words(double, say) == (
        "60 min (extended from 30)",
        "3 attempts (extended from 2)",
        "due 12:30",
        "closes 13:30",
    )


def test_credits_are_written_as_they_are_entered():
    assert credits_in_words([Fraction(1), Fraction(7, 10), Fraction(1, 2)]) == "1, 0.7, 0.5"
