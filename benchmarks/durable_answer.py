"""What a durable answer takes, next to a bare POST and a bare commit of a row as large."""

import time
from collections.abc import Callable, Iterator
from itertools import islice, repeat

from flask import Flask

from benchmarks.apps import Stage
from benchmarks.bare import flask_app
from benchmarks.calls import Ask, Browser, Call, WrongAnswer, by_test_client, by_wsgi
from benchmarks.figures import Block, Bounds, Figure, contest, figure
from benchmarks.sizes import Sizes

ON_SQLITE = Bounds(must=2.2, aim=1.6)
ON_POSTGRES = Bounds(must=1.5, aim=1.25)


def figures(
    name: str, stage: Stage, commit: Callable[[], None], sizes: Sizes, bounds: Bounds
) -> list[Figure]:
    """Wall time of an answer, from request to committed response / of a POST that does nothing
    followed by `commit`, which makes one row durable. Like the question page, by plain WSGI
    calls and through Flask's test client."""
    answers = Browser(stage.app).answers(stage.attempts)
    posts = repeat(Call("/", body=b"csrf_token=" + b"x" * 90 + b"&elapsed_ms=8123&choice=1"))
    bare = flask_app()

    def compared(way: str, ask: Callable[[Flask, Call], Ask]) -> Figure:
        result = contest(
            _timed(ask, stage.app, answers, sizes.calls, _nothing_more, "303 SEE OTHER"),
            _timed(ask, bare, posts, sizes.calls, commit, "200 OK"),
            sizes.blocks,
        )
        return figure(f"{name}, {way}", "x", result.ratios, bounds, result.costs())

    return [compared("WSGI", by_wsgi), compared("test client", by_test_client)]


def _timed(
    prepare: Callable[[Flask, Call], Ask],
    app: Flask,
    calls: Iterator[Call],
    number: int,
    then: Callable[[], None],
    expected: str,
) -> Block:
    def block() -> float:
        asks = [prepare(app, made) for made in islice(calls, number)]
        statuses: list[str] = []
        began = time.perf_counter()
        for ask in asks:
            statuses.append(ask())
            then()
        spent = time.perf_counter() - began
        if statuses != [expected] * number:
            raise WrongAnswer(f"not every answer was {expected}: {set(statuses)}")
        return spent / number

    return block


def _nothing_more() -> None:
    """The app has committed by the time it answers."""
