"""How a learner wants to study."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, update
from sqlalchemy.orm import Session

from quizapp.db.models import (
    StudySettings,
)
from quizapp.db.queries.reviewing import (
    Study,
    study_of,
)
from quizapp.db.transactions import writing
from quizapp.operations.reviewing import hold, remake_all


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a learner sets for their studying; `zone` is the name of a time zone."""

    retention_percent: int
    new_per_day: int
    reviews_per_day: int
    asks_certainty: bool
    exam_on: date | None
    zone: str


def wishes_in(study: Study) -> Wishes:
    """What someone has set so far."""
    return Wishes(
        retention_percent=study.retention_percent,
        new_per_day=study.new_per_day,
        reviews_per_day=study.reviews_per_day,
        asks_certainty=study.asks_certainty,
        exam_on=study.exam_on,
        zone=study.zone,
    )


def save_wishes(session: Session, account_id: int, wishes: Wishes, now: datetime) -> None:
    """Keep how someone wants to study, and schedule their cards by it."""
    with writing(session) as connection:
        hold(connection, account_id)
        before = study_of(connection, account_id)
        keep_settings(connection, account_id, asdict(wishes))
        after = study_of(connection, account_id)
        if after.settings != before.settings:
            remake_all(session, account_id, now)


def save_weights(
    session: Session, account_id: int, weights: list[float] | None, now: datetime
) -> None:
    """Keep parameters of the memory model fitted to someone, and schedule their cards by them."""
    with writing(session) as connection:
        hold(connection, account_id)
        keep_settings(connection, account_id, {"weights": weights})
        remake_all(session, account_id, now)


def note_zone(session: Session, account_id: int, zone: str, now: datetime) -> None:
    """Take the browser's time zone for someone who has chosen nothing yet."""
    study = study_of(session, account_id)
    if not study.is_set and zone != study.zone:
        save_wishes(session, account_id, replace(wishes_in(study), zone=zone), now)


def keep_settings(connection: Connection, account_id: int, changes: dict[str, Any]) -> None:
    """Change what someone has set, in the caller's transaction; the defaults hold for the rest."""
    before = study_of(connection, account_id)
    if before.is_set:
        own = StudySettings.account_id == account_id
        connection.execute(update(StudySettings).where(own).values(changes))
        return
    defaults = asdict(before)
    del defaults["is_set"]
    connection.execute(
        insert(StudySettings).values(defaults | changes | {"account_id": account_id})
    )
