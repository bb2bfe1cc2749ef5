"""Spaced review: cards from responses, reviews from cards.

A card follows from the responses to its question alone. Answering writes none, so that it stays
quick: `take_in` makes the cards anew of what was answered since, and is called before anything
that looks at them. Where an answer came late or was taken back, the same brings them right.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, ScalarSelect, delete, insert, select, update
from sqlalchemy.orm import Session

from quizapp.db.batches import batches
from quizapp.db.models import (
    Account,
    Attempt,
    QuestionVersion,
    ReviewCard,
)
from quizapp.db.queries.attempts import ItemView
from quizapp.db.queries.reviewing import (
    Past,
    Study,
    cards_of,
    has_news,
    is_news,
    learners,
    questions_in_news,
    responses_of,
    study_of,
)
from quizapp.db.queries.versions import questions_of_versions
from quizapp.db.transactions import writing
from quizapp.domain.marks import UNANSWERED
from quizapp.domain.questions import Question
from quizapp.domain.studying.answers import answer_to
from quizapp.domain.studying.days import start_of, study_day
from quizapp.domain.studying.scheduling import Answer, Card, rebuild
from quizapp.operations.answering import (
    pass_over,
)


def take_in(session: Session, account_id: int, now: datetime) -> None:
    """Bring a learner's cards up to date with their answers in practice and review.

    One cheap read where nothing is new. Burials that are over by `now` are forgotten on the way.
    """
    if not account_id or not has_news(session, account_id):
        return
    with writing(session) as connection:
        hold(connection, account_id)
        attempts = connection.scalars(
            select(Attempt.id).where(is_news(account_id)).order_by(Attempt.id).with_for_update()
        ).all()
        for some in batches(attempts):
            _remake(session, account_id, questions_in_news(connection, some), now)
            _mark_taken_in(connection, some)


def rebuild_cards(session: Session, account_id: int, now: datetime) -> tuple[int, int]:
    """Make every card of a learner anew; how many there are, and how many came out different."""
    with writing(session) as connection:
        hold(connection, account_id)
        before = cards_of(connection, account_id)
        news = connection.scalars(
            select(Attempt.id).where(is_news(account_id)).order_by(Attempt.id).with_for_update()
        ).all()
        remake_all(session, account_id, now)
        for some in batches(news):
            _mark_taken_in(connection, some)
        after = cards_of(connection, account_id)
    changed = sum(not _is_same(before.get(q), after.get(q)) for q in before.keys() | after.keys())
    return len(after), changed


def wrong_cards(session: Session, account_id: int) -> list[int]:
    """Questions whose cards differ from what the responses make; empty where all is well.

    Answers that no page has taken in yet are no damage: their questions are left out.
    """
    kept = cards_of(session, account_id)
    made = _made_from(session, responses_of(session, account_id), study_of(session, account_id))
    news = session.scalars(select(Attempt.id).where(is_news(account_id))).all()
    untold = {q for some in batches(news) for q in questions_in_news(session, some)}
    return sorted(
        q for q in (kept.keys() | made.keys()) - untold if not _is_same(kept.get(q), made.get(q))
    )


def all_wrong_cards(session: Session) -> dict[int, list[int]]:
    """The same for everybody, by account; those with nothing wrong are left out."""
    found = {account_id: wrong_cards(session, account_id) for account_id in learners(session)}
    return {account_id: questions for account_id, questions in found.items() if questions}


def hold(connection: Connection, account_id: int) -> None:
    """Let nobody else change this learner's cards until the transaction ends; attempts may be
    begun meanwhile."""
    connection.execute(
        select(Account.id).where(Account.id == account_id).with_for_update(key_share=True)
    )


def _mark_taken_in(connection: Connection, attempt_ids: Collection[int]) -> None:
    connection.execute(
        update(Attempt).where(Attempt.id.in_(attempt_ids)).values(folded=Attempt.answered)
    )


def remake_all(session: Session, account_id: int, now: datetime) -> None:
    """Make every card of a learner from their responses, in the caller's transaction."""
    answered = {past.question_id for past in responses_of(session, account_id)}
    _remake(session, account_id, answered | cards_of(session, account_id).keys(), now)


