"""Working on question files; nothing here changes what learners get."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from random import Random

from sqlalchemy import delete
from sqlalchemy.orm import Session

from quizapp.db.models import Draft, FileState, QuestionFile
from quizapp.db.queries.accounts import Viewer
from quizapp.db.queries.drafts import draft_held, draft_on
from quizapp.db.queries.library import file_version, may_change, upload_named
from quizapp.db.transactions import writing
from quizapp.domain.bank import digest_of
from quizapp.domain.tokens import token
from quizapp.domain.uploading import edited


class Saved(Enum):
    """What became of a text that was sent: it is DONE, or it was not taken, since the draft was
    saved elsewhere meanwhile (OVERTAKEN) or is no longer there (GONE)."""

    DONE = "done"
    OVERTAKEN = "overtaken"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Text:
    """What an editor sends: the name and text of the file, and the draft's stamp as it was seen."""

    name: str
    text: str
    seen: str


def live_digest(file: QuestionFile | None) -> str | None:
    """What tells whether the live text of a file changed; None where nothing is live."""
    return file.digest if file and file.state == FileState.LIVE else None


def stamp(draft: Draft) -> str:
    """What tells whether a draft changed since a page showed it."""
    return digest_of(draft.name.encode() + b"\0" + draft.content)


def begin_drafts(
    session: Session, viewer: Viewer, files: Mapping[str, bytes], random: Random, now: datetime
) -> list[str]:
    """Make a draft of each uploaded file, and return their public ids.

    `files` are without obstacles (see `quizapp.domain.uploading`). One with the name of an upload
    that the viewer may change is a draft of that.
    """
    with writing(session):
        drafts = [
            _draft(session, viewer, named, _changeable(session, viewer, named[0]), random, now)
            for named in files.items()
        ]
        return [draft.public_id for draft in drafts]


def begin_replacement(
    session: Session,
    viewer: Viewer,
    file: QuestionFile,
    data: bytes,
    random: Random,
    now: datetime,
) -> str:
    """Make a draft that replaces an upload, whatever the file with the new text was called."""
    with writing(session):
        return _draft(session, viewer, (file.name, data), file, random, now).public_id


def edit(
    session: Session, viewer: Viewer, file: QuestionFile, random: Random, now: datetime
) -> str | None:
    """The public id of the viewer's draft of an upload: the one they have, else a new one of the
    newest text. None where the file never had a text."""
    with writing(session):
        known = draft_on(session, viewer.account_id, file.id)
        if known is not None:
            return known.public_id
        version = file_version(session, file.id)
        if version is None:
            return None
        return _draft(session, viewer, (file.name, version.content), file, random, now).public_id


def edit_version(
    session: Session,
    viewer: Viewer,
    file: QuestionFile,
    number: int,
    random: Random,
    now: datetime,
) -> str | None:
    """The public id of a new draft that says what a version of an upload said; None where there
    is no such version."""
    with writing(session):
        version = file_version(session, file.id, number)
        if version is None:
            return None
        return _draft(session, viewer, (file.name, version.content), file, random, now).public_id


def save(session: Session, viewer: Viewer, public_id: str, text: Text, now: datetime) -> Saved:
    """Keep a text as the draft's, if the draft is as its editor last saw it.

    The same text again is DONE, too. The name of a draft of an upload stays that of the upload.
    """
    with writing(session):
        draft = draft_held(session, viewer.account_id, public_id)
        if draft is None:
            return Saved.GONE
        content = edited(draft.content, text.text)
        name = draft.file.name if draft.file else text.name
        if (content, name) == (draft.content, draft.name):
            return Saved.DONE
        if stamp(draft) != text.seen:
            return Saved.OVERTAKEN
        draft.content, draft.name, draft.updated_at = content, name, now
        return Saved.DONE


def discard(session: Session, viewer: Viewer, public_id: str) -> None:
    """Throw a draft away; what is live stays as it is."""
    with writing(session) as connection:
        connection.execute(
            delete(Draft).where(Draft.public_id == public_id, Draft.owner_id == viewer.account_id)
        )


def _changeable(session: Session, viewer: Viewer, name: str) -> QuestionFile | None:
    file = upload_named(session, name)
    return file if file and may_change(viewer, file) else None


def _draft(
    session: Session,
    viewer: Viewer,
    named: tuple[str, bytes],
    file: QuestionFile | None,
    random: Random,
    now: datetime,
) -> Draft:
    name, content = named
    draft = Draft(
        public_id=token(random, 128),
        owner_id=viewer.account_id,
        file_id=file.id if file else None,
        name=name,
        content=content,
        base_digest=live_digest(file),
        updated_at=now,
    )
    session.add(draft)
    return draft
