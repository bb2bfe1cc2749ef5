"""What a question page costs the processor, next to the least that Flask can answer."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle, islice, repeat

from flask import Flask

from benchmarks.apps import Stage
from benchmarks.bare import flask_app
from benchmarks.calls import (
    BROWSER_CODINGS,
    Ask,
    Browser,
    Call,
    WrongAnswer,
    by_test_client,
    by_wsgi,
)
from benchmarks.figures import Block, Bounds, Figure, contest, figure
from benchmarks.sizes import Sizes

BOUNDS = Bounds(must=4.5, aim=2.5)


def figures(stage: Stage, sizes: Sizes) -> list[Figure]:
    """CPU of a question page / of a bare response, database included: by plain WSGI calls (as
    servers make them), the same compressed for a browser, and through Flask's test client."""
    pages = Browser(stage.app).pages(cycle(stage.attempts))
    packed = (replace(page, codings=BROWSER_CODINGS) for page in pages)
    hello = repeat(Call("/"))
    bare = flask_app()

    def compared(way: str, ask: Callable[[Flask, Call], Ask], wanted: Iterator[Call]) -> Figure:
        result = contest(
            _timed(ask, stage.app, wanted, sizes.calls),
            _timed(ask, bare, hello, sizes.calls),
            sizes.blocks,
        )
        return figure(f"question page, {way}", "x", result.ratios, BOUNDS, result.costs())

    return [
        compared("WSGI", by_wsgi, pages),
        compared("WSGI, compressed", by_wsgi, packed),
        compared("test client", by_test_client, pages),
    ]


def _timed(
    prepare: Callable[[Flask, Call], Ask], app: Flask, calls: Iterator[Call], number: int
) -> Block:
    def block() -> float:
        asks = [prepare(app, made) for made in islice(calls, number)]
        began = time.process_time()
        statuses = [ask() for ask in asks]
        spent = time.process_time() - began
        if statuses != ["200 OK"] * number:
            raise WrongAnswer(f"not every page was served: {set(statuses)}")
        return spent / number

    return block
