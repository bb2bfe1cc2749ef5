"""Studying without a network: what is due in the coming days, and answers that arrive later.

A browser begins a session by itself, with a key of its own, and sends its answers when it can.
Here a session becomes an attempt like any other. What is graded is what the learner picked, by
the version that was shown; what the browser thought of it is not asked.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, update
from sqlalchemy.orm import Session

from quizapp.db.models import (
    Attempt,
    Choice,
    Deck,
    Item,
    Mode,
    Origin,
    QuestionVersion,
    Response,
)
from quizapp.db.queries.accounts import Viewer
from quizapp.db.queries.attempts import letters
from quizapp.db.queries.held import decks_held_back
from quizapp.db.queries.library import deck_named, may_change
from quizapp.db.queries.offline import (
    BegunAttempt,
    KnownVersion,
    begun_attempt,
    items_of_attempt,
    known_versions,
)
from quizapp.db.queries.reviewing import served_versions
from quizapp.db.queries.versions import questions_of_versions
from quizapp.db.transactions import writing
from quizapp.domain import grading
from quizapp.domain.marks import UNANSWERED, Mark, mark_of, replaced
from quizapp.domain.questions import Question
from quizapp.domain.studying.days import start_of, study_day
from quizapp.domain.studying.queue import Entry, Limits, order
from quizapp.domain.tokens import token
from quizapp.operations.audit import Deed, record
from quizapp.operations.review_sessions import TITLE, due_days, fresh_hand, left_today
from quizapp.operations.reviewing import hold
from quizapp.operations.uploads import SUBJECT

DAYS_AHEAD = 7
"""Days for which a browser is told what is due, today included."""

OLDEST = timedelta(days=90)
"""Answers that say they are older than this count as this old."""

MOST_ITEMS = 500
"""Questions of one session at most."""


# What may be taken along


def may_decide(viewer: Viewer, deck: Deck) -> bool:
    """Whether an instructor who sees a deck decides about its offline use: every one about decks
    of the folder, which belong to nobody, and who may change it about an upload."""
    return deck.file.origin == Origin.FOLDER or may_change(viewer, deck.file)


def decide_offline_use(
    session: Session, viewer: Viewer, slug: str, now: datetime, *, is_offline: bool
) -> None:
    """Let learners take a deck along, keys and all, or not any more."""
    with writing(session) as connection:
        deck = deck_named(session, viewer, slug)
        if deck is None or not may_decide(viewer, deck) or deck.is_offline == is_offline:
            return
        deck.is_offline = is_offline
        session.flush()
        details = {"offline use": is_offline}
        deed = Deed("changed", SUBJECT, deck.file_id, deck.file.name, details=details)
        record(connection, viewer.account_id, deed, now)


# What to take along


class DueQuestion(NamedTuple):
    """A question and when it is due."""

    question_id: int
    due: datetime


@dataclass(frozen=True, slots=True)
class DayAhead:
    """What to review on a study day that ends at `until`, in the order in which to ask it."""

    until: datetime
    questions: list[DueQuestion]


def reviews_ahead(
    session: Session, account_id: int, question_ids: Collection[int], now: datetime
) -> tuple[list[DayAhead], bool]:
    """What of these questions a learner has to review today and on the days after, within their
    limits; and whether they want to be asked how sure they are.

    A day's list has all that is due by its end and not reviewed before.
    """
    hand = fresh_hand(session, account_id, decks_held_back(session, now), now)
    settings = hand.study.settings
    due = due_days(hand, now)
    served = served_versions(session, [held.question_id for held in hand.cards])
    entries = [
        Entry(held.question_id, served[held.question_id].passages, held.card)
        for held in hand.cards
        if held.question_id in served and held.question_id in question_ids
    ]
    today = study_day(now, settings.zone)
    days: list[DayAhead] = []
    for ahead in range(DAYS_AHEAD):
        until = start_of(today + timedelta(days=ahead + 1), settings.zone)
        limit = left_today(hand, now) if ahead == 0 else hand.study.limits
        at = max(now, start_of(today + timedelta(days=ahead), settings.zone))
        ripe = [entry for entry in entries if due[entry.question] < until]
        asked = order(ripe, [], at, Limits(limit.reviews, 0), settings)
        days.append(DayAhead(until, [DueQuestion(e.question, due[e.question]) for e in asked]))
    return days, hand.study.asks_certainty


# What arrives


class Outcome(StrEnum):
    """What became of an answer that was sent.

    KEPT: it is counted. ALREADY: its item had one, which stands. UNKNOWN: what it answers is not
    known here. UNFIT: it is no answer to what was asked.
    """

    KEPT = "kept"
    ALREADY = "already"
    UNKNOWN = "unknown"
    UNFIT = "unfit"


@dataclass(frozen=True, slots=True)
class SentItem:
    """A question as a browser asked it: its version (None: none that we know), and the positions
    of its choices in the order shown."""

    version_id: int | None
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SentSession:
    """A session that a browser began `age_ms` before it was sent. `key` is the browser's own."""

    key: str
    is_review: bool
    items: Sequence[SentItem]
    age_ms: int = 0


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """An answer given `age_ms` before it was sent: places of choices as they were shown.

    `position` counts from 1, as the browser counts the items of its session.
    """

    position: int
    places: frozenset[int]
    certainty: int | None = None
    elapsed_ms: int | None = None
    age_ms: int = 0


