"""A review: what there is to do, beginning one, taking an answer back."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from random import Random
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.orm import Session

from quizapp.db.models import (
    Attempt,
    Choice,
    Item,
    Mode,
    QuestionVersion,
    Response,
)
from quizapp.db.queries.attempts import ItemView, from_letters
from quizapp.db.queries.held import decks_held_back
from quizapp.db.queries.reviewing import (
    TAKEN_BACK,
    Hand,
    HeldCard,
    Study,
    hand_of,
    served_versions,
    unseen_questions,
)
from quizapp.db.transactions import writing
from quizapp.domain.marks import Mark, replaced
from quizapp.domain.studying.calendar import forecast
from quizapp.domain.studying.days import study_day
from quizapp.domain.studying.exam import exam_due, new_a_day
from quizapp.domain.studying.queue import Entry, Limits, order, urgency
from quizapp.operations.answering import (
    NothingToAnswer,
    Start,
    begin,
    begun_with,
)
from quizapp.operations.reviewing import take_in

SESSION = 20
"""Questions of one review at most."""

UNDO_WITHIN = timedelta(hours=1)
"""How long an answer of a review can be taken back."""

TITLE = "Review"


# What there is to do


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a learner's review has to offer at a moment.

    `due` are the questions due now, `known` counts those ever answered; `left` is what remains of
    the day's limits; `tomorrow` and `week` (seven days from tomorrow) count cards that fall due
    then; `exam_in` is the days to the exam, None without one to come.
    """

    study: Study
    due: list[Entry]
    known: int
    unseen: int
    left: Limits
    tomorrow: int
    week: int
    suspended: int
    open_review: str | None
    exam_in: int | None

    @property
    def reviews(self) -> int:
        """Due questions that the day's limit still admits."""
        return min(len(self.due), self.left.reviews)

    @property
    def new(self) -> int:
        """New questions that the day's limit still admits."""
        return min(self.unseen, self.left.new)

    @property
    def size(self) -> int:
        """Questions that the next review will have."""
        return min(SESSION, self.reviews + self.new)


def agenda(session: Session, account_id: int, now: datetime) -> Agenda:
    """What there is to review now, with all that was answered taken in."""
    return _agenda(fresh_hand(session, account_id, decks_held_back(session, now), now), now)


def fresh_hand(session: Session, account_id: int, held: Collection[int], now: datetime) -> Hand:
    """What a learner has in hand, with all that was answered taken in."""
    hand = hand_of(session, account_id, held, now)
    if hand.has_news:
        take_in(session, account_id, now)
        hand = hand_of(session, account_id, held, now)
    return hand


def _agenda(hand: Hand, now: datetime) -> Agenda:
    settings = hand.study.settings
    due_at = due_days(hand, now)
    due = [
        Entry(held.question_id, frozenset(), held.card)
        for held in hand.cards
        if due_at[held.question_id] <= now
    ]
    days = list(forecast(due_at.values(), now, 8, settings.zone).values())
    return Agenda(
        study=hand.study,
        due=due,
        known=hand.known,
        unseen=hand.unseen,
        left=left_today(hand, now),
        tomorrow=days[1],
        week=sum(days[1:]),
        suspended=hand.suspended,
        open_review=hand.open_review,
        exam_in=_days_to_exam(hand.study, now),
    )


def _days_to_exam(study: Study, now: datetime) -> int | None:
    """Days as the calendar has them, for words: in the small hours the exam is today."""
    if study.exam_on is None:
        return None
    days = (study.exam_on - now.astimezone(study.settings.zone).date()).days
    return days if days >= 0 else None


def due_days(hand: Hand, now: datetime) -> dict[int, datetime]:
    """When each card in hand is to be asked, the exam and the learner's own putting off in view."""
    study = hand.study
    due = {held.question_id: held.card.due for held in hand.cards}
    if study.exam_on:
        cards = {held.question_id: held.card for held in hand.cards}
        due = exam_due(cards, study.exam_on, now, study.reviews_per_day, study.settings)
    return {held.question_id: _not_buried(held, due[held.question_id]) for held in hand.cards}


def _not_buried(held: HeldCard, due: datetime) -> datetime:
    return max(due, held.buried_until) if held.buried_until else due


