"""Database time of item analysis and gradebook, with few and with ten times as many responses.

Each read is measured on both databases in turn. The gradebook, the class and the assignment are
as large in both, and what is around them grows; the deck is answered ten times as often. Before
that the tallies are compared with sums made plainly from the responses: `python -m
benchmarks.analysis` takes a few minutes for 100,000 and 1,000,000 responses.
"""

import gc
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import click
from sqlalchemy import Integer, func, select, type_coerce
from sqlalchemy.orm import Session

from benchmarks import report
from benchmarks.figures import Block, Bounds, Figure, contest, figure
from benchmarks.graded import Filled, fill
from benchmarks.sizes import SMALLEST, Sizes
from quizapp.db.engine import make_engine
from quizapp.db.models import Attempt, Item, ItemTally, Response, Scope
from quizapp.db.queries import gradebook
from quizapp.db.queries.statistics import (
    quiz_of,
    quizzes_of_class,
    regrades_in_force,
    tallies_in,
    tallies_of_deck,
)
from quizapp.db.queries.versions import questions_of_versions
from quizapp.db.types import CREDIT_UNIT
from quizapp.domain.analysis.tally import ItemTally as Tally
from quizapp.paths import shipped

GROWTH = Bounds(must=1.5, aim=1.1)
_CALLS = 3

Read = Callable[[Session, Filled], object]


@click.command()
@click.option("--quick", is_flag=True, help="Do as little as possible: a trial, no figures.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON in place of the table.")
def main(*, quick: bool, as_json: bool) -> None:
    """Fill two databases and print how much slower the reads are on the larger one."""
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        found = figures(Path(place), SMALLEST if quick else Sizes())
    click.echo(report.as_json(found) if as_json else report.as_table(found))


def figures(place: Path, sizes: Sizes) -> list[Figure]:
    """How long it took to fill the larger database, and how each read grows."""
    few = _filled(place / "few.sqlite3", sizes.responses)
    many = _filled(place / "many.sqlite3", 10 * sizes.responses)
    engines = [make_engine(each.url) for each, _ in (few, many)]
    with Session(engines[0]) as small, Session(engines[1]) as large:
        for session in (small, large):
            check(session)
        grown = [
            _growth(name, read, (small, few[0]), (large, many[0]), sizes.growth_blocks)
            for name, read in READS.items()
        ]
    for engine in engines:
        engine.dispose()
    return [
        figure(f"filling {many[0].responses} responses, tallies with them", "s", [many[1]]),
        *grown,
    ]


def _filled(file: Path, responses: int) -> tuple[Filled, float]:
    began = time.perf_counter()
    return fill(f"sqlite:///{file}", shipped("questions"), responses), time.perf_counter() - began


def check(session: Session) -> None:
    """Compare the tallies over everything with sums made plainly from the rows.

    Raises AssertionError where they differ by anything.
    """
    tallies = session.execute(
        select(ItemTally.version_id, ItemTally.tally).where(
            ItemTally.scope == Scope.EVERYTHING.value, ItemTally.is_first
        )
    )
    kept = {version: _sums(Tally.from_dict(tally)) for version, tally in tallies}
    if kept != plain_sums(session):
        raise AssertionError("the tallies are not what the responses come to")


Sums = tuple[int, Fraction, Fraction, Fraction, Fraction]
"""Answers, credit, its square, the mean credit of the others, and its product with the credit."""


def _sums(tally: Tally) -> Sums:
    squares = sum((credit**2 * n for credit, n in tally.credits.items()), Fraction(0))
    rests = sum(tally.rest_sums.values(), Fraction(0))
    return tally.answered, tally.credit_sum, squares, rests, tally.products


def plain_sums(session: Session) -> dict[int, Sums]:
    """By version, the same from the responses, added up by the database in whole units."""
    credit = type_coerce(Item.credit, Integer)
    others = type_coerce(Attempt.credit, Integer) - credit
    rows = session.execute(
        select(
            Item.version_id,
            Attempt.size,
            func.count(Response.item_id),
            func.sum(credit),
            func.sum(credit * credit),
            func.sum(others),
            func.sum(credit * others),
        )
        .join(Attempt, Attempt.id == Item.attempt_id)
        .join(Response, Response.item_id == Item.id)
        .group_by(Item.version_id, Attempt.size)
    )
    unit = CREDIT_UNIT
    return {
        version: (
            n,
            Fraction(credits_, unit),
            Fraction(squares, unit**2),
            Fraction(rests, unit * (size - 1)),
            Fraction(products, unit**2 * (size - 1)),
        )
        for version, size, n, credits_, squares, rests, products in rows
    }


def _of_assignment(session: Session, filled: Filled) -> object:
    tallies = tallies_in(session, Scope.ASSIGNMENT, filled.assignment_id, is_first=True)
    return (
        questions_of_versions(session, [each.version_id for each in tallies]),
        regrades_in_force(session, filled.assignment_id),
        quiz_of(session, filled.assignment_id, is_first=True),
    )


def _of_class(session: Session, filled: Filled) -> object:
    tallies = tallies_in(session, Scope.CLASS, filled.class_id, is_first=True)
    return (
        questions_of_versions(session, [each.version_id for each in tallies]),
        quizzes_of_class(session, filled.class_id, is_first=True),
    )


def _of_deck(session: Session, filled: Filled) -> object:
    tallies = tallies_of_deck(session, filled.deck_id, is_first=True)
    return questions_of_versions(session, [each.version_id for each in tallies])


def _gradebook(session: Session, filled: Filled) -> object:
    columns = gradebook.columns_of(session, filled.class_id)
    return (
        gradebook.works_of(session, [column.assignment_id for column in columns]),
        gradebook.accommodations_of(session, filled.class_id),
        gradebook.excused_of(session, filled.class_id),
        gradebook.students_of(session, filled.class_id),
    )


READS: dict[str, Read] = {
    "analysis of an assignment": _of_assignment,
    "analysis of a class": _of_class,
    "analysis of a deck, all classes": _of_deck,
    "gradebook of a class": _gradebook,
}


def _growth(
    name: str,
    read: Read,
    small: tuple[Session, Filled],
    large: tuple[Session, Filled],
    blocks: int,
) -> Figure:
    result = contest(_block(read, *large), _block(read, *small), blocks)
    return figure(name, "x", result.ratios, GROWTH, result.costs())


def _block(read: Read, session: Session, filled: Filled) -> Block:
    def run() -> float:
        gc.collect()
        began = time.perf_counter()
        for _ in range(_CALLS):
            read(session, filled)
            session.rollback()
        return (time.perf_counter() - began) / _CALLS

    return run


if __name__ == "__main__":
    main()
