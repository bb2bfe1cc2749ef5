"""Counting tries within a window, across all workers and machines that share the database."""

from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from quizapp.db.models import Throttle
from quizapp.db.transactions import writing

_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def count_try(session: Session, key: str, window: int, amount: int, now: float) -> int:
    """Add to the count of a window of `window` seconds and return it; an old window starts anew."""
    insert = _INSERT[session.get_bind().dialect.name]
    fresh = Throttle.expires_at <= now
    statement = (
        insert(Throttle)
        .values(key=key, count=amount, expires_at=now + window)
        .on_conflict_do_update(
            index_elements=[Throttle.key],
            set_={
                "count": case((fresh, amount), else_=Throttle.count + amount),
                "expires_at": case((fresh, now + window), else_=Throttle.expires_at),
            },
        )
        .returning(Throttle.count)
    )
    with writing(session) as connection:
        # A little housekeeping with each try keeps the table as small as the windows are short.
        connection.execute(delete(Throttle).where(Throttle.expires_at < now - window))
        return connection.execute(statement).scalar_one()


def forget_tries(session: Session, key: str | None = None) -> int:
    """Drop the count of one key, or of all, and return how many there were."""
    statement = delete(Throttle) if key is None else delete(Throttle).where(Throttle.key == key)
    with writing(session) as connection:
        return connection.execute(statement).rowcount