@dataclass(frozen=True, slots=True)
class _Plan:
    """A session with what is known of its questions. `places` leads from the browser's positions
    to ours, which leave out what is not known."""

    sent: SentSession
    questions: dict[int, Question]
    versions: dict[int, KnownVersion]
    items: list[tuple[int, tuple[int, ...]]]
    places: dict[int, int]

    @property
    def title(self) -> str:
        """What the attempt is called."""
        decks = {self.versions[version].deck for version, _ in self.items}
        if self.sent.is_review:
            return TITLE
        return next(iter(decks)) if len(decks) == 1 else f"Mix of {len(decks)} decks"

    @property
    def deck_id(self) -> int | None:
        """The deck, where it is one that was practised."""
        decks = {self.versions[version].deck_id for version, _ in self.items}
        return None if self.sent.is_review or len(decks) != 1 else decks.pop()


@dataclass(slots=True)
class _Taking:
    """The answers taken in one transaction, to be counted at its end."""

    marks: str
    count: int = 0
    credit: Fraction = Fraction(0)
    newest: datetime | None = None
    by_version: dict[int, list[Fraction]] = field(
        default_factory=lambda: defaultdict[int, list[Fraction]](list)
    )
    picks: Counter[tuple[int, int]] = field(default_factory=Counter[tuple[int, int]])


def take_answers(
    session: Session,
    account_id: int,
    sent: SentSession,
    answers: Sequence[SentAnswer],
    random: Random,
    now: datetime,
) -> list[Outcome]:
    """Keep the answers of a session in the order in which they were given; what became of each.

    The session's first arrival begins its attempt. Each item takes one answer, the first to
    arrive; sending again changes nothing. An attempt that was ended meanwhile takes answers still:
    they were given before anybody knew. Review cards follow when they are next looked at.
    """
    plan = _plan_of(session, sent)
    unknown = [Outcome.UNKNOWN for _ in answers]
    if not plan.items:
        return unknown
    with writing(session) as connection:
        begun = _begun(connection, account_id, plan, random, now)
        if [(item.version_id, item.order) for item in begun.items] != plan.items:
            return unknown
        taking = _Taking(begun.marks)
        outcomes = [_take(connection, begun, plan, taking, answer, now) for answer in answers]
        _count(connection, begun.attempt_id, taking)
    return outcomes


def _begun(
    connection: Connection, account_id: int, plan: _Plan, random: Random, now: datetime
) -> BegunAttempt:
    """The session's attempt, begun now where this is the first that arrives of it."""
    hold(connection, account_id)
    known = begun_attempt(connection, account_id, plan.sent.key)
    if known:
        return known
    attempt_id = _begin(connection, account_id, plan, random, now)
    items = items_of_attempt(connection, attempt_id)
    return BegunAttempt(attempt_id, Mark.OPEN * len(items), items)


def _plan_of(session: Session, sent: SentSession) -> _Plan:
    wanted = {item.version_id for item in sent.items if item.version_id is not None}
    versions = known_versions(session, wanted)
    questions = questions_of_versions(session, list(versions))
    items: list[tuple[int, tuple[int, ...]]] = []
    places: dict[int, int] = {}
    for position, item in enumerate(sent.items, start=1):
        question = questions.get(item.version_id or 0)
        if question is None or sorted(item.order) != list(range(len(question.choices))):
            continue
        items.append((item.version_id or 0, item.order))
        places[position] = len(items)
    return _Plan(sent, questions, versions, items, places)


