"""How often something was tried lately."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.db.models import Throttle


def tries(session: Session, key: str, now: float) -> tuple[int, float]:
    """The count in the window that is open, and when it closes (seconds since 1970)."""
    row = session.execute(
        select(Throttle.count, Throttle.expires_at).where(
            Throttle.key == key, Throttle.expires_at > now
        )
    ).one_or_none()
    return (row[0], row[1]) if row else (0, now)
