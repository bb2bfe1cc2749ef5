"""Who did what, as far as a viewer may know."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from quizapp.db.models import AuditEvent, ClassTeacher, QuestionFile
from quizapp.db.queries.accounts import Viewer
from quizapp.db.queries.library import is_seen_by


def deeds_seen_by(
    session: Session, viewer: Viewer, subject: str, before: int | None, most: int
) -> Sequence[AuditEvent]:
    """At most `most` deeds, newest first: of classes the viewer teaches, about files they see,
    and their own; for an admin all.

    `subject` '' is any; `before` is the id of the last deed of the page before.
    """
    statement = (
        select(AuditEvent).where(_is_known_to(viewer)).order_by(AuditEvent.id.desc()).limit(most)
    )
    if subject:
        statement = statement.where(AuditEvent.subject == subject)
    if before is not None:
        statement = statement.where(AuditEvent.id < before)
    return session.scalars(statement).all()


def subjects_seen_by(session: Session, viewer: Viewer) -> list[str]:
    """What there are deeds about, by name."""
    return list(
        session.scalars(
            select(AuditEvent.subject)
            .where(_is_known_to(viewer))
            .distinct()
            .order_by(AuditEvent.subject)
        )
    )


def _is_known_to(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.is_admin:
        return true()
    taught = select(ClassTeacher.class_id).where(ClassTeacher.account_id == viewer.account_id)
    files = select(QuestionFile.id).where(is_seen_by(viewer))
    return or_(
        AuditEvent.actor_id == viewer.account_id,
        AuditEvent.class_id.in_(taught),
        AuditEvent.class_id.is_(None)
        & (AuditEvent.subject == "file")
        & AuditEvent.subject_id.in_(files),
    )
