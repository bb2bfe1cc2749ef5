"""Fitting the memory model to learners: off the request path, with a package that is optional."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from importlib.util import find_spec

import fsrs
from sqlalchemy.orm import Session

from quizapp.db.batches import batches
from quizapp.db.queries.reviewing import responses_of, study_of
from quizapp.db.queries.versions import questions_of_versions
from quizapp.domain.studying.answers import answer_to
from quizapp.domain.studying.days import noon_of, study_day
from quizapp.domain.studying.scheduling import grade
from quizapp.operations.studying import save_weights

ENOUGH = 512
"""Answers after a night from which there is something to fit: `fsrs` returns its defaults below."""

Fit = Callable[[Sequence[fsrs.ReviewLog]], list[float]]
"""From graded answers to the 21 parameters that fit them best."""


class NotInstalled(Exception):
    """The package that fits parameters is not there."""


class TooFewAnswers(Exception):
    """There are not ENOUGH answers on a later day than the one before to the same question;
    `count` says how many there are."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} answers on a later day, {ENOUGH} are needed")
        self.count = count


def installed_fit() -> Fit:
    """The fit of `fsrs`, which needs torch and pandas. Raises NotInstalled."""
    if find_spec("torch") is None or find_spec("pandas") is None:
        raise NotInstalled
    return lambda logs: fsrs.Optimizer(list(logs)).compute_optimal_parameters()


def optimise(session: Session, account_ids: Collection[int], fit: Fit, now: datetime) -> int:
    """Fit parameters to all answers of these learners together and keep them for each.

    Returns how many answers there were. Raises TooFewAnswers, and nothing is changed.
    """
    logs = [log for number in sorted(account_ids) for log in _logs(session, number)]
    if (count := _after_a_night(logs)) < ENOUGH:
        raise TooFewAnswers(count)
    weights = fit(logs)
    for account_id in sorted(account_ids):
        save_weights(session, account_id, weights, now)
    return len(logs)


def _after_a_night(logs: Sequence[fsrs.ReviewLog]) -> int:
    """How many answers say something of forgetting: those on a later day than the one before."""
    before: dict[int, datetime] = {}
    count = 0
    for log in logs:
        last = before.get(log.card_id)
        count += last is not None and log.review_datetime > last
        before[log.card_id] = log.review_datetime
    return count


def _logs(session: Session, account_id: int) -> Iterator[fsrs.ReviewLog]:
    """A learner's answers in practice and review, one log each; a card is a question of theirs."""
    zone = study_of(session, account_id).settings.zone
    history = responses_of(session, account_id)
    asked = {
        version: question
        for some in batches({past.version_id for past in history})
        for version, question in questions_of_versions(session, some).items()
    }
    for past in history:
        answer = answer_to(asked[past.version_id], past.credit, past.certainty, past.elapsed_ms)
        yield fsrs.ReviewLog(
            card_id=(account_id << 32) + past.question_id,
            rating=fsrs.Rating(grade(answer)),
            review_datetime=noon_of(study_day(past.answered_at, zone)),
            review_duration=past.elapsed_ms,
        )
