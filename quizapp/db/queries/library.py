"""The question files as they were last read, and what is in them.

An instructor sees the files of the folder, their own uploads and those that others share; an
admin sees all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from quizapp.db.models import (
    Assignment,
    AssignmentDeck,
    Class,
    Deck,
    FileState,
    FileVersion,
    Origin,
    Passage,
    Question,
    QuestionFile,
    QuestionVersion,
    Source,
    VersionPassage,
)
from quizapp.db.queries.accounts import Viewer


def is_seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """The condition under which an instructor sees a question file."""
    if viewer.is_admin:
        return true()
    return or_(
        QuestionFile.origin == Origin.FOLDER,
        QuestionFile.is_shared,
        QuestionFile.owner_id == viewer.account_id,
    )


def may_change(viewer: Viewer, file: QuestionFile) -> bool:
    """Whether someone may edit, replace or retire a file in the browser: their own upload, for
    admins any upload. Files of the folder are edited where they lie."""
    is_own = viewer.is_admin or file.owner_id == viewer.account_id
    return file.origin == Origin.UPLOAD and is_own


def files_seen_by(session: Session, viewer: Viewer, words: str = "") -> list[QuestionFile]:
    """The files an instructor sees, refused ones first, retired ones last, then by name.

    `words`: only files with this text in their name or in the title of their deck.
    """
    statement = (
        select(QuestionFile)
        .outerjoin(Deck, Deck.file_id == QuestionFile.id)
        .where(is_seen_by(viewer))
        .options(joinedload(QuestionFile.owner))
    )
    if words:
        statement = statement.where(
            or_(
                QuestionFile.name.icontains(words, autoescape=True),
                Deck.title.icontains(words, autoescape=True),
            )
        )
    order = {FileState.REFUSED: 0, FileState.LIVE: 1, FileState.GONE: 2}
    files = session.scalars(statement).unique()
    return sorted(files, key=lambda file: (order[FileState(file.state)], file.name, file.id))


def file_seen_by(session: Session, viewer: Viewer, file_id: int) -> QuestionFile | None:
    """One file with its owner, None where the instructor does not see it."""
    return session.scalars(
        select(QuestionFile)
        .where(QuestionFile.id == file_id, is_seen_by(viewer))
        .options(joinedload(QuestionFile.owner))
    ).one_or_none()


def upload_named(session: Session, name: str) -> QuestionFile | None:
    """The upload with this file name, whoever owns it; there is at most one."""
    return session.scalars(
        select(QuestionFile).where(QuestionFile.origin == Origin.UPLOAD, QuestionFile.name == name)
    ).one_or_none()


def folder_files(session: Session) -> list[str]:
    """The names of the files that are in the folder now."""
    return list(
        session.scalars(
            select(QuestionFile.name)
            .where(QuestionFile.origin == Origin.FOLDER, QuestionFile.state != FileState.GONE)
            .order_by(QuestionFile.name)
        )
    )


def file_versions(session: Session, file_id: int) -> list[FileVersion]:
    """Every version of a file with its author, newest first, without what they say."""
    return list(
        session.scalars(
            select(FileVersion)
            .where(FileVersion.file_id == file_id)
            .options(joinedload(FileVersion.author), defer(FileVersion.content))
            .order_by(FileVersion.number.desc())
        )
    )


def file_version(session: Session, file_id: int, number: int | None = None) -> FileVersion | None:
    """A version of a file with what it says; the newest where no number is given."""
    statement = (
        select(FileVersion)
        .where(FileVersion.file_id == file_id)
        .order_by(FileVersion.number.desc())
        .limit(1)
    )
    if number is not None:
        statement = statement.where(FileVersion.number == number)
    return session.scalars(statement).one_or_none()


@dataclass(frozen=True, slots=True)
class Use:
    """An assignment that draws from a file, and the class it is for."""

    assignment: str
    school_class: str
    closes_at: datetime | None


def assignments_drawing_from(session: Session, file_id: int) -> list[Use]:
    """The assignments in force that draw from a file's deck."""
    rows = session.execute(
        select(Assignment.title, Class.name, Assignment.closes_at)
        .join(AssignmentDeck, AssignmentDeck.assignment_id == Assignment.id)
        .join(Deck, Deck.id == AssignmentDeck.deck_id)
        .join(Class, Class.id == Assignment.class_id)
        .where(Deck.file_id == file_id, Assignment.archived_at.is_(None))
        .order_by(Class.name, Assignment.title)
    )
    return [Use(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class DeckLine:
    """A deck as the list of files shows it, with its number of questions on offer."""

    slug: str
    title: str
    questions: int
    is_for_practice: bool


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question on offer with its tallies, as a list shows it."""

    slug: str
    stem: str
    level: int | None
    responses: int
    credit: Fraction


def deck_named(session: Session, viewer: Viewer, slug: str) -> Deck | None:
    """A deck with its file, retired or not, None where the instructor does not see it."""
    return session.scalars(
        select(Deck)
        .join(QuestionFile, QuestionFile.id == Deck.file_id)
        .where(Deck.slug == slug, is_seen_by(viewer))
        .options(joinedload(Deck.file).joinedload(QuestionFile.owner))
    ).one_or_none()


def deck_of_file(session: Session, file_id: int) -> Deck | None:
    """The deck that a file holds, retired or not."""
    return session.scalars(select(Deck).where(Deck.file_id == file_id)).first()


def questions_of(session: Session, deck_id: int) -> list[QuestionLine]:
    """The questions on offer in a deck, in the author's order."""
    rows = session.execute(
        select(
            Question.slug,
            QuestionVersion.stem,
            QuestionVersion.level,
            QuestionVersion.responses,
            QuestionVersion.credit,
        )
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(
            Question.deck_id == deck_id,
            Question.retired_at.is_(None),
            QuestionVersion.is_current,
        )
        .order_by(Question.position)
    )
    return [QuestionLine(*row) for row in rows]


def deck_lines(session: Session) -> dict[int, DeckLine]:
    """By file id, the deck that the file holds, whatever its state."""
    rows = session.execute(
        select(Deck.file_id, Deck.slug, Deck.title, func.count(Question.id), Deck.is_for_practice)
        .outerjoin(Question, (Question.deck_id == Deck.id) & Question.retired_at.is_(None))
        .group_by(Deck.id)
    )
    return {row[0]: DeckLine(*row[1:]) for row in rows}


def question_named(session: Session, viewer: Viewer, deck_slug: str, slug: str) -> Question | None:
    """A question with its deck and file, retired or not, None where the instructor does not see
    it."""
    return session.scalars(
        select(Question)
        .join(Deck)
        .join(QuestionFile, QuestionFile.id == Deck.file_id)
        .where(Deck.slug == deck_slug, Question.slug == slug, is_seen_by(viewer))
        .options(joinedload(Question.deck).joinedload(Deck.file))
    ).one_or_none()


def versions_of(session: Session, question_id: int) -> Sequence[QuestionVersion]:
    """Every version of a question with its choices and passages, the current one first."""
    return session.scalars(
        select(QuestionVersion)
        .where(QuestionVersion.question_id == question_id)
        .options(selectinload(QuestionVersion.choices), selectinload(QuestionVersion.passages))
        .order_by(QuestionVersion.is_current.desc(), QuestionVersion.id.desc())
    ).all()


def next_question_line(session: Session, question: Question) -> int | None:
    """Where the next question of the same file stands, None after the last one."""
    return session.scalar(
        select(func.min(Question.line)).where(
            Question.deck_id == question.deck_id,
            Question.line > question.line,
            Question.retired_at.is_(None),
        )
    )


@dataclass(frozen=True, slots=True)
class Tested:
    """A question on offer and one passage that it tests."""

    source: str
    passage: str
    deck: str
    question: str
    stem: str
    level: int | None


def tested_passages(session: Session, viewer: Viewer) -> list[Tested]:
    """Each passage that each live question is drawn from, of the files an instructor sees."""
    rows = session.execute(
        select(
            Source.slug,
            Passage.slug,
            Deck.slug,
            Question.slug,
            QuestionVersion.stem,
            QuestionVersion.level,
        )
        .join(Passage, Passage.source_id == Source.id)
        .join(VersionPassage, VersionPassage.passage_id == Passage.id)
        .join(QuestionVersion, QuestionVersion.id == VersionPassage.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .join(Deck, Deck.id == Question.deck_id)
        .join(QuestionFile, QuestionFile.id == Deck.file_id)
        .where(
            QuestionVersion.is_current,
            Question.retired_at.is_(None),
            Deck.retired_at.is_(None),
            is_seen_by(viewer),
        )
        .order_by(Source.title, Passage.position, Deck.position, Question.position)
    )
    return [Tested(*row) for row in rows]
