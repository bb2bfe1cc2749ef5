"""Submitting attempts for students who do not, on a teacher's decision."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.db.models import Assignment, Attempt, EndedBy, Enrolment, Mode
from quizapp.db.queries.assignments import SUBJECT
from quizapp.db.transactions import writing
from quizapp.operations import sitting
from quizapp.operations.audit import Deed, record


def end_attempt(session: Session, actor_id: int, attempt_id: int, now: datetime) -> bool:
    """Submit a graded attempt with what was saved; whether it was running until now.

    One that is over, or is a preview, stays as it is.
    """
    with writing(session) as connection:
        row = connection.execute(
            select(
                Attempt.number,
                Assignment.id.label("assignment_id"),
                Assignment.title,
                Assignment.class_id,
                Enrolment.name,
                Enrolment.id.label("enrolment_id"),
            )
            .join(Assignment, Assignment.id == Attempt.assignment_id)
            .outerjoin(
                Enrolment,
                (Enrolment.class_id == Assignment.class_id)
                & (Enrolment.account_id == Attempt.account_id),
            )
            .where(Attempt.id == attempt_id, Attempt.mode == Mode.GRADED)
        ).one_or_none()
        if row is None or not sitting.end(connection, [attempt_id], EndedBy.TEACHER, now):
            return False
        details = {"student": row.name, "enrolment": row.enrolment_id, "attempt": row.number}
        about = SUBJECT, row.assignment_id, row.title, row.class_id
        record(connection, actor_id, Deed("ended an attempt at", *about, details), now)
    return True


def end_all(session: Session, actor_id: int, assignment_id: int, now: datetime) -> int:
    """Submit every graded attempt at an assignment that runs, with what was saved; how many."""
    with writing(session) as connection:
        running = connection.scalars(
            select(Attempt.id).where(
                Attempt.assignment_id == assignment_id,
                Attempt.mode == Mode.GRADED,
                Attempt.ended_at.is_(None),
            )
        ).all()
        ended = len(sitting.end(connection, running, EndedBy.TEACHER, now))
        if ended:
            title, class_id = connection.execute(
                select(Assignment.title, Assignment.class_id).where(Assignment.id == assignment_id)
            ).one()
            about = SUBJECT, assignment_id, title, class_id
            deed = Deed("ended the running attempts at", *about, {"attempts": ended})
            record(connection, actor_id, deed, now)
    return ended
