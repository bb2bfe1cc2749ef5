"""Graded attempts as they are when they have been handed in, without anybody taking them.

Only for tests about what comes after: the marks. Attempts are settled by our operation.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from quizapp.db.models import (
    Assignment,
    AssignmentDeck,
    Attempt,
    Class,
    Deck,
    Item,
    Mode,
    Question,
    QuestionVersion,
    Response,
)
from quizapp.db.queries.attempts import letters
from quizapp.db.queries.versions import questions_of_versions
from quizapp.db.transactions import writing
from quizapp.domain.graded.policy import Policy
from quizapp.domain.graded.scoring import response_credit
from quizapp.operations.marking import settle
from tests.support.cast import NOW, Person

Answers = Mapping[str, set[int] | None]
"""What was chosen in each question by its slug; None: not answered."""


def assign(
    session: Session,
    school_class: Class,
    title: str = "Midterm",
    policy: Policy | None = None,
    deck: str = "rivers",
    **columns: Any,
) -> Assignment:
    """A published assignment of a deck, open from a day before NOW."""
    public_id = f"{title.lower().replace(' ', '-')}-{school_class.id}"
    values = {
        "public_id": public_id,
        "class_id": school_class.id,
        "title": title,
        "instructions": "",
        "opens_at": NOW - timedelta(days=1),
        "policy": (policy or Policy()).as_dict(),
        "pools": [],
        "created_at": NOW,
        "published_at": NOW,
        **columns,
    }
    with writing(session) as connection:
        made = insert(Assignment).values(**values).returning(Assignment.id)
        assignment_id = connection.execute(made).scalar_one()
        deck_id = connection.execute(select(Deck.id).where(Deck.slug == deck)).scalar_one()
        connection.execute(
            insert(AssignmentDeck).values(assignment_id=assignment_id, deck_id=deck_id)
        )
    return session.get_one(Assignment, assignment_id)


def hand_in(
    session: Session,
    assignment: Assignment,
    person: Person,
    answers: Answers,
    number: int = 1,
    at: datetime | None = NOW,
    **columns: Any,
) -> int:
    """The id of a person's attempt at the assignment with these answers, settled where it was
    handed in (`at` is not None). `certainty` says how sure they were of each answer."""
    certainty: int | None = columns.pop("certainty", None)
    mode = columns.pop("mode", Mode.GRADED)
    policy = Policy.from_dict(assignment.policy)
    assignment_id = assignment.id
    versions = dict(
        session.execute(
            select(Question.slug, QuestionVersion.id)
            .join(QuestionVersion, QuestionVersion.question_id == Question.id)
            .where(Question.slug.in_(answers), QuestionVersion.is_current)
        ).all()
    )
    contents = questions_of_versions(session, versions.values())
    with writing(session) as connection:
        attempt_id = connection.execute(
            insert(Attempt)
            .values(
                public_id=f"{mode}-{assignment_id}-{person.account_id}-{number}",
                account_id=person.account_id,
                start_key=f"{mode}-{assignment_id}-{number}",
                mode=mode,
                title="Midterm",
                size=len(answers),
                marks="-" * len(answers),
                started_at=NOW - timedelta(minutes=10),
                ended_at=at,
                assignment_id=assignment_id,
                number=number if mode == Mode.GRADED else None,
                **columns,
            )
            .returning(Attempt.id)
        ).scalar_one()
        for position, (slug, chosen) in enumerate(answers.items(), start=1):
            content = contents[versions[slug]]
            order = letters(range(len(content.choices)))
            item_id = connection.execute(
                insert(Item)
                .values(
                    attempt_id=attempt_id,
                    position=position,
                    version_id=versions[slug],
                    choice_order=order,
                )
                .returning(Item.id)
            ).scalar_one()
            if chosen is not None:
                picked = frozenset(chosen)
                credit = response_credit(policy, picked, content.keys, certainty, 1)
                _answer(connection, item_id, picked, certainty, credit)
        settle(connection, [attempt_id])
    return attempt_id


def _answer(
    connection: Connection,
    item_id: int,
    picked: frozenset[int],
    certainty: int | None,
    credit: Fraction,
) -> None:
    connection.execute(
        insert(Response).values(
            item_id=item_id,
            chosen=letters(sorted(picked)),
            certainty=certainty,
            credit=credit,
            answered_at=NOW,
            elapsed_ms=20_000,
        )
    )
