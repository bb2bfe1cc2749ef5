"""All figures: `python -m benchmarks`, with `--json` for machines."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from benchmarks import analysis, due_queue, durable_answer, flaws, question_page, report, serving
from benchmarks.apps import staged
from benchmarks.figures import Bounds, Figure, figure
from benchmarks.rows import PostgresRows, SqliteRows
from benchmarks.sizes import SMALLEST, Sizes
from tests.support.postgres import running_postgres

INSTANCE = Path(__file__).resolve().parents[1] / "instance"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON in place of the table.")
@click.option("--quick", is_flag=True, help="Do as little as possible: a trial, no figures.")
@click.option(
    "--only",
    type=click.Choice(["page", "sqlite", "postgres", "server", "flaws", "analysis", "review"]),
    multiple=True,
)
def main(*, as_json: bool, quick: bool, only: tuple[str, ...]) -> None:
    """Measure the app against bare baselines and print what came of it."""
    sizes = SMALLEST if quick else Sizes()
    parts = {
        "page": page,
        "sqlite": answer_on_sqlite,
        "postgres": answer_on_postgres,
        "server": server,
        "flaws": flaw_checker,
        "analysis": item_analysis,
        "review": due,
    }
    found = [one for name in only or parts for one in parts[name](sizes)]
    click.echo(report.as_json(found) if as_json else report.as_table(found))


def page(sizes: Sizes) -> list[Figure]:
    """The question page, on SQLite."""
    with folder() as place:
        return question_page.figures(staged(place, _sqlite(place), sizes.learners), sizes)


def answer_on_sqlite(sizes: Sizes) -> list[Figure]:
    """The durable answer on SQLite with synchronous = FULL."""
    with folder() as place:
        stage = staged(place, _sqlite(place), sizes.learners)
        rows = SqliteRows(place / "rows.sqlite3")
        return durable_answer.figures(
            "durable answer, SQLite", stage, rows.commit, sizes, durable_answer.ON_SQLITE
        )


def answer_on_postgres(sizes: Sizes) -> list[Figure]:
    """The durable answer on a PostgreSQL server of its own."""
    with folder() as place, running_postgres() as postgres:
        with postgres.connect() as connection:
            connection.execute("CREATE DATABASE answers")
            connection.execute("CREATE DATABASE rows")
        stage = staged(place, postgres.url("answers"), sizes.learners)
        rows = PostgresRows(postgres.url("rows"))
        return durable_answer.figures(
            "durable answer, PostgreSQL", stage, rows.commit, sizes, durable_answer.ON_POSTGRES
        )


def server(sizes: Sizes) -> list[Figure]:
    """The real server on SQLite."""
    with folder() as place:
        return serving.figures(staged(place, _sqlite(place), sizes.learners), sizes)


def due(sizes: Sizes) -> list[Figure]:
    """The review page of a learner with many cards among many others'."""
    with folder() as place:
        return due_queue.figures(place, sizes)


def flaw_checker(_sizes: Sizes) -> list[Figure]:
    """The flaw checker on 10,000 generated questions."""
    measured = flaws.measure()
    return [
        figure("check of 10,000 questions", "s", [measured["seconds_10000"]], Bounds(must=10.0)),
        figure("  its time per question / at 1,000", "x", [measured["growth"]]),
    ]


def item_analysis(sizes: Sizes) -> list[Figure]:
    """Item analysis and gradebook with ten times as many responses, on SQLite."""
    with folder() as place:
        return analysis.figures(place, sizes)


@contextmanager
def folder() -> Iterator[Path]:
    """An instance folder for the time of the block, on the disk where the app keeps its own:
    a temporary folder may lie in memory, where nothing is durable and everything is quick."""
    INSTANCE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=INSTANCE) as place:
        yield Path(place)


def _sqlite(place: Path) -> str:
    return f"sqlite:///{place / 'quizapp.sqlite3'}"


if __name__ == "__main__":
    main()
