"""Why a question is asked now, as data and as a sentence."""

from dataclasses import dataclass
from datetime import datetime

from quizapp.domain.certainty import CERTAIN, FAIRLY, GUESS
from quizapp.domain.grading import Verdict, verdict
from quizapp.domain.studying.days import days_between
from quizapp.domain.studying.scheduling import DEFAULTS, Card, Settings, retrievability

_ENDS: dict[tuple[Verdict, int | None], str] = {
    (Verdict.RIGHT, GUESS): "right, but a guess",
    (Verdict.RIGHT, FAIRLY): "right, and fairly sure",
    (Verdict.RIGHT, CERTAIN): "right, and certain",
    (Verdict.WRONG, GUESS): "wrong, a guess",
    (Verdict.WRONG, FAIRLY): "wrong, though fairly sure",
    (Verdict.WRONG, CERTAIN): "wrong, though certain",
}
_PLAIN = {Verdict.RIGHT: "right", Verdict.PARTLY: "partly right", Verdict.WRONG: "wrong"}


@dataclass(frozen=True, slots=True)
class Reason:
    """`days` since the last answer, how it came out, and the estimated recall now (0 to 1)."""

    days: int
    verdict: Verdict
    certainty: int | None
    recalled: float


def why(card: Card, now: datetime, settings: Settings = DEFAULTS) -> Reason:
    """The reason for asking the question of this card."""
    return Reason(
        days=days_between(card.last_review, now, settings.zone),
        verdict=verdict(card.last_credit),
        certainty=card.last_certainty,
        recalled=retrievability(card, now, settings),
    )


def sentence(reason: Reason | None) -> str:
    """The reason in English; None is a question never answered.

    The chance is given from 1 to 99 %: an estimate is never sure. After an error it is that of
    who kept what the feedback told, which nothing has shown yet; on the same day there is none.
    """
    if reason is None:
        return "New in review: you have not practised this question yet."
    how = _ENDS.get((reason.verdict, reason.certainty), _PLAIN[reason.verdict])
    seen = f"Last seen {_ago(reason.days)}: {how}."
    if not reason.days:
        return seen
    chance = f"{min(max(round(100 * reason.recalled), 1), 99)}\u00a0%"
    if reason.verdict is Verdict.WRONG:
        return (
            f"{seen} If you kept what you read then, the chance to recall it now is about {chance}."
        )
    return f"{seen} Estimated chance to recall now: {chance}."


def _ago(days: int) -> str:
    return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
