"""What a question page costs the processor, next to the least that Flask can answer."""

import time
from itertools import cycle, islice
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
    pages = Browser(stage.app).pages(stage.attempts)
    hello = [Call("/")]
    plain = contest(
        _wsgi(stage.app, pages, sizes), _wsgi(bare := flask_app(), hello, sizes), sizes.blocks
    )
    packed = contest(
        _wsgi(stage.app, pages, sizes, BROWSER_CODINGS),
        _wsgi(bare, hello, sizes, BROWSER_CODINGS),
        sizes.blocks,
    )
    tested = contest(
        _test_client(stage.app, pages, sizes), _test_client(bare, hello, sizes), sizes.blocks
    )
    return [
        figure("question page, CPU / bare response", "x", plain.ratios, BOUNDS, plain.costs()),
        figure("  the same, compressed", "x", packed.ratios, detail=packed.costs()),
        figure("  the same, by Flask's test client", "x", tested.ratios, detail=tested.costs()),
    ]


def _wsgi(
    app: Flask, calls: list[Call], sizes: Sizes, more: dict[str, str] | None = None
) -> Block:
    prepared = cycle([made.environ() | (more or {}) for made in calls])

    def block() -> float:
        environs: list[dict[str, Any]] = [dict(e) for e in islice(prepared, sizes.calls)]
        began = time.process_time()
        statuses = [call(app, environ) for environ in environs]
        spent = time.process_time() - began
        _expect("200 OK", statuses)
        return spent / sizes.calls

    return block


def _test_client(app: Flask, calls: list[Call], sizes: Sizes) -> Block:
    client = app.test_client(use_cookies=False)
    prepared = cycle(calls)

    def block() -> float:
        wanted = list(islice(prepared, sizes.calls))
        began = time.process_time()
        statuses = [
            client.get(made.path, headers={"Cookie": made.cookie}).status for made in wanted
        ]
        spent = time.process_time() - began
        _expect("200 OK", statuses)
        return spent / sizes.calls

    return block


def _expect(status: str, statuses: list[str]) -> None:
    wrong = set(statuses) - {status}
    if wrong:
        raise WrongAnswer(f"expected {status}, got {wrong}")
