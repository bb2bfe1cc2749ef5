"""Whether the database answers."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.db.models import Deck


def answers(session: Session) -> bool:
    """True where the schema can be read. Raises what the driver raises where it cannot."""
    session.execute(select(Deck.id).limit(1)).all()
    return True
