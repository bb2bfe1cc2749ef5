"""Question files that someone is working on."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer, joinedload

from quizapp.db.models import Draft


def drafts_of(session: Session, account_id: int) -> list[Draft]:
    """Someone's drafts with the files they are drafts of, the newest work first."""
    return list(
        session.scalars(
            select(Draft)
            .where(Draft.owner_id == account_id)
            .options(joinedload(Draft.file))
            .order_by(Draft.updated_at.desc(), Draft.id.desc())
        )
    )


def draft_of(session: Session, account_id: int, public_id: str) -> Draft | None:
    """One of someone's drafts with its file."""
    return session.scalars(_own_draft(account_id, public_id)).one_or_none()


def draft_held(session: Session, account_id: int, public_id: str) -> Draft | None:
    """The same, so that nobody saves, publishes or discards it before the transaction ends."""
    held = _own_draft(account_id, public_id).with_for_update(of=Draft)
    return session.scalars(held).one_or_none()


def _own_draft(account_id: int, public_id: str) -> Select[Draft]:
    return (
        select(Draft)
        .where(Draft.owner_id == account_id, Draft.public_id == public_id)
        .options(joinedload(Draft.file))
    )


def draft_on(session: Session, account_id: int, file_id: int) -> Draft | None:
    """Someone's newest draft of a file, without what it says."""
    return session.scalars(
        select(Draft)
        .where(Draft.owner_id == account_id, Draft.file_id == file_id)
        .options(defer(Draft.content))
        .order_by(Draft.updated_at.desc(), Draft.id.desc())
        .limit(1)
    ).one_or_none()
