"""What may still change in graded work once someone has begun it."""

from collections.abc import Iterator, Sequence

from quizapp.domain.graded.policy import Counting, Policy, Problem, Stage
from quizapp.domain.graded.pools import Pool

LOCKED = "Someone has begun: this stays as it is, so that all are asked and marked alike."
"""Why pools and most of the policy are locked then."""

LOCKED_FIELDS = (
    "layout",
    "shuffle_questions",
    "shuffle_choices",
    "may_go_back",
    "retry_credits",
    "certainty_marking",
)
"""The parts of a policy that then stay as they are whatever they become."""


def refused_changes(
    before: Policy, after: Policy, pools_before: Sequence[Pool], pools_after: Sequence[Pool]
) -> tuple[Problem, ...]:
    """Changes that would harm who has begun, each with its mend; none where all are harmless.

    Dates, time limit, pass mark and what is shown after submitting may change; attempts may
    become more, and the best attempt may come to count: that lowers nobody's marks.
    """
    return tuple(_refused(before, after, tuple(pools_before) != tuple(pools_after)))


def _refused(before: Policy, after: Policy, are_pools_new: bool) -> Iterator[Problem]:
    if are_pools_new:
        yield Problem("pools", LOCKED)
    for field in LOCKED_FIELDS:
        if getattr(before, field) != getattr(after, field):
            yield Problem(field, LOCKED)
    if before.counting != after.counting and after.counting is not Counting.BEST:
        message = "Someone has begun: only the best attempt can come to count, which harms nobody."
        yield Problem("counting", message)
    if _fewer(before.attempts_allowed, after.attempts_allowed):
        yield Problem("attempts_allowed", "Someone has begun: attempts can only become more.")
    if before.shown_at(Stage.ANSWERED) != after.shown_at(Stage.ANSWERED):
        message = "Someone has begun: what is shown after each answer stays as it is."
        yield Problem("review", message)


def _fewer(before: int | None, after: int | None) -> bool:
    return after is not None and (before is None or after < before)
