"""What an instructor decides about graded work, and what contradicts itself in it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from quizapp.domain.findings import Severity

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=30)
"""Between which a time limit lies."""

MOST_ATTEMPTS = 100
MOST_TRIES = 5


class Counting(StrEnum):
    """Which of several attempts counts."""

    BEST = "best"
    LAST = "last"
    FIRST = "first"
    MEAN = "mean"


class Layout(StrEnum):
    """One question a page, or all on one."""

    ONE = "one"
    ALL = "all"


class Stage(StrEnum):
    """A time at which results may be shown, in order: after each answer, after submitting, after
    the work has closed for everyone.
    """

    ANSWERED = "answered"
    SUBMITTED = "submitted"
    CLOSED = "closed"


class Shown(StrEnum):
    """What of the results may be shown."""

    MARKS = "marks"
    CORRECTNESS = "correctness"
    FEEDBACK = "feedback"
    KEY = "key"
    EXPLANATION = "explanation"


_ENDS_TRYING = frozenset({Shown.KEY, Shown.EXPLANATION})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field, with the mend. An error is refused, a warning is shown."""

    field: str
    message: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Policy:
    """How an assignment is taken, marked and shown.

    `attempts_allowed` is None for any number. `review` says what is shown from which stage on.
    `retry_credits` is the share of full marks that a right answer earns at the first try, the
    second and so on. `pass_mark` is a share from 0 to 1.
    """

    time_limit: timedelta | None = None
    attempts_allowed: int | None = 1
    counting: Counting = Counting.BEST
    shuffle_questions: bool = True
    shuffle_choices: bool = True
    layout: Layout = Layout.ONE
    may_go_back: bool = True
    review: frozenset[tuple[Shown, Stage]] = frozenset()
    retry_credits: tuple[Fraction, ...] = (Fraction(1),)
    certainty_marking: bool = False
    pass_mark: Fraction | None = None

    def shown_at(self, stage: Stage) -> frozenset[Shown]:
        """What is shown at a stage: all that is shown from it or from an earlier one on.

        After an answer this holds once the question is settled; see `shown_between_tries`.
        """
        stages = tuple(Stage)
        reached = stages[: stages.index(stage) + 1]
        return frozenset(shown for shown, since in self.review if since in reached)

    @property
    def shown_between_tries(self) -> frozenset[Shown]:
        """What is shown after an answer that may be tried again: never key nor explanation."""
        return self.shown_at(Stage.ANSWERED) - _ENDS_TRYING

    @property
    def is_immediate(self) -> bool:
        """Whether anything is shown after each answer, so that an answer given is final or, where
        tries are left, tried again. Going back then leads to what was passed over.
        """
        return bool(self.shown_at(Stage.ANSWERED))

    @property
    def tries(self) -> int:
        """How often a question may be tried within an attempt."""
        return len(self.retry_credits)

    def problems(self) -> tuple[Problem, ...]:
        """Values out of range and contradictions, each with its mend."""
        return (*_out_of_range(self), *_unsound_retries(self), *_contradictions(self))

    def as_dict(self) -> dict[str, Any]:
        """The policy as JSON values: the time limit in seconds, fractions as "7/10"."""
        limit = self.time_limit
        return {
            "time_limit": None if limit is None else limit // timedelta(seconds=1),
            "attempts_allowed": self.attempts_allowed,
            "counting": self.counting.value,
            "shuffle_questions": self.shuffle_questions,
            "shuffle_choices": self.shuffle_choices,
            "layout": self.layout.value,
            "may_go_back": self.may_go_back,
            "review": sorted([shown.value, stage.value] for shown, stage in self.review),
            "retry_credits": [str(credit) for credit in self.retry_credits],
            "certainty_marking": self.certainty_marking,
            "pass_mark": None if self.pass_mark is None else str(self.pass_mark),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Policy":
        """The policy of `as_dict`; what is missing has its default.

        Raises ValueError for unknown keys and for values of the wrong kind.
        """
        return cls(**read_fields(values, _READERS))


def read_fields(
    values: Mapping[str, Any], readers: Mapping[str, Callable[[Any], Any]]
) -> dict[str, Any]:
    """Each JSON value read by the reader of its key.

    Raises ValueError for keys that have none and for values that theirs refuses.
    """
    if unknown := values.keys() - readers.keys():
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    try:
        return {name: readers[name](value) for name, value in values.items()}
    except (TypeError, ArithmeticError) as error:
        raise ValueError(f"a value of the wrong kind: {error}") from error


def whole(value: Any) -> int:
    """The value where it is an integer, no boolean; raises TypeError."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _fraction(value: Any) -> Fraction:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no fraction such as '7/10'")
    return Fraction(value)


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "time_limit": lambda seconds: None if seconds is None else timedelta(seconds=whole(seconds)),
    "attempts_allowed": lambda number: None if number is None else whole(number),
    "counting": Counting,
    "shuffle_questions": _flag,
    "shuffle_choices": _flag,
    "layout": Layout,
    "may_go_back": _flag,
    "review": lambda pairs: frozenset((Shown(shown), Stage(stage)) for shown, stage in pairs),
    "retry_credits": lambda credits_: tuple(_fraction(credit) for credit in credits_),
    "certainty_marking": _flag,
    "pass_mark": lambda share: None if share is None else _fraction(share),
}


def _out_of_range(policy: Policy) -> Iterator[Problem]:
    limit, attempts = policy.time_limit, policy.attempts_allowed
    if limit is not None and not SHORTEST <= limit <= LONGEST:
        yield Problem("time_limit", "Give a time limit between 1 minute and 30 days, or none.")
    elif limit is not None and limit % timedelta(minutes=1):
        yield Problem("time_limit", "Give the time limit in whole minutes.")
    if attempts is not None and not 1 <= attempts <= MOST_ATTEMPTS:
        message = f"Allow between 1 and {MOST_ATTEMPTS} attempts, or any number."
        yield Problem("attempts_allowed", message)
    if policy.pass_mark is not None and not 0 <= policy.pass_mark <= 1:
        yield Problem("pass_mark", "Give a pass mark between 0 and 100 per cent, or none.")


def _unsound_retries(policy: Policy) -> Iterator[Problem]:
    shares = policy.retry_credits
    if not 1 <= len(shares) <= MOST_TRIES:
        yield Problem("retry_credits", f"Give the credit of 1 to {MOST_TRIES} tries.")
    elif shares[0] != 1:
        yield Problem("retry_credits", "A right answer at the first try earns 1: begin with 1.")
    if any(later > earlier for earlier, later in pairwise(shares)):
        message = "A later try cannot earn more than an earlier one: give falling credits."
        yield Problem("retry_credits", message)
    if any(share < 0 or (share * 10).denominator > 1 for share in shares):
        yield Problem("retry_credits", "Give credits from 0 to 1 in whole tenths, such as 0.7.")


def _contradictions(policy: Policy) -> Iterator[Problem]:
    if policy.tries > 1 and Shown.CORRECTNESS not in policy.shown_at(Stage.ANSWERED):
        yield Problem(
            "retry_credits",
            "Only who sees that an answer is wrong can try again: show right or wrong after each "
            "answer, or allow one try.",
        )
    if policy.tries > 1 and policy.certainty_marking:
        yield Problem(
            "certainty_marking",
            "Certainty is asked before anything is known of the answer, so it goes with one try: "
            "switch off one of the two.",
        )
    if policy.layout is Layout.ALL and not policy.may_go_back:
        yield Problem(
            "may_go_back",
            "With all questions on one page everyone can go back: allow it, or show one question "
            "a page.",
        )
    if policy.attempts_allowed != 1 and Shown.KEY in policy.shown_at(Stage.SUBMITTED):
        yield Problem(
            "review",
            "Students see the key while they have attempts left: show it after closing, or allow "
            "one attempt.",
            Severity.WARNING,
        )


@dataclass(frozen=True, slots=True)
class Preset:
    """A policy for a usual case. `summary` is one sentence."""

    name: str
    title: str
    summary: str
    policy: Policy


def _review(**stages: str) -> frozenset[tuple[Shown, Stage]]:
    """The review matrix from the names of what is shown, by stage."""
    return frozenset(
        (Shown(shown), Stage(stage)) for stage, names in stages.items() for shown in names.split()
    )


_HOMEWORK = Preset(
    name="homework",
    title="Homework",
    summary="Three attempts at any time until it is due, the best counts, and students see marks, "
    "right or wrong and feedback after submitting, the key and the explanation after closing.",
    policy=Policy(
        attempts_allowed=3,
        review=_review(submitted="marks correctness feedback", closed="key explanation"),
    ),
)
_EXAM = Preset(
    name="exam",
    title="Exam",
    summary="One attempt of 60 minutes in a shuffled order, passed with 50 per cent, and results "
    "are shown after it has closed for everyone.",
    policy=Policy(
        time_limit=timedelta(minutes=60),
        review=_review(closed="marks correctness feedback key explanation"),
        pass_mark=Fraction(1, 2),
    ),
)
_PRACTICE = Preset(
    name="practice",
    title="Practice for marks",
    summary="Any number of attempts with three tries a question worth 1, 0.7 and 0.5, marks and "
    "feedback after each answer, and the best attempt counts.",
    policy=Policy(
        attempts_allowed=None,
        review=_review(answered="marks correctness feedback explanation", closed="key"),
        retry_credits=(Fraction(1), Fraction(7, 10), Fraction(1, 2)),
    ),
)

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {preset.name: preset for preset in (_HOMEWORK, _EXAM, _PRACTICE)}
)
"""The usual cases by name, in the order in which they are offered."""