def _remake(
    session: Session, account_id: int, question_ids: Collection[int], now: datetime
) -> None:
    """Make the cards of these questions from their responses; what the learner put off stays so."""
    study = study_of(session, account_id)
    for some in batches(question_ids):
        made = _made_from(session, responses_of(session, account_id, some), study)
        own = (ReviewCard.account_id == account_id) & ReviewCard.question_id.in_(some)
        put_off = {
            question_id: (suspended_at, until if until and until > now else None)
            for question_id, suspended_at, until in session.execute(
                select(
                    ReviewCard.question_id, ReviewCard.suspended_at, ReviewCard.buried_until
                ).where(own)
            )
        }
        session.execute(delete(ReviewCard).where(own))
        if made:
            session.execute(
                insert(ReviewCard),
                [_row(account_id, q, made[q], *put_off.get(q, (None, None))) for q in made],
            )


def _made_from(session: Session, history: Iterable[Past], study: Study) -> dict[int, Card]:
    """By question, the card that its responses make."""
    by_question: dict[int, list[Past]] = defaultdict(list)
    for past in history:
        by_question[past.question_id].append(past)
    versions = {past.version_id for pasts in by_question.values() for past in pasts}
    asked = {
        version: question
        for some in batches(versions)
        for version, question in questions_of_versions(session, some).items()
    }
    made = {q: rebuild(_answers(pasts, asked), study.settings) for q, pasts in by_question.items()}
    return {question_id: card for question_id, card in made.items() if card is not None}


def _answers(pasts: list[Past], asked: dict[int, Question]) -> list[tuple[datetime, Answer]]:
    return [
        (
            past.answered_at,
            answer_to(asked[past.version_id], past.credit, past.certainty, past.elapsed_ms),
        )
        for past in pasts
    ]


def _row(
    account_id: int,
    question_id: int,
    card: Card,
    suspended_at: datetime | None,
    buried_until: datetime | None,
) -> dict[str, Any]:
    values = asdict(card)
    return {
        "account_id": account_id,
        "question_id": question_id,
        "due_at": values.pop("due"),
        "last_review_at": values.pop("last_review"),
        "suspended_at": suspended_at,
        "buried_until": buried_until,
        **values,
    }


def _is_same(kept: Card | None, made: Card | None) -> bool:
    """Whether two cards are equal but for the last digits that another machine may compute."""
    if kept is None or made is None:
        return kept is made
    near = all(
        abs(x - y) <= 1e-9 * abs(y)
        for x, y in ((kept.stability, made.stability), (kept.difficulty, made.difficulty))
    )
    figures = {"stability": made.stability, "difficulty": made.difficulty}
    return near and replace(kept, **figures) == made


# What a learner puts off


def suspend(session: Session, item: ItemView, now: datetime) -> bool:
    """Never ask an item's question again until it is resumed; False where there is no card yet.

    An item that is still open is passed over. Doing so twice changes nothing more.
    """
    return _put_off(session, item, now, suspended_at=now)


def bury(session: Session, item: ItemView, now: datetime) -> bool:
    """Do not ask an item's question before tomorrow, otherwise as `suspend`."""
    zone = study_of(session, item.viewer.account_id).settings.zone
    tomorrow = start_of(study_day(now, zone) + timedelta(days=1), zone)
    return _put_off(session, item, now, buried_until=tomorrow)


def resume(session: Session, account_id: int, question_id: ScalarSelect[int] | int) -> None:
    """Ask a question again when it is due."""
    with writing(session) as connection:
        connection.execute(
            update(ReviewCard)
            .where(ReviewCard.account_id == account_id, ReviewCard.question_id == question_id)
            .values(suspended_at=None, buried_until=None)
        )


def resume_item(session: Session, item: ItemView) -> None:
    """The same for the question of an item."""
    resume(session, item.viewer.account_id, _question_of(item))


def _put_off(session: Session, item: ItemView, now: datetime, **values: Any) -> bool:
    account_id = item.viewer.account_id
    take_in(session, account_id, now)
    with writing(session) as connection:
        hold(connection, account_id)
        found = connection.execute(
            update(ReviewCard)
            .where(
                ReviewCard.account_id == account_id,
                ReviewCard.question_id == _question_of(item),
            )
            .values(**values)
        )
        if found.rowcount and item.marks[item.position - 1] in UNANSWERED:
            pass_over(connection, item)
    return bool(found.rowcount)


def _question_of(item: ItemView) -> ScalarSelect[int]:
    return (
        select(QuestionVersion.question_id)
        .where(QuestionVersion.id == item.version_id)
        .scalar_subquery()
    )
