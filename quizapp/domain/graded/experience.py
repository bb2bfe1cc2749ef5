"""What students will meet in graded work, in plain words for who sets it up."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from fractions import Fraction

from quizapp.domain.findings import Severity
from quizapp.domain.graded.policy import Counting, Layout, Policy, Problem, Shown, Stage
from quizapp.domain.graded.timing import Terms, Window, limit_in_words, terms

Say = Callable[[datetime], str]
"""Writes a moment for the reader."""

_COUNTS = {
    Counting.BEST: "The best attempt counts.",
    Counting.LAST: "The last attempt counts.",
    Counting.FIRST: "The first attempt counts.",
    Counting.MEAN: "The mean of all attempts counts.",
}
_SHOWN = {
    Shown.MARKS: "marks",
    Shown.CORRECTNESS: "right or wrong",
    Shown.FEEDBACK: "feedback",
    Shown.KEY: "keys",
    Shown.EXPLANATION: "explanations",
}
_STAGES = {
    Stage.ANSWERED: "after each answer",
    Stage.SUBMITTED: "after submitting",
    Stage.CLOSED: "after closing",
}


def experience(
    policy: Policy, window: Window, questions: int | None, say: Say, holds_marks: bool = False
) -> tuple[str, ...]:
    """One sentence each on attempts and time, questions, answering, marks and what is shown.

    `questions` is the size of an attempt, None where it is not known yet.
    """
    return (
        *_on_time(policy, window, say),
        *_on_questions(policy, questions),
        *_on_answering(policy),
        *_on_marks(policy),
        *_on_results(policy, window, say, holds_marks),
    )


def advice(
    policy: Policy, window: Window, holds_back: bool = False, holds_marks: bool = False
) -> tuple[Problem, ...]:
    """What is allowed and probably not meant, where the decisions do not go together.

    `holds_back`: its decks are out of practice until it closes. `holds_marks`: its results wait
    for their release.
    """
    return (*_on_held_results(policy, holds_marks), *_on_no_close(policy, window, holds_back))


def terms_in_words(held: Terms, say: Say) -> tuple[str, ...]:
    """What one student has where it differs from everyone's, such as "60 min (extended from 30)".

    Empty where nothing differs.
    """
    return tuple(_differing(held, say))


def credits_in_words(credits_: Iterable[Fraction]) -> str:
    """Credits of tries as they are entered: "1, 0.7, 0.5"."""
    return ", ".join(f"{float(credit):g}" for credit in credits_)


def _on_held_results(policy: Policy, holds_marks: bool) -> Iterator[Problem]:
    if holds_marks and policy.is_immediate:
        tries = " and no question can be tried again" if policy.tries > 1 else ""
        message = (
            f"Until you release the results nothing is shown after an answer{tries}: show results "
            "after submitting, or do not keep them back."
        )
        yield Problem("holds_marks", message, Severity.WARNING)


def _on_no_close(policy: Policy, window: Window, holds_back: bool) -> Iterator[Problem]:
    if window.closes_at is not None:
        return
    if any(stage is Stage.CLOSED for _, stage in policy.review):
        message = "Some results are shown after closing, and it never closes: say when it closes."
        yield Problem("closes_at", message, Severity.WARNING)
    if holds_back:
        message = "Its decks are kept out of practice until it closes, and it never closes."
        yield Problem("holds_back", message, Severity.WARNING)


def _differing(held: Terms, say: Say) -> Iterator[str]:
    if held.time_limit != held.base_time_limit:
        yield limit_in_words(held)
    if held.attempts_allowed != held.base_attempts:
        yield f"{held.attempts_allowed} attempts (extended from {held.base_attempts})"
    if held.is_due_later and held.due_at is not None:
        yield f"due {say(held.due_at)}"
    if held.closes_later and held.closes_at is not None:
        yield f"closes {say(held.closes_at)}"


def _on_time(policy: Policy, window: Window, say: Say) -> Iterator[str]:
    number = policy.attempts_allowed
    attempts = {None: "Any number of attempts", 1: "One attempt"}.get(
        number, f"Up to {number} attempts"
    )
    if policy.time_limit is None:
        limit = " without a time limit,"
    else:
        each = "" if number == 1 else " each"
        limit = f" of {limit_in_words(terms(Window(), policy, ()))}{each}"
    yield f"{attempts}{limit} {_when(window, say)}."
    if window.due_at is not None and window.due_at == window.closes_at:
        yield "It is due when it closes."
    elif window.due_at is not None:
        yield f"Due {say(window.due_at)}; later work is taken and marked as late."


def _when(window: Window, say: Say) -> str:
    match window.opens_at, window.closes_at:
        case None, None:
            return "at any time"
        case datetime() as opens, None:
            return f"from {say(opens)} on"
        case None, datetime() as closes:
            return f"until {say(closes)}"
        case opens, closes:
            return f"between {say(opens)} and {say(closes)}"


def _on_questions(policy: Policy, questions: int | None) -> Iterator[str]:
    if questions == 1:
        choices = "in random order" if policy.shuffle_choices else "as written"
        yield f"1 question, choices {choices}, on a page of its own."
        return
    number = "Questions" if questions is None else f"{questions} questions"
    order = {
        (True, True): " and their choices in random order",
        (True, False): " in random order, choices as written",
        (False, True): " in the order of the decks, choices in random order",
        (False, False): " in the order of the decks, choices as written",
    }[policy.shuffle_questions, policy.shuffle_choices]
    if policy.layout is Layout.ALL:
        pages = "all on one page"
    else:
        back = "going back is possible" if policy.may_go_back else "there is no going back"
        pages = f"one at a time; {back}"
    yield f"{number}{order}, {pages}."


def _on_answering(policy: Policy) -> Iterator[str]:
    if policy.tries > 1:
        shares = ", ".join(_percent(share) for share in policy.retry_credits)
        yield f"Each question may be tried {policy.tries} times, for {shares} of the mark."
    elif policy.is_immediate:
        yield "An answer is final once it is checked."
    elif policy.may_go_back:
        yield "Answers can be changed until the attempt is submitted."
    else:
        yield "An answer can be changed until the next question is shown."
    if policy.certainty_marking:
        yield (
            "Students say how sure they are. A right answer earns 1, 2 or 3 thirds of a mark by "
            "certainty; a wrong one 0, or costs 2 or 6 thirds."
        )


def _on_marks(policy: Policy) -> Iterator[str]:
    if policy.attempts_allowed != 1:
        yield _COUNTS[policy.counting]
    if policy.pass_mark is not None:
        yield f"{_percent(policy.pass_mark)} or more is a pass."


def _on_results(policy: Policy, window: Window, say: Say, holds_marks: bool) -> Iterator[str]:
    told = False
    before: frozenset[Shown] = frozenset()
    for stage in Stage:
        new = policy.shown_at(stage) - before
        before |= new
        if new:
            told = True
            listed = _listed([_SHOWN[shown] for shown in Shown if shown in new])
            yield f"{listed[0].upper()}{listed[1:]} {_stage(stage, window, say)}."
    if not told:
        yield "Students are shown no results."
    elif holds_marks:
        yield "None of this is shown before you release the marks."


def _stage(stage: Stage, window: Window, say: Say) -> str:
    if stage is Stage.CLOSED and window.closes_at is not None:
        return f"after {say(window.closes_at)}, or later where someone has more time"
    return _STAGES[stage]


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):g} %"
