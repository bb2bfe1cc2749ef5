"""What a version of a question says. Versions never change, so callers may keep them."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.db.models import Choice, Passage, Question, QuestionVersion, Source, VersionPassage
from quizapp.domain import questions as domain


def questions_of_versions(
    session: Session, version_ids: Collection[int]
) -> dict[int, domain.Question]:
    """The question each version stands for; passages are left out (see `passages_of`)."""
    rows = session.execute(
        select(QuestionVersion, Question.slug, Choice)
        .join(Question, Question.id == QuestionVersion.question_id)
        .join(Choice, Choice.version_id == QuestionVersion.id)
        .where(QuestionVersion.id.in_(version_ids))
        .order_by(QuestionVersion.id, Choice.position)
    ).all()
    found: dict[int, domain.Question] = {}
    for version_id, group in groupby(rows, key=lambda row: row[0].id):
        parts = list(group)
        version, slug, _ = parts[0]
        found[version_id] = domain.Question(
            slug=slug,
            stem=version.stem,
            choices=tuple(domain.Choice(c.text, c.is_key, c.feedback) for _, _, c in parts),
            explanation=version.explanation,
            level=version.level,
            shuffle=version.shuffle,
            as_of=version.as_of,
        )
    return found


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A passage that a question is drawn from, with what is needed to cite it."""

    slug: str
    heading: str
    note: str
    source: Source


def passages_of(session: Session, version_id: int) -> list[CitedPassage]:
    """The passages of a version, in the source's order."""
    rows = session.execute(
        select(Passage.slug, Passage.heading, Passage.note, Source)
        .join(VersionPassage, VersionPassage.passage_id == Passage.id)
        .join(Source, Source.id == Passage.source_id)
        .where(VersionPassage.version_id == version_id)
        .order_by(Passage.position)
    )
    return [CitedPassage(*row) for row in rows]
