"""What a server that is killed while learners answer leaves behind, and how it comes back."""

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from quizapp.db.models import Attempt, Item, Response
from tests.server.bookkeeping import contradictions, reading
from tests.server.processes import wait_until, workers_of
from tests.server.visitor import Visitor
from tests.support.server import Server, running_server

pytestmark = pytest.mark.slow

CYCLES = 50
LEARNERS = 6
WORKER_KILLED = 5
"""In one cycle of so many, a single worker is killed first."""


@dataclass
class Learner:
    """Someone who answers question after question, whatever happens to the server.

    `acknowledged` holds what the server confirmed: attempt, position, and the place on the page
    of the choice.
    """

    session: Visitor = field(default_factory=lambda: Visitor(0))
    attempt: str = ""
    token: str = ""
    position: int = 1
    acknowledged: list[tuple[str, int, int]] = field(default_factory=list)

    def answer_until(self, over: threading.Event, port: int, heard: threading.Semaphore) -> None:
        """Answer until it is over, trying again where the connection breaks."""
        self.session = self.session.at(port)
        while not over.is_set():
            try:
                self._answer_one()
            except (OSError, HTTPException):
                over.wait(0.01)
            else:
                heard.release()
        self.session.hang_up()

    def _answer_one(self) -> None:
        if not self.attempt:
            self.attempt, self.token = self.session.start("long")
            self.position = 1
        place = self.position % 3
        path = f"{self.attempt}/items/{self.position}/response"
        reply = self.session.post(path, csrf_token=self.token, choice=str(place))
        assert reply.status == 303, reply.body
        self.acknowledged.append((self.attempt.removeprefix("/attempts/"), self.position, place))
        self.position += 1
        if self.position > 100:
            self.attempt = ""


def test_fifty_kills_lose_and_double_no_acknowledged_answer(
    tmp_path: Path, long_deck: Path
) -> None:
    random = Random(50)
    database = f"sqlite:///{tmp_path}/quizapp.sqlite3"
    settings = {"database_url": database, "questions": str(long_deck)}
    learners = [Learner() for _ in range(LEARNERS)]
    for cycle in range(CYCLES):
        with (
            running_server(tmp_path / "instance", **settings) as server,
            answering(learners, server) as heard,
        ):
            if cycle % WORKER_KILLED == 0:
                _hear(heard, random.randint(1, 20))
                os.kill(min(workers_of(server)), signal.SIGKILL)
            _hear(heard, random.randint(1, 60))
            server.kill()
        with reading(database) as session:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
    with reading(database) as session:
        assert _lost(session, learners) == []
        assert contradictions(session) == []


def test_workers_that_are_killed_again_and_again_are_replaced(
    tmp_path: Path, long_deck: Path
) -> None:
    with running_server(tmp_path / "instance", questions=str(long_deck)) as server:
        learner = Visitor(server.port)
        attempt, token = learner.start("long")
        for position, victims in enumerate((1, 1, 2), start=1):
            _kill_workers(server, victims)
            wait_until(partial(_is_answered, learner, f"{attempt}/items/{position}", token))
        assert server.process.poll() is None
        learner.hang_up()


def _kill_workers(server: Server, victims: int) -> None:
    """Kill so many workers and wait until as many new ones are there."""
    before = workers_of(server)
    for victim in sorted(before)[-victims:]:
        os.kill(victim, signal.SIGKILL)
    wait_until(lambda: len(workers_of(server) - before) >= victims)


@contextmanager
def answering(learners: list[Learner], server: Server) -> Iterator[threading.Semaphore]:
    """Learners who answer during the block; the semaphore is released at each acknowledgement."""
    over, heard = threading.Event(), threading.Semaphore(0)
    with ThreadPoolExecutor(len(learners)) as pool:
        busy = [pool.submit(who.answer_until, over, server.port, heard) for who in learners]
        try:
            yield heard
        finally:
            over.set()
            for learner in busy:
                learner.result()


def _hear(heard: threading.Semaphore, times: int) -> None:
    for _ in range(times):
        assert heard.acquire(timeout=60), "no answer was acknowledged"


def _is_answered(learner: Visitor, item: str, token: str) -> bool:
    try:
        return learner.post(f"{item}/response", csrf_token=token, choice="0").status == 303
    except (OSError, HTTPException):
        return False


def _lost(session: Session, learners: list[Learner]) -> list[tuple[str, int, int]]:
    """What was acknowledged and is not there as it was sent."""
    rows = session.execute(
        select(Attempt.public_id, Item.position, Item.choice_order, Response.chosen)
        .join(Item, Item.attempt_id == Attempt.id)
        .join(Response, Response.item_id == Item.id)
    )
    kept = {(attempt, position, order.index(chosen)) for attempt, position, order, chosen in rows}
    return [told for learner in learners for told in learner.acknowledged if told not in kept]
