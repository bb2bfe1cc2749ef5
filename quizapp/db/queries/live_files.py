"""What is live of question files, as the plain values that files are read into."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from quizapp.db import models
from quizapp.db.models import Deck, Passage, Question, QuestionFile, QuestionVersion, Source
from quizapp.db.queries.accounts import Viewer
from quizapp.db.queries.library import is_seen_by
from quizapp.db.queries.versions import questions_of_versions
from quizapp.domain import questions as domain


def sources_at_hand(session: Session, viewer: Viewer) -> list[domain.Source]:
    """The live sources that an instructor's decks may be drawn from."""
    rows = session.scalars(
        select(Source)
        .join(QuestionFile, QuestionFile.id == Source.file_id)
        .where(Source.retired_at.is_(None), is_seen_by(viewer))
        .options(selectinload(Source.passages))
        .order_by(Source.slug)
    )
    return [_source(row) for row in rows]


def live_document(session: Session, file_id: int) -> domain.Deck | domain.Source | None:
    """The deck or source that a file serves now, without lines and waivers; None where none."""
    deck = session.scalars(
        select(Deck)
        .where(Deck.file_id == file_id, Deck.retired_at.is_(None))
        .options(selectinload(Deck.source))
    ).one_or_none()
    if deck is not None:
        return _deck(deck, _questions(session, deck.id))
    source = session.scalars(
        select(Source)
        .where(Source.file_id == file_id, Source.retired_at.is_(None))
        .options(selectinload(Source.passages))
    ).one_or_none()
    return _source(source) if source else None


def known_slugs(session: Session, deck_slug: str) -> frozenset[str]:
    """The ids of all questions that a deck of this name ever had."""
    rows = session.scalars(select(Question.slug).join(Deck).where(Deck.slug == deck_slug))
    return frozenset(rows)


def _questions(session: Session, deck_id: int) -> tuple[domain.Question, ...]:
    ids = session.scalars(
        select(QuestionVersion.id)
        .join(Question)
        .where(
            Question.deck_id == deck_id,
            Question.retired_at.is_(None),
            QuestionVersion.is_current,
        )
        .order_by(Question.position)
    ).all()
    found = questions_of_versions(session, ids)
    passages = _passages(session, ids)
    return tuple(replace(found[i], passages=tuple(passages[i])) for i in ids)


def _passages(session: Session, version_ids: Sequence[int]) -> dict[int, list[str]]:
    link = models.VersionPassage
    rows = session.execute(
        select(link.version_id, Passage.slug)
        .join(Passage, Passage.id == link.passage_id)
        .where(link.version_id.in_(version_ids))
        .order_by(Passage.position)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for version_id, slug in rows:
        found[version_id].append(slug)
    return found


def _deck(row: Deck, questions: Iterable[domain.Question]) -> domain.Deck:
    return domain.Deck(
        slug=row.slug,
        title=row.title,
        topic=row.topic,
        questions=tuple(questions),
        source=row.source.slug if row.source else "",
        summary=row.summary,
        language=row.language,
        order=row.position,
    )


def _source(row: Source) -> domain.Source:
    return domain.Source(
        slug=row.slug,
        title=row.title,
        passages=tuple(
            domain.Passage(passage.slug, passage.heading, passage.note)
            for passage in row.passages
            if passage.retired_at is None
        ),
        author=row.author,
        published=row.published,
        publisher=row.publisher,
        url=row.url,
    )
