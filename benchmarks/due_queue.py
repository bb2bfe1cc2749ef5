"""What the review page of one learner costs where everybody's cards become a hundred times more."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, Engine, event, insert
from sqlalchemy.orm import Session

from benchmarks.figures import Block, Bounds, Figure, contest, figure
from benchmarks.sizes import Sizes
from quizapp.db.engine import make_engine
from quizapp.db.migrate import upgrade
from quizapp.db.models import (
    Account,
    Choice,
    Deck,
    FileState,
    Question,
    QuestionFile,
    QuestionVersion,
    ReviewCard,
    Role,
)
from quizapp.db.transactions import writing
from quizapp.domain.tokens import token
from quizapp.operations.review_sessions import agenda

NOW = datetime(2026, 2, 2, 8, tzinfo=UTC)
LEARNER = 1
EACH = 200
"""Cards of every other learner."""

BATCH = 20_000
BOUNDS = Bounds(must=1.3, aim=1.1)


def figures(place: Path, sizes: Sizes) -> list[Figure]:
    """What is due for a learner with `own_cards`, all of them due, in a database with many cards
    / in one with few; the statements that takes."""
    few, many = (filled(place, cards, sizes.own_cards) for cards in (sizes.few, sizes.many))
    result = contest(_timed(many), _timed(few), sizes.blocks)
    name = f"due queue, {sizes.own_cards} cards of {sizes.many} / of {sizes.few}"
    figures = [figure(name, "x", result.ratios, BOUNDS, result.costs())]
    figures.append(figure("  its statements", "", [statements(many)], Bounds(must=2)))
    for engine in (few, many):
        engine.dispose()
    return figures


def _timed(engine: Engine) -> Block:
    def block() -> float:
        began = time.process_time()
        with Session(engine) as session:
            agenda(session, LEARNER, NOW)
        return time.process_time() - began

    return block


def statements(engine: Engine) -> int:
    """How many statements the agenda takes; the page needs one more to know who asks."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    with Session(engine) as session:
        agenda(session, LEARNER, NOW)
    event.remove(engine, "before_cursor_execute", note)
    return len([statement for statement in sent if statement.startswith("SELECT")])


def filled(place: Path, cards: int, own: int) -> Engine:
    """A SQLite database with so many cards in all, `own` of them the learner's."""
    url = f"sqlite:///{place / f'cards-{cards}.sqlite3'}"
    upgrade(url)
    engine = make_engine(url)
    random = Random(cards)
    others = max(0, cards - own) // EACH
    with writing(engine) as connection:
        _insert(connection, Account, (_account(random) for _ in range(1 + others)))
        _bank(connection, own)
        _insert(connection, ReviewCard, _cards(random, own, others))
    return engine


def _account(random: Random) -> dict[str, Any]:
    return {"session_key": token(random, 256), "role": Role.LEARNER, "created_at": NOW}


def _bank(connection: Connection, questions: int) -> None:
    connection.execute(
        insert(QuestionFile).values(
            id=1, name="cards.md", digest="", state=FileState.LIVE, findings=[], read_at=NOW
        )
    )
    words = {"topic": "", "summary": "", "language": "en"}
    connection.execute(
        insert(Deck).values(id=1, file_id=1, slug="cards", title="Cards", position=1, **words)
    )
    numbers = range(1, questions + 1)
    places = [{"id": n, "deck_id": 1, "slug": f"q{n}", "position": n, "line": n} for n in numbers]
    _insert(connection, Question, places)
    versions = [
        {
            "id": n,
            "question_id": n,
            "content_hash": str(n),
            "is_current": True,
            "stem": f"Question {n}?",
            "explanation": "",
            "shuffle": True,
            "created_at": NOW,
        }
        for n in numbers
    ]
    _insert(connection, QuestionVersion, versions)
    choices = [
        {"version_id": n, "position": p, "text": str(p), "is_key": p == 0, "feedback": ""}
        for n in numbers
        for p in range(4)
    ]
    _insert(connection, Choice, choices)


def _cards(random: Random, own: int, others: int) -> Iterator[dict[str, Any]]:
    for question in range(1, own + 1):
        yield _card(random, LEARNER, question, random.uniform(0, 90))
    for learner in range(LEARNER + 1, LEARNER + 1 + others):
        for question in random.sample(range(1, own + 1), min(EACH, own)):
            yield _card(random, learner, question, random.uniform(-90, 90))


def _card(random: Random, account: int, question: int, overdue_days: float) -> dict[str, Any]:
    due = NOW - timedelta(days=overdue_days)
    return {
        "account_id": account,
        "question_id": question,
        "stability": random.uniform(1, 60),
        "difficulty": random.uniform(1, 10),
        "due_at": due,
        "last_review_at": due - timedelta(days=random.uniform(1, 60)),
        "reps": random.randrange(1, 9),
        "lapses": 0,
        "last_credit": Fraction(random.randrange(2)),
        "last_certainty": random.choice([None, 1, 2, 3]),
    }


def _insert(connection: Connection, model: type[Any], rows: Any) -> None:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        connection.execute(insert(model), batch)
