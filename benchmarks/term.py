"""A database with a term's worth of learners and answers in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.orm import Session

from quizapp import question_folder
from quizapp.db import migrate
from quizapp.db.engine import make_engine
from quizapp.db.models import Account, Attempt, Item, QuestionVersion, Response, Role
from quizapp.db.queries.attempts import letters
from quizapp.db.queries.versions import questions_of_versions
from quizapp.db.transactions import writing
from quizapp.domain import checking, drawing, grading
from quizapp.domain.marks import Mark, mark_of
from quizapp.domain.questions import Question
from quizapp.domain.tokens import token
from quizapp.operations import library, tallies

ITEMS = 12
"""Questions of an attempt, at most; fewer where the bank has fewer."""

BEGAN = datetime(2026, 2, 2, 8, tzinfo=UTC)
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """An attempt that nobody has answered anything of yet, and whose it is."""

    session_key: str
    public_id: str
    size: int


def fill(url: str, questions: Path, learners: int, seed: int = 1) -> list[OpenAttempt]:
    """Make the schema, load the questions, and give each learner one finished and one open attempt.

    Returns the open ones.
    """
    migrate.upgrade(url)
    engine = make_engine(url)
    try:
        _load(engine, questions)
        return _learners(engine, learners, Random(seed))
    finally:
        engine.dispose()


def _load(engine: Engine, folder: Path) -> None:
    bank = question_folder.load(folder)
    with Session(engine) as session:
        library.sync(session, bank, checking.check(bank).by_file(), BEGAN)


def _learners(engine: Engine, learners: int, random: Random) -> list[OpenAttempt]:
    with Session(engine) as session:
        current = session.scalars(select(QuestionVersion.id).where(QuestionVersion.is_current))
        questions = questions_of_versions(session, current.all())
    accounts = [
        {"session_key": token(random, 256), "role": Role.LEARNER, "created_at": BEGAN}
        for _ in range(learners)
    ]
    writer = _Writer(random, questions)
    with writing(engine) as connection:
        _insert(connection, Account, accounts)
        ids = connection.scalars(select(Account.id).order_by(Account.id)).all()
        for account_id in ids:
            writer.finished_attempt(account_id)
            writer.open_attempt(account_id)
        writer.write(connection)
    with Session(engine) as session:
        tallies.rebuild(session)
    opened = [attempt for attempt in writer.attempts if attempt["ended_at"] is None]
    return [
        OpenAttempt(account["session_key"], attempt["public_id"], attempt["size"])
        for account, attempt in zip(accounts, opened, strict=True)
    ]


class _Writer:
    """Rows to insert, with ids of their own: the database was empty."""

    def __init__(self, random: Random, questions: dict[int, Question]) -> None:
        self._random = random
        self._questions = questions
        self.attempts: list[dict[str, Any]] = []
        self._items: list[dict[str, Any]] = []
        self._responses: list[dict[str, Any]] = []

    def open_attempt(self, account_id: int) -> None:
        items = self._draw()
        self._add(account_id, Mark.OPEN * len(items), Fraction(0), None)

    def finished_attempt(self, account_id: int) -> None:
        items = self._draw()
        earned = [self._answer(item) for item in items]
        marks = "".join(mark_of(grading.verdict(credit)) for credit in earned)
        self._add(account_id, marks, sum(earned, Fraction(0)), BEGAN + timedelta(hours=1))

    def write(self, connection: Connection) -> None:
        _insert(connection, Attempt, self.attempts)
        _insert(connection, Item, self._items)
        _insert(connection, Response, self._responses)

    def _draw(self) -> list[dict[str, Any]]:
        drawn = drawing.sample(list(self._questions), ITEMS, self._random)
        items = [
            {
                "id": len(self._items) + position,
                "attempt_id": len(self.attempts) + 1,
                "position": position,
                "version_id": version,
                "choice_order": letters(
                    drawing.choice_order(self._questions[version], self._random)
                ),
            }
            for position, version in enumerate(drawn, start=1)
        ]
        self._items += items
        return items

    def _answer(self, item: dict[str, Any]) -> Fraction:
        question = self._questions[item["version_id"]]
        chosen = self._random.randrange(len(question.choices))
        earned = grading.credit(frozenset({chosen}), question.keys)
        self._responses.append(
            {
                "item_id": item["id"],
                "chosen": letters([chosen]),
                "certainty": self._random.choice([None, 1, 2, 3]),
                "credit": earned,
                "answered_at": BEGAN + timedelta(minutes=item["position"]),
                "elapsed_ms": self._random.randrange(2_000, 90_000),
            }
        )
        return earned

    def _add(
        self, account_id: int, marks: str, credit: Fraction, ended_at: datetime | None
    ) -> None:
        self.attempts.append(
            {
                "id": len(self.attempts) + 1,
                "public_id": token(self._random, 128),
                "account_id": account_id,
                "start_key": token(self._random, 128),
                "mode": "practice",
                "title": "The mutual-defence clause",
                "deck_id": None,
                "size": len(marks),
                "marks": marks,
                "answered": len(marks) if ended_at else 0,
                "credit": credit,
                "started_at": BEGAN,
                "ended_at": ended_at,
            }
        )


def _insert(connection: Connection, model: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    for batch in _batches(iter(rows)):
        connection.execute(insert(model), batch)


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
