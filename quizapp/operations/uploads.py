"""Putting uploads before learners, and taking them away again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp.db import models
from quizapp.db.models import AuditEvent, Draft, FileState, Origin, QuestionFile
from quizapp.db.queries.accounts import Viewer
from quizapp.db.queries.drafts import draft_held
from quizapp.db.queries.library import (
    file_seen_by,
    file_version,
    folder_files,
    may_change,
    upload_named,
)
from quizapp.db.queries.live_files import known_slugs, live_document, sources_at_hand
from quizapp.db.transactions import writing
from quizapp.domain.bank import FileReading, assemble, clash
from quizapp.domain.checking import check
from quizapp.domain.comparing import Comparison, compare
from quizapp.domain.findings import Finding, Severity
from quizapp.domain.questions import Deck, Source
from quizapp.operations.audit import Deed, record
from quizapp.operations.drafts import live_digest, stamp
from quizapp.operations.library import (
    SyncReport,
    retire_sources,
    take_in,
    take_off,
    take_turn,
)

SUBJECT = "file"
"""What deeds of the library are about."""

_LATELY = 50
"""How many of someone's deeds are looked through for one that is asked for again."""


@dataclass(frozen=True, slots=True)
class Examination:
    """A draft as it would be published now: what it holds, all that is found in it, what it
    changes (None where it is refused), and the digest of what is live now (None: nothing)."""

    reading: FileReading
    findings: tuple[Finding, ...]
    comparison: Comparison | None
    live: str | None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings for which it cannot be published."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    @property
    def document(self) -> Deck | Source | None:
        """What would be live, None where it is refused."""
        return None if self.errors else self.reading.document


