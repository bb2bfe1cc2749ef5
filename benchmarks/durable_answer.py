"""What a durable answer takes, next to a bare POST and a bare commit of a row as large."""

import time
from collections.abc import Callable, Iterator
from itertools import islice

from benchmarks.apps import Stage
from benchmarks.bare import flask_app
from benchmarks.calls import Browser, Call, WrongAnswer, call
from benchmarks.figures import Block, Bounds, Figure, contest, figure
from benchmarks.sizes import Sizes

ON_SQLITE = Bounds(must=2.2, aim=1.6)
ON_POSTGRES = Bounds(must=1.5, aim=1.25)


def measured(
    name: str, stage: Stage, commit: Callable[[], None], sizes: Sizes, bounds: Bounds
) -> Figure:
    """Wall time of an answer, from request to committed response / of a POST that does nothing
    followed by `commit`, which makes one row durable."""
    answers = Browser(stage.app).answers(stage.attempts)
    result = contest(
        _answers(stage, answers, sizes.calls), _bare_posts(commit, sizes.calls), sizes.blocks
    )
    return figure(name, "x", result.ratios, bounds, result.costs())


def _answers(stage: Stage, answers: Iterator[Call], calls: int) -> Block:
    def block() -> float:
        environs = [made.environ() for made in islice(answers, calls)]
        began = time.perf_counter()
        statuses = [call(stage.app, environ) for environ in environs]
        spent = time.perf_counter() - began
        if statuses != ["303 SEE OTHER"] * calls:
            raise WrongAnswer(f"not every answer was taken: {set(statuses)}")
        return spent / calls

    return block


def _bare_posts(commit: Callable[[], None], calls: int) -> Block:
    app = flask_app()
    answer = Call("/", body=b"csrf_token=" + b"x" * 90 + b"&elapsed_ms=8123&choice=1&certainty=2")

    def block() -> float:
        environs = [answer.environ() for _ in range(calls)]
        began = time.perf_counter()
        for environ in environs:
            call(app, environ)
            commit()
        return (time.perf_counter() - began) / calls

    return block
