"""Figures of the server as an operator starts it, with clients that are processes of their own."""

import sqlite3
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks import memory, page_weight
from benchmarks.apps import SECRET, Stage
from benchmarks.calls import Browser, Call, WrongAnswer
from benchmarks.crowd import Commits, Done, Posts, crowd
from benchmarks.figures import Bounds, Figure, figure, percentile
from benchmarks.rows import SqliteRows
from benchmarks.sizes import Sizes
from quizapp.server import WORKER_THREADS
from tests.support.server import Server, running_server

CAPACITY = Bounds(must=0.25, aim=0.55, at_least=True)
TAIL = Bounds(must=4.0, aim=2.5)
SECOND_START = Bounds(must=3.0)
CLIENT_PROCESSES = 2
CLIENTS = 32


def figures(stage: Stage, sizes: Sizes) -> list[Figure]:
    """Capacity, tail, start-up time, memory and page weight of `quizapp run` on SQLite."""
    folder = stage.settings.instance
    settings = {"secret_key": SECRET, "database_url": stage.settings.database_url}
    with running_server(folder, **settings):
        pass  # the first start, which writes what later ones find
    started = [_seconds_to_answer(folder, settings) for _ in range(sizes.starts)]
    with running_server(folder, **settings) as server:
        light = page_weight.figures(server.port, stage.app, stage.attempts.pop())
        rush = _rush(server, stage, sizes)
        heavy = memory.figures(server.process.pid)
    return [
        *rush,
        figure("second start, to the first answer", "s", started, SECOND_START),
        *heavy,
        *light,
    ]


def _seconds_to_answer(folder: Path, settings: dict[str, str]) -> float:
    began = time.monotonic()
    with running_server(folder, **settings):
        return time.monotonic() - began


def _rush(server: Server, stage: Stage, sizes: Sizes) -> list[Figure]:
    """Answers from 32 clients and bare commits by as many processes and threads as the server
    has, in turn. Each acknowledged answer is looked for in the database afterwards."""
    folder = stage.settings.instance
    answers = Browser(stage.app).answers(stage.attempts)
    commits = Commits(folder / "commits.sqlite3")
    SqliteRows(commits.file).close()
    before = _responses(stage)
    per_client = len(stage.attempts) * stage.attempts[0].size // CLIENTS // (sizes.crowd_blocks + 1)
    served: list[Done] = []
    bare: list[Done] = []
    for _ in range(sizes.crowd_blocks + 1):
        posts = Posts(server.port, tuple(_shares(answers, per_client)), b"303")
        served.append(crowd(posts, CLIENT_PROCESSES, CLIENTS // CLIENT_PROCESSES, sizes.seconds))
        bare.append(crowd(commits, stage.settings.workers, WORKER_THREADS, sizes.seconds))
    acknowledged = sum(len(done.took) for done in served)
    if _responses(stage) - before != acknowledged:
        raise WrongAnswer(
            f"{acknowledged} answers were acknowledged, {_responses(stage) - before} are kept"
        )
    return _figures(served[1:], bare[1:])  # the first block warms up


def _figures(served: list[Done], bare: list[Done]) -> list[Figure]:
    ratios = [ours.rate / base.rate for ours, base in zip(served, bare, strict=True)]
    p50 = [percentile(done.took, 0.5) for done in served]
    p99 = [percentile(done.took, 0.99) for done in served]
    tails = [slow / usual for slow, usual in zip(p99, p50, strict=True)]
    errors = sum(done.failed for done in served)
    rates = f"{served[0].rate:.0f}/s / {bare[0].rate:.0f}/s"
    return [
        figure("capacity, answers / bare commits a second", "x", ratios, CAPACITY, rates),
        figure(
            f"tail of {CLIENTS} clients, p99 / p50",
            "x",
            tails,
            TAIL,
            f"{p99[0] * 1e3:.0f} ms / {p50[0] * 1e3:.0f} ms",
        ),
        figure("errors among them", "", [float(errors)], Bounds(must=0.0)),
    ]


def _shares(answers: Iterator[Call], per_client: int) -> Iterator[tuple[bytes, ...]]:
    for _ in range(CLIENTS):
        yield tuple(made.wire() for made in islice(answers, per_client))


def _responses(stage: Stage) -> int:
    connection = sqlite3.connect(stage.settings.instance / "quizapp.sqlite3")
    try:
        return connection.execute("SELECT count(*) FROM response").fetchone()[0]
    finally:
        connection.close()