class Outcome(Enum):
    """What became of a wish to publish: it is DONE; the text has ERRORS; the draft was SAVED
    elsewhere since it was shown; the live file was CHANGED since the draft was begun; the draft
    is GONE."""

    DONE = "done"
    ERRORS = "errors"
    SAVED = "saved"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Publication:
    """How a draft is to go live. `seen` is the draft's stamp and `base` the digest of the live
    file as the page showed them."""

    seen: str
    base: str | None
    is_for_practice: bool = True
    is_shared: bool = True


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a wish to publish, and the file it is about once it is done."""

    outcome: Outcome
    file_id: int | None = None


def examine(
    session: Session, viewer: Viewer, file: QuestionFile | None, name: str, content: bytes
) -> Examination:
    """Check a draft exactly as publishing does, and compare it with what is live of its file."""
    bank = assemble({name: content}, at_hand=sources_at_hand(session, viewer))
    reading = bank.files[0]
    findings = (*check(bank).findings, *_clashes(session, file, reading))
    document = reading.document
    comparison = None
    if document is not None:
        live = live_document(session, file.id) if file else None
        comparison = compare(live, document, known_slugs(session, document.slug))
    return Examination(reading, tuple(sorted(findings)), comparison, live_digest(file))


def file_published_from(session: Session, viewer: Viewer, public_id: str) -> int | None:
    """The id of the file that the viewer published this draft as, lately; None where they did
    not."""
    deeds = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.actor_id == viewer.account_id, AuditEvent.subject == SUBJECT)
        .order_by(AuditEvent.id.desc())
        .limit(_LATELY)
    )
    return next((d.subject_id for d in deeds if d.details.get("draft") == public_id), None)


def publish(
    session: Session, viewer: Viewer, public_id: str, wish: Publication, now: datetime
) -> Published:
    """Put a draft live, in one transaction with its version, its settings and the deed.

    Nothing is changed unless the outcome is DONE.
    """
    with writing(session) as connection:
        take_turn(connection)
        draft = draft_held(session, viewer.account_id, public_id)
        if draft is None:
            return Published(Outcome.GONE)
        examined = examine(session, viewer, draft.file, draft.name, draft.content)
        hindrance = _hindrance(viewer, draft, examined, wish)
        if hindrance is not None:
            return Published(hindrance)
        file = draft.file or _new_upload(session, draft)
        verb = "restored" if file.state == FileState.GONE else "published"
        found = list(examined.findings)
        take_in(
            session, file, examined.reading, found, now, SyncReport(), author_id=viewer.account_id
        )
        _set(session, file, is_for_practice=wish.is_for_practice, is_shared=wish.is_shared)
        retire_sources(session, now)
        session.flush()
        details = _summary(session, file, examined, public_id)
        record(connection, viewer.account_id, _deed(verb, file, details), now)
        session.delete(draft)
        return Published(Outcome.DONE, file.id)


def retire(session: Session, viewer: Viewer, file_id: int, now: datetime) -> None:
    """Take an upload off what learners are offered; answers, marks and versions stay."""
    with writing(session) as connection:
        take_turn(connection)
        file = file_seen_by(session, viewer, file_id)
        if file is None or not may_change(viewer, file) or file.state == FileState.GONE:
            return
        file.state, file.findings = FileState.GONE, []
        take_off(session, file, now)
        retire_sources(session, now)
        record(connection, viewer.account_id, _deed("retired", file), now)


def change_settings(
    session: Session,
    viewer: Viewer,
    file_id: int,
    *,
    is_for_practice: bool,
    is_shared: bool,
    now: datetime,
) -> None:
    """Decide who may practise an upload's deck, and which instructors see it; admins also decide
    whether a deck of the folder may be practised."""
    with writing(session) as connection:
        file = file_seen_by(session, viewer, file_id)
        if file is None or not (may_change(viewer, file) or viewer.is_admin):
            return
        if file.origin == Origin.FOLDER:
            is_shared = True
        changed = _set(session, file, is_for_practice=is_for_practice, is_shared=is_shared)
        if changed:
            record(connection, viewer.account_id, _deed("changed", file, changed), now)


def _clashes(
    session: Session, file: QuestionFile | None, reading: FileReading
) -> Iterator[Finding]:
    """Errors of a name that a file of the folder or another upload has."""
    kind = Source if isinstance(reading.document, Source) else Deck
    stem = PurePosixPath(reading.name).stem
    mend = "give this file another name"
    for name in folder_files(session):
        if PurePosixPath(name).stem == stem:
            yield clash(reading.name, kind, f"{name}, a file of the folder", mend)
    upload = upload_named(session, reading.name)
    if upload is not None and upload is not file:
        yield clash(reading.name, kind, f"{upload.name}, another upload", mend)


def _hindrance(
    viewer: Viewer, draft: Draft, examined: Examination, wish: Publication
) -> Outcome | None:
    if draft.file and not may_change(viewer, draft.file):
        return Outcome.GONE
    if stamp(draft) != wish.seen:
        return Outcome.SAVED
    if examined.errors:
        return Outcome.ERRORS
    return Outcome.CHANGED if examined.live != wish.base else None


def _new_upload(session: Session, draft: Draft) -> QuestionFile:
    file = QuestionFile(
        origin=Origin.UPLOAD,
        name=draft.name,
        digest="",
        state=FileState.REFUSED,
        findings=[],
        owner_id=draft.owner_id,
    )
    session.add(file)
    return file


def _set(
    session: Session, file: QuestionFile, *, is_for_practice: bool, is_shared: bool
) -> dict[str, Any]:
    """Set who meets a file and its deck; what was changed by that."""
    changed: dict[str, Any] = {}
    if file.is_shared != is_shared:
        file.is_shared = is_shared
        changed["shared"] = is_shared
    result = session.execute(
        update(models.Deck)
        .where(models.Deck.file_id == file.id, models.Deck.is_for_practice != is_for_practice)
        .values(is_for_practice=is_for_practice)
        .returning(models.Deck.id)
    )
    if result.all():
        changed["practice"] = is_for_practice
    return changed


def _summary(
    session: Session, file: QuestionFile, examined: Examination, public_id: str
) -> dict[str, Any]:
    """What a publication changed, in numbers, and the draft that it was."""
    version = file_version(session, file.id)
    numbers = examined.comparison.numbers if examined.comparison else {}
    changes = {change.value: number for change, number in numbers.items()}
    return {"version": version.number if version else 0, "draft": public_id, **changes}


def _deed(verb: str, file: QuestionFile, details: dict[str, Any] | None = None) -> Deed:
    return Deed(verb, SUBJECT, file.id, file.name, details=details or {})
