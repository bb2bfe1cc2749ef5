"""What a learner has in review: cards, how they want to study, what there is to ask."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    exists,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session, aliased, contains_eager

from quizapp.db.batches import batches
from quizapp.db.models import (
    Account,
    Attempt,
    Class,
    Deck,
    Enrolment,
    Item,
    Mode,
    Question,
    QuestionVersion,
    Response,
    ReviewCard,
    StudySettings,
    VersionPassage,
)
from quizapp.db.queries.attempts import NOT_GRADED
from quizapp.db.queries.decks import is_practised
from quizapp.domain.studying.queue import Limits
from quizapp.domain.studying.scheduling import DEFAULTS, Answer, Card, Settings, review

AHEAD = timedelta(days=8)
"""How far the forecast of the review page looks, with a day to spare for time zones."""

BEHIND = timedelta(days=2)
"""What was reviewed within this may have been reviewed today, in whatever time zone."""

TAKEN_BACK = -1
"""`Attempt.folded` where an answer was taken back or moved here: no number of answers equals it."""


@dataclass(frozen=True, slots=True)
class Study:
    """How a learner wants to study; `weights` is None where nothing was fitted to them, `is_set`
    false where they have chosen nothing and the defaults hold."""

    retention_percent: int = round(100 * DEFAULTS.retention)
    new_per_day: int = Limits().new
    reviews_per_day: int = Limits().reviews
    asks_certainty: bool = True
    exam_on: date | None = None
    zone: str = "UTC"
    weights: tuple[float, ...] | None = None
    is_set: bool = False

    @property
    def settings(self) -> Settings:
        """What cards are scheduled by. A zone that is no longer known counts as UTC."""
        try:
            zone = ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError):
            zone = DEFAULTS.zone
        return Settings(self.retention_percent / 100, self.weights or DEFAULTS.weights, zone)

    @property
    def limits(self) -> Limits:
        """What they want to do in a day."""
        return Limits(self.reviews_per_day, self.new_per_day)


_STUDY = (
    StudySettings.retention_percent,
    StudySettings.new_per_day,
    StudySettings.reviews_per_day,
    StudySettings.asks_certainty,
    StudySettings.exam_on,
    StudySettings.zone,
    StudySettings.weights,
)

_CARD = (
    ReviewCard.stability,
    ReviewCard.difficulty,
    ReviewCard.due_at,
    ReviewCard.last_review_at,
    ReviewCard.reps,
    ReviewCard.lapses,
    ReviewCard.last_credit,
    ReviewCard.last_certainty,
)


def _study(values: Sequence[Any]) -> Study:
    if values[0] is None:
        return Study()
    *plain, weights = values
    return Study(*plain, weights=tuple(weights) if weights else None, is_set=True)


def _card(values: Sequence[Any]) -> Card:
    return Card(*values)


def study_of(bind: Session | Connection, account_id: int) -> Study:
    """How someone wants to study."""
    row = bind.execute(select(*_STUDY).where(StudySettings.account_id == account_id)).one_or_none()
    return _study(row) if row else Study()


def settings_row(session: Session, account_id: int) -> StudySettings | None:
    """All that someone has set about their studying; None where the defaults hold."""
    return session.get(StudySettings, account_id)


def is_news(account_id: int) -> ColumnElement[bool]:
    """The condition for attempts whose answers this learner's cards do not know yet."""
    return (Attempt.account_id == account_id) & (Attempt.answered != Attempt.folded) & NOT_GRADED


def has_news(session: Session, account_id: int) -> bool:
    """Whether there are answers that the learner's cards do not know yet."""
    return bool(session.scalar(select(exists().where(is_news(account_id)))))


class HeldCard(NamedTuple):
    """A question that a learner has answered: its card, and until when it is put off."""

    question_id: int
    card: Card
    buried_until: datetime | None


@dataclass(frozen=True, slots=True)
class Hand:
    """What someone's review is made of. `cards` has those that may be asked, as far as they are
    due within AHEAD or were reviewed within BEHIND, all before an exam; `known` counts all cards,
    `unseen` questions of the decks begun that were never answered, `suspended` those never to be
    asked. `open_review` is the public id of a review left open.
    """

    study: Study
    has_news: bool
    known: int
    unseen: int
    suspended: int
    open_review: str | None
    cards: list[HeldCard]


