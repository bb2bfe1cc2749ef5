"""Whether what is counted agrees with the answers that are kept."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from quizapp.db.engine import make_engine
from quizapp.db.models import Attempt, Choice, Item, Response
from quizapp.db.queries.attempts import from_letters
from quizapp.domain.grading import credit, verdict
from quizapp.domain.marks import Mark, mark_of
from quizapp.operations.tallies import wrong_tallies


@contextmanager
def reading(database_url: str) -> Iterator[Session]:
    """A session on a database that nobody is serving just now."""
    engine = make_engine(database_url)
    with Session(engine) as session:
        yield session
    engine.dispose()


def contradictions(session: Session) -> list[str]:
    """Everything counted that differs from the answers, one sentence each."""
    attempts = session.scalars(
        select(Attempt).options(selectinload(Attempt.items).selectinload(Item.response))
    ).all()
    choices = session.scalars(select(Choice)).all()
    return [
        *(f"version {version} is miscounted" for version in wrong_tallies(session)),
        *_wrong_attempts(attempts),
        *_wrong_choices(choices, [item for attempt in attempts for item in attempt.items]),
    ]


def _wrong_attempts(attempts: Sequence[Attempt]) -> Iterator[str]:
    for attempt in attempts:
        given = [item.response for item in attempt.items if item.response]
        expected = (
            len(given),
            sum((response.credit for response in given), Fraction(0)),
            "".join(_mark(item.response) for item in attempt.items),
            len(given) == attempt.size,
        )
        kept = (attempt.answered, attempt.credit, attempt.marks, attempt.ended_at is not None)
        if kept != expected:
            yield f"attempt {attempt.id} says {kept}, its answers {expected}"


def _mark(response: Response | None) -> Mark:
    return mark_of(verdict(response.credit)) if response else Mark.OPEN


def _wrong_choices(choices: Sequence[Choice], items: list[Item]) -> Iterator[str]:
    picked = Counter[tuple[int, int]]()
    keys = {item.version_id: set[int]() for item in items}
    for choice in choices:
        if choice.is_key and choice.version_id in keys:
            keys[choice.version_id].add(choice.position)
    for item in items:
        if item.response:
            chosen = frozenset(from_letters(item.response.chosen))
            picked.update((item.version_id, position) for position in chosen)
            if item.response.credit != credit(chosen, frozenset(keys[item.version_id])):
                yield f"item {item.id} earned {item.response.credit}"
    for choice in choices:
        if choice.chosen != picked[choice.version_id, choice.position]:
            yield f"choice {choice.position} of version {choice.version_id} is miscounted"
