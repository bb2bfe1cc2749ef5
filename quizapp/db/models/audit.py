"""Who did what."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db.models.base import Base


class AuditEvent(Base):
    """Something that a person who teaches did; never changed. `actor` is their name then.

    `verb` is such as "published", `subject` such as "file", `label` the subject's name then.
    Events about a class have its id, others are about the library.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_class_id_id", "class_id", "id"),
        Index("ix_audit_event_subject_subject_id", "subject", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    actor: Mapped[str] = mapped_column(String(80))
    verb: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    label: Mapped[str] = mapped_column(Text)
    class_id: Mapped[int | None] = mapped_column(ForeignKey("class.id"))
    details: Mapped[dict[str, Any]]