NOTHING = Hand(Study(), has_news=False, known=0, unseen=0, suspended=0, open_review=None, cards=[])


def hand_of(session: Session, account_id: int, held: Collection[int], now: datetime) -> Hand:
    """What there is to review for an account, with decks kept back left out; one statement."""
    cards = _cards_in_play(account_id, held)
    is_near = or_(
        cards.c.due_at <= now + AHEAD,
        cards.c.last_review_at > now - BEHIND,
        StudySettings.exam_on >= (now - BEHIND).date(),
    )
    rows = session.execute(
        select(
            exists().where(is_news(account_id)).label("has_news"),
            _unseen(account_id, held).with_only_columns(func.count()).scalar_subquery(),
            _count(account_id),
            _count(account_id, is_suspended=True),
            _open_review(account_id),
            *_STUDY,
            *cards.c,
        )
        .select_from(Account)
        .outerjoin(StudySettings, StudySettings.account_id == Account.id)
        .outerjoin(cards, is_near)
        .where(Account.id == account_id)
        .order_by(cards.c.question_id)
    ).all()
    if not rows:
        return NOTHING
    first = rows[0]
    start = 5 + len(_STUDY)
    return Hand(
        study=_study(first[5:start]),
        has_news=bool(first[0]),
        unseen=first[1],
        known=first[2],
        suspended=first[3],
        open_review=first[4],
        cards=[_held_card(row[start:]) for row in rows if row.question_id is not None],
    )


def _held_card(values: Sequence[Any]) -> HeldCard:
    return HeldCard(values[0], _card(values[2:]), buried_until=values[1])


def _cards_in_play(account_id: int, held: Collection[int]) -> Any:
    return (
        select(ReviewCard.question_id, ReviewCard.buried_until, *_CARD)
        .join(Question, Question.id == ReviewCard.question_id)
        .join(Deck, Deck.id == Question.deck_id)
        .where(
            ReviewCard.account_id == account_id,
            ReviewCard.suspended_at.is_(None),
            Question.retired_at.is_(None),
            is_practised(held),
        )
        .subquery()
    )


def _count(account_id: int, *, is_suspended: bool = False) -> ScalarSelect[int]:
    cards = select(func.count()).where(ReviewCard.account_id == account_id)
    if is_suspended:
        cards = cards.where(ReviewCard.suspended_at.is_not(None))
    return cards.scalar_subquery()


