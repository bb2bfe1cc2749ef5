"""The question files as they were last read, and what is in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from quizapp.db.models import (
    Deck,
    FileState,
    Passage,
    Question,
    QuestionFile,
    QuestionVersion,
    Source,
    VersionPassage,
)


def known_files(session: Session) -> list[QuestionFile]:
    """Every file ever read: refused ones first, then by name."""
    files = session.scalars(select(QuestionFile).order_by(QuestionFile.name))
    return sorted(files, key=lambda file: (file.state != FileState.REFUSED, file.name))


@dataclass(frozen=True, slots=True)
class DeckLine:
    """A deck as the list of files shows it, with its number of questions on offer."""

    slug: str
    title: str
    questions: int


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question on offer with its tallies, as a list shows it."""

    slug: str
    stem: str
    level: int | None
    responses: int
    credit: Fraction


def deck_named(session: Session, slug: str) -> Deck | None:
    """A deck with its file, retired or not."""
    return session.scalars(
        select(Deck).where(Deck.slug == slug).options(joinedload(Deck.file))
    ).one_or_none()


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
        select(Deck.file_id, Deck.slug, Deck.title, func.count(Question.id))
        .outerjoin(Question, (Question.deck_id == Deck.id) & Question.retired_at.is_(None))
        .group_by(Deck.id)
    )
    return {file_id: DeckLine(slug, title, questions) for file_id, slug, title, questions in rows}


def question_named(session: Session, deck_slug: str, slug: str) -> Question | None:
    """A question with its deck and file, retired or not."""
    return session.scalars(
        select(Question)
        .join(Deck)
        .where(Deck.slug == deck_slug, Question.slug == slug)
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


def tested_passages(session: Session) -> list[Tested]:
    """Each passage that each question on offer is drawn from."""
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
        .where(
            QuestionVersion.is_current,
            Question.retired_at.is_(None),
            Deck.retired_at.is_(None),
        )
        .order_by(Source.title, Passage.position, Deck.position, Question.position)
    )
    return [Tested(*row) for row in rows]
