"""Reading the study notes."""

from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.db.models import PassageRead
from quizapp.db.transactions import writing


def mark_read(session: Session, account_id: int, passage_id: int, now: datetime) -> None:
    """Note that someone has read a passage; the first time stands."""
    values = {"account_id": account_id, "passage_id": passage_id, "read_at": now}
    try:
        with writing(session) as connection:
            connection.execute(insert(PassageRead).values(values))
    except IntegrityError:  # read before
        return


def mark_unread(session: Session, account_id: int, passage_id: int) -> None:
    """Forget that someone has read a passage."""
    with writing(session) as connection:
        connection.execute(
            delete(PassageRead).where(
                PassageRead.account_id == account_id, PassageRead.passage_id == passage_id
            )
        )