def _begin(
    connection: Connection, account_id: int, plan: _Plan, random: Random, now: datetime
) -> int:
    attempt_id = connection.execute(
        insert(Attempt)
        .values(
            public_id=token(random, 128),
            account_id=account_id,
            start_key=plan.sent.key,
            mode=Mode.REVIEW if plan.sent.is_review else Mode.PRACTICE,
            title=plan.title,
            deck_id=plan.deck_id,
            size=len(plan.items),
            marks=Mark.OPEN * len(plan.items),
            started_at=now - min(timedelta(milliseconds=plan.sent.age_ms), OLDEST),
        )
        .returning(Attempt.id)
    ).scalar_one()
    connection.execute(
        insert(Item),
        [
            {"attempt_id": attempt_id, "position": i, "version_id": v, "choice_order": letters(o)}
            for i, (v, o) in enumerate(plan.items, start=1)
        ],
    )
    return attempt_id


def _take(
    connection: Connection,
    begun: BegunAttempt,
    plan: _Plan,
    taking: _Taking,
    answer: SentAnswer,
    now: datetime,
) -> Outcome:
    position = plan.places.get(answer.position)
    if position is None:
        return Outcome.UNKNOWN
    item = begun.items[position - 1]
    question = plan.questions[item.version_id]
    if not _fits(answer, question):
        return Outcome.UNFIT
    if taking.marks[position - 1] not in UNANSWERED:
        return Outcome.ALREADY
    chosen = sorted(item.order[place] for place in answer.places)
    earned = grading.credit(chosen, question.keys)
    at = _given_at(answer, plan.versions[item.version_id], taking.newest, now)
    connection.execute(
        insert(Response).values(
            item_id=item.item_id,
            chosen=letters(chosen),
            certainty=answer.certainty,
            credit=earned,
            answered_at=at,
            elapsed_ms=answer.elapsed_ms,
        )
    )
    taking.marks = replaced(taking.marks, position, mark_of(grading.verdict(earned)))
    taking.count += 1
    taking.credit += earned
    taking.newest = at
    taking.by_version[item.version_id].append(earned)
    taking.picks.update((item.version_id, pick) for pick in chosen)
    return Outcome.KEPT


def _fits(answer: SentAnswer, question: Question) -> bool:
    within = all(0 <= place < len(question.choices) for place in answer.places)
    return within and (len(answer.places) == 1 or (question.is_multiple and bool(answer.places)))


def _given_at(
    answer: SentAnswer, version: KnownVersion, before: datetime | None, now: datetime
) -> datetime:
    """When an answer was given, as far as can be believed: not in the future, not before there was
    the question, and not before the answer that came before it."""
    said = now - min(timedelta(milliseconds=answer.age_ms), OLDEST)
    return min(now, max(said, version.created_at, before or said))


def _count(connection: Connection, attempt_id: int, taking: _Taking) -> None:
    """Count what was taken. Versions in the order of their ids, each before its choices: rows
    locked in two orders could lock for ever."""
    if not taking.count:
        return
    values: dict[str, Any] = {
        "marks": taking.marks,
        "answered": Attempt.answered + taking.count,
        "credit": Attempt.credit + taking.credit,
    }
    if not any(mark in UNANSWERED for mark in taking.marks):
        values["ended_at"] = taking.newest
    connection.execute(update(Attempt).where(Attempt.id == attempt_id).values(**values))
    for version in sorted(taking.by_version):
        earned = taking.by_version[version]
        connection.execute(
            update(QuestionVersion)
            .where(QuestionVersion.id == version)
            .values(
                responses=QuestionVersion.responses + len(earned),
                credit=QuestionVersion.credit + sum(earned, Fraction(0)),
            )
        )
        for pick, times in _picks(taking, version):
            connection.execute(
                update(Choice)
                .where(Choice.version_id == version, Choice.position == pick)
                .values(chosen=Choice.chosen + times)
            )


def _picks(taking: _Taking, version: int) -> list[tuple[int, int]]:
    return sorted((pick, times) for (of, pick), times in taking.picks.items() if of == version)
