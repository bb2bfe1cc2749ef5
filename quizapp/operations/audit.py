"""Noting who did what, in the transaction that does it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from quizapp.db.models import Account, AuditEvent


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done to what: `verb` such as "published", `subject` such as "file", its id and
    its name now; `class_id` where a class is concerned; `details` are plain values."""

    verb: str
    subject: str
    subject_id: int
    label: str
    class_id: int | None = None
    details: dict[str, Any] = field(default_factory=dict[str, Any])


def record(connection: Connection, actor_id: int | None, deed: Deed, now: datetime) -> None:
    """Note a deed of an account, or of the operator where there is none."""
    name = (
        connection.scalar(select(Account.name).where(Account.id == actor_id)) if actor_id else None
    )
    connection.execute(
        insert(AuditEvent).values(
            at=now,
            actor_id=actor_id,
            actor=name or ("a guest" if actor_id else "the operator"),
            verb=deed.verb,
            subject=deed.subject,
            subject_id=deed.subject_id,
            label=deed.label,
            class_id=deed.class_id,
            details=deed.details,
        )
    )