def left_today(hand: Hand, now: datetime) -> Limits:
    """What is left of the day. What was practised today is done, too."""
    study, zone = hand.study, hand.study.settings.zone
    today = study_day(now, zone)
    done = [h.card.reps for h in hand.cards if study_day(h.card.last_review, zone) == today]
    begun = sum(reps == 1 for reps in done)
    limits = study.limits
    if study.exam_on and study.exam_on > today:
        new = new_a_day(hand.unseen + begun, study.exam_on, now, zone, limits.new)
        limits = replace(limits, new=new)
    return limits.after(len(done) - begun, begun)


def start_review(
    session: Session,
    account_id: int,
    start_key: str,
    random: Random,
    now: datetime,
    *,
    is_extra: bool = False,
) -> str:
    """Begin a review of what is due, the most urgent first, and return its public id.

    One that was left open ends. `is_extra` is for who has done what they wanted today and goes on.
    Raises NothingToAnswer where there is nothing.
    """
    held = decks_held_back(session, now)
    plan = _agenda(fresh_hand(session, account_id, held, now), now)
    limits = Limits(SESSION, 0) if is_extra else plan.left
    versions = _queue(session, account_id, held, plan, limits, now)
    if not versions:
        if begun := begun_with(session, account_id, start_key):
            return begun
        raise NothingToAnswer
    return begin(session, account_id, Start(versions, TITLE, start_key), Mode.REVIEW, random, now)


def _queue(
    session: Session,
    account_id: int,
    held: Collection[int],
    plan: Agenda,
    limits: Limits,
    now: datetime,
) -> list[int]:
    """Versions to ask, in order."""
    settings = plan.study.settings
    due = sorted(plan.due, key=lambda entry: urgency(entry, now, settings))[: limits.reviews]
    fresh = unseen_questions(session, account_id, held, limits.new) if limits.new else []
    served = served_versions(session, [*(entry.question for entry in due), *fresh])
    reviews = [
        replace(e, passages=served[e.question].passages) for e in due if e.question in served
    ]
    new = [Entry(q, served[q].passages) for q in fresh if q in served]
    asked = order(reviews, new, now, limits, settings)[:SESSION]
    return [served[entry.question].version_id for entry in asked]


# What a learner decides about a question


class Undone(Enum):
    """What became of the wish to take an answer back."""

    TAKEN_BACK = auto()
    NOT_ANSWERED = auto()
    TOO_LATE = auto()


def undo_response(session: Session, item: ItemView, now: datetime) -> Undone:
    """Take back the newest answer of a review, within UNDO_WITHIN of giving it.

    The item is open again and counted nowhere; a review that had ended goes on. In practice
    answers stand: the page has told the key.
    """
    with writing(session) as connection:
        connection.execute(
            select(Attempt.id).where(Attempt.id == item.attempt_id).with_for_update()
        )
        newest = connection.execute(
            select(Response)
            .join(Item, Item.id == Response.item_id)
            .join(Attempt, Attempt.id == Item.attempt_id)
            .where(Attempt.id == item.attempt_id, Attempt.mode == Mode.REVIEW)
            .order_by(Response.answered_at.desc(), Response.item_id.desc())
            .limit(1)
        ).first()
        if newest is None or newest.item_id != item.item_id:
            given = select(Response.item_id).where(Response.item_id == item.item_id)
            return Undone.TOO_LATE if connection.scalar(given) else Undone.NOT_ANSWERED
        if now - newest.answered_at > UNDO_WITHIN:
            return Undone.TOO_LATE
        _take_back(connection, item, newest)
    take_in(session, item.viewer.account_id, now)
    return Undone.TAKEN_BACK


def _take_back(connection: Connection, item: ItemView, response: Any) -> None:
    marks = connection.execute(
        select(Attempt.marks).where(Attempt.id == item.attempt_id)
    ).scalar_one()
    connection.execute(
        update(Attempt)
        .where(Attempt.id == item.attempt_id)
        .values(
            marks=replaced(marks, item.position, Mark.OPEN),
            answered=Attempt.answered - 1,
            credit=Attempt.credit - response.credit,
            ended_at=None,
            folded=TAKEN_BACK,
        )
    )
    connection.execute(delete(Response).where(Response.item_id == item.item_id))
    connection.execute(
        update(QuestionVersion)
        .where(QuestionVersion.id == item.version_id)
        .values(
            responses=QuestionVersion.responses - 1,
            credit=QuestionVersion.credit - response.credit,
        )
    )
    connection.execute(
        update(Choice)
        .where(
            Choice.version_id == item.version_id,
            Choice.position.in_(from_letters(response.chosen)),
        )
        .values(chosen=Choice.chosen - 1)
    )
