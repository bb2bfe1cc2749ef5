import json
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.findings import Severity
from quizapp.domain.graded.policy import PRESETS, Counting, Layout, Policy, Shown, Stage

shares = st.fractions(0, 1, max_denominator=10)
policies = st.builds(
    Policy,
    time_limit=st.none() | st.integers(0, 50_000).map(lambda n: timedelta(minutes=n)),
    attempts_allowed=st.none() | st.integers(0, 200),
    counting=st.sampled_from(Counting),
    shuffle_questions=st.booleans(),
    shuffle_choices=st.booleans(),
    layout=st.sampled_from(Layout),
    may_go_back=st.booleans(),
    review=st.frozensets(st.tuples(st.sampled_from(Shown), st.sampled_from(Stage))),
    retry_credits=st.lists(shares, max_size=6).map(tuple),
    certainty_marking=st.booleans(),
    pass_mark=st.none() | shares,
)

AFTER_EACH_ANSWER = frozenset({(Shown.CORRECTNESS, Stage.ANSWERED)})
RETRIES = (Fraction(1), Fraction(1, 2))


def fields(policy: Policy) -> list[str]:
    return [problem.field for problem in policy.problems()]


@given(policies)
def test_a_policy_survives_json(policy):
    assert Policy.from_dict(json.loads(json.dumps(policy.as_dict()))) == policy


def test_what_is_missing_has_its_default():
    assert Policy.from_dict({}) == Policy()


@pytest.mark.parametrize(
    "values",
    [
        {"time": 60},
        {"time_limit": "60"},
        {"time_limit": True},
        {"time_limit": 10**20},
        {"attempts_allowed": 1.5},
        {"counting": "worst"},
        {"layout": None},
        {"may_go_back": 1},
        {"review": [["marks", "never"]]},
        {"review": [["marks"]]},
        {"review": None},
        {"retry_credits": [1, 0.7]},
        {"pass_mark": "1/0"},
        {"pass_mark": "half"},
    ],
)
def test_unknown_keys_and_values_are_refused(values):
    with pytest.raises(ValueError, match=r"\w"):
        Policy.from_dict(values)


def test_what_is_shown_at_a_stage_is_shown_at_later_ones():
    policy = Policy(review=frozenset({(Shown.MARKS, Stage.SUBMITTED), (Shown.KEY, Stage.CLOSED)}))
    assert policy.shown_at(Stage.ANSWERED) == frozenset()
    assert policy.shown_at(Stage.SUBMITTED) == {Shown.MARKS}
    assert policy.shown_at(Stage.CLOSED) == {Shown.MARKS, Shown.KEY}


@given(policies)
def test_nothing_shown_is_hidden_again(policy):
    answered, submitted, closed = (policy.shown_at(stage) for stage in Stage)
    assert answered <= submitted <= closed
    assert closed == {shown for shown, _ in policy.review}


@given(policies)
def test_neither_key_nor_explanation_is_shown_while_a_question_may_be_tried_again(policy):
    shown = policy.shown_between_tries
    assert not shown & {Shown.KEY, Shown.EXPLANATION}
    assert shown <= policy.shown_at(Stage.ANSWERED)


def test_a_policy_is_immediate_where_anything_is_shown_after_each_answer():
    assert Policy(review=AFTER_EACH_ANSWER).is_immediate
    assert not Policy(review=frozenset({(Shown.MARKS, Stage.SUBMITTED)})).is_immediate


def test_the_presets_have_no_problems():
    assert list(PRESETS) == ["homework", "exam", "practice"]
    for name, preset in PRESETS.items():
        assert preset.name == name
        assert preset.policy.problems() == ()


def test_the_presets_are_what_they_say():
    homework, exam, practice = (preset.policy for preset in PRESETS.values())
    assert (homework.attempts_allowed, homework.counting) == (3, Counting.BEST)
    assert homework.shown_at(Stage.SUBMITTED) == {Shown.MARKS, Shown.CORRECTNESS, Shown.FEEDBACK}
    assert homework.shown_at(Stage.CLOSED) == set(Shown)
    assert (exam.attempts_allowed, exam.time_limit) == (1, timedelta(hours=1))
    assert exam.shown_at(Stage.SUBMITTED) == frozenset()
    assert exam.shown_at(Stage.CLOSED) == set(Shown)
    assert exam.pass_mark == Fraction(1, 2)
    assert practice.attempts_allowed is None
    assert practice.is_immediate
    assert practice.retry_credits == (1, Fraction(7, 10), Fraction(1, 2))


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        (Policy(time_limit=timedelta(seconds=59)), "time_limit"),
        (Policy(time_limit=timedelta(seconds=90)), "time_limit"),
        (Policy(time_limit=timedelta(days=30, minutes=1)), "time_limit"),
        (Policy(attempts_allowed=0), "attempts_allowed"),
        (Policy(attempts_allowed=101), "attempts_allowed"),
        (Policy(pass_mark=Fraction(101, 100)), "pass_mark"),
        (Policy(pass_mark=Fraction(-1, 100)), "pass_mark"),
        (Policy(retry_credits=()), "retry_credits"),
        (Policy(retry_credits=(Fraction(1),) * 6, review=AFTER_EACH_ANSWER), "retry_credits"),
        (Policy(retry_credits=(Fraction(1, 2),)), "retry_credits"),
        (Policy(retry_credits=RETRIES), "retry_credits"),
        (
            Policy(retry_credits=RETRIES, review=AFTER_EACH_ANSWER, certainty_marking=True),
            "certainty_marking",
        ),
        (Policy(layout=Layout.ALL, may_go_back=False), "may_go_back"),
    ],
)
def test_what_cannot_be_is_an_error_at_its_field(policy, field):
    problems = policy.problems()
    assert [(problem.field, problem.severity) for problem in problems] == [(field, Severity.ERROR)]


@pytest.mark.parametrize("later", [("1/2", "7/10"), ("1/3",), ("13/20",), ("-1/2",)])
def test_credits_that_rise_or_are_no_tenths_are_an_error(later):
    credits_ = (Fraction(1), *(Fraction(credit) for credit in later))
    assert fields(Policy(retry_credits=credits_, review=AFTER_EACH_ANSWER)) == ["retry_credits"]


@pytest.mark.parametrize(
    "policy",
    [
        Policy(time_limit=timedelta(minutes=1)),
        Policy(time_limit=timedelta(days=30)),
        Policy(attempts_allowed=100),
        Policy(pass_mark=Fraction(0)),
        Policy(pass_mark=Fraction(1)),
        Policy(retry_credits=RETRIES, review=AFTER_EACH_ANSWER),
        Policy(retry_credits=(Fraction(1),) * 5, review=AFTER_EACH_ANSWER),
        Policy(certainty_marking=True, review=AFTER_EACH_ANSWER),
        Policy(layout=Layout.ALL),
    ],
)
def test_what_lies_at_the_limits_is_accepted(policy):
    assert policy.problems() == ()


@pytest.mark.parametrize("stage", [Stage.ANSWERED, Stage.SUBMITTED])
def test_a_key_shown_while_attempts_are_left_is_warned_of(stage):
    policy = Policy(attempts_allowed=2, review=frozenset({(Shown.KEY, stage)}))
    (problem,) = policy.problems()
    assert (problem.field, problem.severity) == ("review", Severity.WARNING)
    assert replace(policy, attempts_allowed=1).problems() == ()
    assert fields(replace(policy, attempts_allowed=None)) == ["review"]
