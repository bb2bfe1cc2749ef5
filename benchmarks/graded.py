"""A database with many classes whose students handed in graded work."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import count, islice
from math import exp
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from quizapp import question_folder
from quizapp.db import migrate
from quizapp.db.engine import make_engine
from quizapp.db.models import (
    Account,
    Assignment,
    Attempt,
    Class,
    Deck,
    Enrolment,
    Item,
    Mode,
    Question,
    QuestionVersion,
    Response,
    Role,
)
from quizapp.db.queries.attempts import letters
from quizapp.db.queries.versions import questions_of_versions
from quizapp.db.transactions import writing
from quizapp.domain import checking, grading
from quizapp.domain.graded.policy import Policy
from quizapp.domain.questions import Question as Content
from quizapp.operations import library, statistics

STUDENTS, ASSIGNMENTS = 50, 10
"""Of every class, so that classes stay as large while their number grows."""

BEGAN = datetime(2026, 2, 2, 8, tzinfo=UTC)
_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Filled:
    """Where the database is, one of its classes and assignments, the deck that the first
    assignment of each class draws from, and the number of responses."""

    url: str
    class_id: int
    assignment_id: int
    deck_id: int
    responses: int


def fill(url: str, questions: Path, responses: int, seed: int = 1) -> Filled:
    """Make the schema, load the questions, and add classes until there are so many responses."""
    migrate.upgrade(url)
    engine = make_engine(url)
    try:
        with Session(engine) as session:
            bank = question_folder.load(questions)
            library.sync(session, bank, checking.check(bank).by_file(), BEGAN)
            writer = _Writer(Random(seed), _decks(session))
        with writing(engine) as connection:
            while writer.responses < responses:
                writer.add_class(connection)
        with Session(engine) as session:
            statistics.rebuild(session)
        return Filled(url, 1, 1, writer.decks[0][0], writer.responses)
    finally:
        engine.dispose()


_Deck = tuple[int, list[tuple[int, Content]]]
"""A deck's id, and its current versions with what they say."""


def _decks(session: Session) -> list[_Deck]:
    """The decks of which assignments are made."""
    rows = session.execute(
        select(Deck.id, QuestionVersion.id)
        .join(Question, Question.deck_id == Deck.id)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(QuestionVersion.is_current)
        .order_by(Deck.position, Deck.id, Question.position)
    ).all()
    contents = questions_of_versions(session, [version for _, version in rows])
    found: dict[int, list[tuple[int, Content]]] = {}
    for deck, version in rows:
        found.setdefault(deck, []).append((version, contents[version]))
    return list(found.items())


class _Writer:
    """Rows to insert, with ids of their own: the database was empty."""

    def __init__(self, random: Random, decks: Sequence[_Deck]) -> None:
        self._random = random
        self.decks = list(decks)
        self.responses = 0
        self._numbers = {name: count(1) for name in ("class", "account", "work", "attempt", "item")}

    def add_class(self, connection: Connection) -> None:
        """A class of students who have each done all its assignments."""
        class_id = next(self._numbers["class"])
        values = {"id": class_id, "public_id": f"class-{class_id}", "name": f"Class {class_id}"}
        connection.execute(insert(Class).values(**values, created_at=BEGAN))
        accounts = [next(self._numbers["account"]) for _ in range(STUDENTS)]
        works = [next(self._numbers["work"]) for _ in range(ASSIGNMENTS)]
        _insert(connection, Account, map(_account, accounts))
        _insert(connection, Enrolment, (_enrolment(class_id, account) for account in accounts))
        _insert(connection, Assignment, (_assignment(class_id, work) for work in works))
        attempts: list[dict[str, Any]] = []
        items: list[dict[str, Any]] = []
        responses: list[dict[str, Any]] = []
        for account in accounts:
            ability = self._random.gauss(0, 1)
            for place, work in enumerate(works):
                deck = self.decks[place % len(self.decks)]
                self._hand_in(account, work, deck, ability, (attempts, items, responses))
        for model, rows in ((Attempt, attempts), (Item, items), (Response, responses)):
            _insert(connection, model, rows)
        self.responses += len(responses)

    def _hand_in(
        self,
        account: int,
        work: int,
        deck: _Deck,
        ability: float,
        rows: tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]],
    ) -> None:
        attempts, items, responses = rows
        attempt, earned = next(self._numbers["attempt"]), Fraction(0)
        for position, (version, content) in enumerate(deck[1], start=1):
            item = next(self._numbers["item"])
            chosen = self._choose(content, ability, position / len(deck[1]))
            credit = grading.credit(chosen, content.keys)
            earned += credit
            items.append(_item(item, attempt, position, version, content, credit))
            seconds = self._random.randrange(2_000, 90_000)
            responses.append(_response(item, chosen, credit, seconds))
        attempts.append(_attempt(attempt, account, work, len(deck[1]), earned))

    def _choose(self, content: Content, ability: float, difficulty: float) -> frozenset[int]:
        """The keys, the likelier the abler the student and the easier the question."""
        if self._random.random() < 1 / (1 + exp(3 * difficulty - 2 - ability)):
            return content.keys
        return frozenset({self._random.randrange(len(content.choices))})


def _account(account: int) -> dict[str, Any]:
    key = f"session-key-{account}"
    return {"id": account, "session_key": key, "role": Role.LEARNER, "created_at": BEGAN}


def _enrolment(class_id: int, account: int) -> dict[str, Any]:
    name = f"Student {account}"
    return {"class_id": class_id, "account_id": account, "name": name, "joined_at": BEGAN}


def _assignment(class_id: int, work: int) -> dict[str, Any]:
    return {
        "id": work,
        "public_id": f"assignment-{work}",
        "class_id": class_id,
        "title": f"Assignment {work}",
        "instructions": "",
        "policy": Policy().as_dict(),
        "pools": [],
        "created_at": BEGAN,
        "published_at": BEGAN,
    }


def _item(
    item: int, attempt: int, position: int, version: int, content: Content, credit: Fraction
) -> dict[str, Any]:
    return {
        "id": item,
        "attempt_id": attempt,
        "position": position,
        "version_id": version,
        "choice_order": letters(range(len(content.choices))),
        "credit": credit,
        "worth": 1,
    }


def _response(
    item: int, chosen: frozenset[int], credit: Fraction, elapsed_ms: int
) -> dict[str, Any]:
    return {
        "item_id": item,
        "chosen": letters(sorted(chosen)),
        "certainty": None,
        "credit": credit,
        "answered_at": BEGAN,
        "elapsed_ms": elapsed_ms,
        "tries": 1,
    }


def _attempt(attempt: int, account: int, work: int, size: int, earned: Fraction) -> dict[str, Any]:
    return {
        "id": attempt,
        "public_id": f"attempt-{attempt}",
        "account_id": account,
        "start_key": f"{work}:start",
        "mode": Mode.GRADED,
        "title": f"Assignment {work}",
        "size": size,
        "marks": "a" * size,
        "answered": size,
        "credit": earned,
        "worth": size,
        "started_at": BEGAN,
        "ended_at": BEGAN + timedelta(minutes=20),
        "assignment_id": work,
        "number": 1,
    }


def _insert(connection: Connection, model: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    for batch in _batches(iter(rows)):
        connection.execute(insert(model), batch)


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch
