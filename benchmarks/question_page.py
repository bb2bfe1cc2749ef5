"""What a question page costs the processor, next to the least that Flask can answer."""

import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice, repeat
from typing import Any

from flask import Flask

from benchmarks.apps import Stage
from benchmarks.bare import flask_app
from benchmarks.calls import Browser, Call, WrongAnswer, call
from benchmarks.figures import Block, Bounds, Figure, contest, figure
from benchmarks.sizes import Sizes

BOUNDS = Bounds(must=4.5, aim=2.5)
BROWSER_CODINGS = {"HTTP_ACCEPT_ENCODING": "gzip, br, zstd"}


def figures(stage: Stage, sizes: Sizes) -> list[Figure]:
    """CPU of a question page / of a bare response, database included: by plain WSGI calls (as
    servers make them), compressed as for a browser, and through Flask's test client."""
    pages = Browser(stage.app).pages(cycle(stage.attempts))
    hello = repeat(Call("/"))
    bare = flask_app()

    def compared(name: str, way: Callable[[Flask, Iterator[Call], int], Block]) -> Figure:
        result = contest(
            way(stage.app, pages, sizes.calls), way(bare, hello, sizes.calls), sizes.blocks
        )
        return figure(
            f"question page, CPU / bare response, {name}",
            "x",
            result.ratios,
            BOUNDS,
            result.costs(),
        )

    return [
        compared("WSGI", _by_wsgi),
        compared("WSGI, compressed", _by_wsgi_compressed),
        compared("test client", _by_test_client),
    ]


def _by_wsgi(app: Flask, calls: Iterator[Call], number: int) -> Block:
    return _timed(lambda environ: call(app, environ), (made.environ() for made in calls), number)


def _by_wsgi_compressed(app: Flask, calls: Iterator[Call], number: int) -> Block:
    environs = (made.environ() | BROWSER_CODINGS for made in calls)
    return _timed(lambda environ: call(app, environ), environs, number)


def _by_test_client(app: Flask, calls: Iterator[Call], number: int) -> Block:
    client = app.test_client(use_cookies=False)
    requests = ((made.path, {"Cookie": made.cookie}) for made in calls)
    return _timed(lambda made: client.get(made[0], headers=made[1]).status, requests, number)


def _timed(ask: Callable[[Any], str], prepared: Iterator[Any], number: int) -> Block:
    def block() -> float:
        requests = list(islice(prepared, number))
        began = time.process_time()
        statuses = [ask(request) for request in requests]
        spent = time.process_time() - began
        if statuses != ["200 OK"] * number:
            raise WrongAnswer(f"not every page was served: {set(statuses)}")
        return spent / number

    return block
