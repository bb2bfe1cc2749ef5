"""What of the results a student may see now."""

from datetime import datetime

from quizapp.domain.graded.policy import Policy, Shown, Stage

_TELLING = frozenset({Shown.KEY, Shown.EXPLANATION})


def stage_of(
    ended_at: datetime | None, closed_for_everyone_at: datetime | None, now: datetime
) -> Stage:
    """Where an attempt stands: being taken, submitted, or its work closed for everyone.

    `closed_for_everyone_at` is None where the work never closes.
    """
    if ended_at is None:
        return Stage.ANSWERED
    if closed_for_everyone_at is None or now < closed_for_everyone_at:
        return Stage.SUBMITTED
    return Stage.CLOSED


def shown_now(policy: Policy, stage: Stage, *, is_held: bool) -> frozenset[Shown]:
    """What the policy shows at a stage, nothing while the marks are held for release."""
    return frozenset() if is_held else policy.shown_at(stage)


def tells_keys(policy: Policy, stage: Stage, *, is_held: bool) -> bool:
    """Whether who has got so far can read what is right: the key, or an explanation of it."""
    return bool(shown_now(policy, stage, is_held=is_held) & _TELLING)