def _open_review(account_id: int) -> ScalarSelect[str]:
    return (
        select(Attempt.public_id)
        .where(
            Attempt.account_id == account_id,
            Attempt.mode == Mode.REVIEW,
            Attempt.ended_at.is_(None),
        )
        .order_by(Attempt.started_at.desc(), Attempt.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _unseen(account_id: int, held: Collection[int]) -> Select[Any]:
    """Questions without a card, of the decks in which the learner has one."""
    begun = (
        select(Question.deck_id)
        .join(ReviewCard, ReviewCard.question_id == Question.id)
        .where(ReviewCard.account_id == account_id)
    )
    known = select(ReviewCard.question_id).where(ReviewCard.account_id == account_id)
    return (
        select(Question.id)
        .join(Deck, Deck.id == Question.deck_id)
        .where(
            Deck.id.in_(begun),
            Question.id.not_in(known),
            Question.retired_at.is_(None),
            is_practised(held),
        )
    )


def unseen_questions(
    session: Session, account_id: int, held: Collection[int], limit: int
) -> list[int]:
    """Questions never answered, of the decks begun, in the authors' order."""
    return list(
        session.scalars(
            _unseen(account_id, held)
            .order_by(Deck.position, Deck.id, Question.position, Question.id)
            .limit(limit)
        )
    )


@dataclass(frozen=True, slots=True)
class Served:
    """The version of a question that is served now, and the passages it is drawn from."""

    version_id: int
    passages: frozenset[int]


def served_versions(session: Session, question_ids: Collection[int]) -> dict[int, Served]:
    """By question, what is served of it now; a statement for each few hundred questions."""
    versions: dict[int, int] = {}
    passages: dict[int, set[int]] = defaultdict(set)
    for some in batches(question_ids):
        rows = session.execute(
            select(QuestionVersion.question_id, QuestionVersion.id, VersionPassage.passage_id)
            .outerjoin(VersionPassage, VersionPassage.version_id == QuestionVersion.id)
            .where(QuestionVersion.question_id.in_(some), QuestionVersion.is_current)
        )
        for question_id, version_id, passage_id in rows:
            versions[question_id] = version_id
            if passage_id:
                passages[question_id].add(passage_id)
    return {q: Served(version, frozenset(passages[q])) for q, version in versions.items()}


@dataclass(frozen=True, slots=True)
class Answered:
    """When an item was answered, how long that took, and whether none of its attempt was since."""

    at: datetime
    elapsed_ms: int | None
    is_newest: bool


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known about the question of one item: the learner's card of it if there is one,
    the answer to this very item, and whether the question was changed since the card's last."""

    study: Study
    card: Card | None
    is_suspended: bool
    buried_until: datetime | None
    answered: Answered | None
    is_changed: bool

    def card_after(self, answer: Answer) -> Card:
        """The card with this answer to the item in it, as taking it in will make it.

        ValueError where the item was not answered.
        """
        if self.answered is None:
            raise ValueError("the item was not answered")
        if self.card and self.card.last_review >= self.answered.at:
            return self.card
        return review(self.card, answer, self.answered.at, self.study.settings)[0]


def memory_of(session: Session, account_id: int, item_id: int) -> Memory:
    """What an account remembers of what this item of theirs asks; one statement.

    NoResultFound where there is no such item.
    """
    row = session.execute(
        select(
            Response.answered_at,
            Response.elapsed_ms,
            _is_newest(),
            QuestionVersion.created_at,
            ReviewCard.suspended_at,
            ReviewCard.buried_until,
            *_CARD,
            *_STUDY,
        )
        .select_from(Item)
        .join(QuestionVersion, QuestionVersion.id == Item.version_id)
        .outerjoin(Response, Response.item_id == Item.id)
        .outerjoin(
            ReviewCard,
            (ReviewCard.question_id == QuestionVersion.question_id)
            & (ReviewCard.account_id == account_id),
        )
        .outerjoin(StudySettings, StudySettings.account_id == account_id)
        .where(Item.id == item_id)
    ).one()
    answered_at, elapsed_ms, is_newest, made_at, suspended_at, buried_until, *rest = row
    card = _card(rest[: len(_CARD)]) if rest[0] else None
    return Memory(
        study=_study(rest[len(_CARD) :]),
        card=card,
        is_suspended=suspended_at is not None,
        buried_until=buried_until,
        answered=Answered(answered_at, elapsed_ms, bool(is_newest)) if answered_at else None,
        is_changed=card is not None and made_at > card.last_review,
    )


def _is_newest() -> ColumnElement[bool]:
    """Whether no other item of the attempt was answered after this one."""
    later, its_item = aliased(Response), aliased(Item)
    return ~(
        select(later.item_id)
        .join(its_item, its_item.id == later.item_id)
        .where(
            its_item.attempt_id == Item.attempt_id,
            tuple_(later.answered_at, later.item_id)
            > tuple_(Response.answered_at, Response.item_id),
        )
        .correlate(Item, Response)
        .exists()
    )


class Past(NamedTuple):
    """A response to a question in practice or review."""

    question_id: int
    version_id: int
    answered_at: datetime
    credit: Fraction
    certainty: int | None
    elapsed_ms: int | None


def responses_of(
    bind: Session | Connection, account_id: int, question_ids: Collection[int] | None = None
) -> list[Past]:
    """Someone's responses in practice and review to these questions or to all.

    Those to one question come oldest first; a statement for each few hundred questions.
    """
    own = (
        select(
            QuestionVersion.question_id,
            Item.version_id,
            Response.answered_at,
            Response.credit,
            Response.certainty,
            Response.elapsed_ms,
        )
        .select_from(Attempt)
        .join(Item, Item.attempt_id == Attempt.id)
        .join(Response, Response.item_id == Item.id)
        .join(QuestionVersion, QuestionVersion.id == Item.version_id)
        .where(Attempt.account_id == account_id, NOT_GRADED)
        .order_by(Response.answered_at, Response.item_id)
    )
    # The sum keeps databases from starting at the question, with everybody's answers to it.
    question = QuestionVersion.question_id + 0
    portions = [None] if question_ids is None else batches(question_ids)
    statements = [own if some is None else own.where(question.in_(some)) for some in portions]
    return [Past(*row) for statement in statements for row in bind.execute(statement)]


def cards_of(bind: Session | Connection, account_id: int) -> dict[int, Card]:
    """Every card of someone, by question."""
    rows = bind.execute(
        select(ReviewCard.question_id, *_CARD).where(ReviewCard.account_id == account_id)
    )
    return {row[0]: _card(row[1:]) for row in rows}


def cards_told(session: Session, account_id: int) -> list[ReviewCard]:
    """Every card of someone with question and deck, in the authors' order."""
    return list(
        session.scalars(
            select(ReviewCard)
            .join(ReviewCard.question)
            .join(Question.deck)
            .where(ReviewCard.account_id == account_id)
            .options(contains_eager(ReviewCard.question).contains_eager(Question.deck))
            .order_by(Deck.position, Deck.id, Question.position, Question.id)
        )
    )


def cards_set_aside(session: Session, account_id: int, now: datetime) -> list[ReviewCard]:
    """Cards that are suspended, or put off beyond now, with question and deck."""
    return list(
        session.scalars(
            select(ReviewCard)
            .join(ReviewCard.question)
            .join(Question.deck)
            .where(
                ReviewCard.account_id == account_id,
                or_(ReviewCard.suspended_at.is_not(None), ReviewCard.buried_until > now),
            )
            .options(contains_eager(ReviewCard.question).contains_eager(Question.deck))
            .order_by(Deck.position, Deck.id, Question.position, Question.id)
        )
    )


def question_set_aside(session: Session, account_id: int, deck: str, slug: str) -> int | None:
    """The question with these slugs, None where the learner has no card of it."""
    return session.scalar(
        select(Question.id)
        .join(Deck, Deck.id == Question.deck_id)
        .join(ReviewCard, ReviewCard.question_id == Question.id)
        .where(Deck.slug == deck, Question.slug == slug, ReviewCard.account_id == account_id)
    )


def stems_of(session: Session, question_ids: Collection[int]) -> dict[int, str]:
    """The stems that questions have now, by question."""
    rows = session.execute(
        select(QuestionVersion.question_id, QuestionVersion.stem).where(
            QuestionVersion.question_id.in_(question_ids), QuestionVersion.is_current
        )
    )
    return {row[0]: row[1] for row in rows}


def learners(session: Session) -> list[int]:
    """Every account that has a card, or an answer in practice or review."""
    answered = select(Attempt.account_id).where(Attempt.answered > 0, NOT_GRADED)
    rows = session.scalars(answered.union(select(ReviewCard.account_id)))
    return sorted(rows)


def questions_in_news(bind: Session | Connection, attempt_ids: Collection[int]) -> set[int]:
    """Questions whose cards may be changed by these attempts: those answered in them and, where
    an answer was taken back, those asked."""
    rows = bind.scalars(
        select(QuestionVersion.question_id)
        .join(Item, Item.version_id == QuestionVersion.id)
        .join(Attempt, Attempt.id == Item.attempt_id)
        .outerjoin(Response, Response.item_id == Item.id)
        .where(
            Attempt.id.in_(attempt_ids),
            or_(Response.item_id.is_not(None), Attempt.folded == TAKEN_BACK),
        )
    )
    return set(rows)


def students_of(session: Session, class_public_id: str) -> list[int]:
    """The accounts enrolled in a class; nobody where there is no such class."""
    return list(
        session.scalars(
            select(Enrolment.account_id)
            .join(Class, Class.id == Enrolment.class_id)
            .where(Class.public_id == class_public_id, Enrolment.removed_at.is_(None))
            .order_by(Enrolment.account_id)
        )
    )
