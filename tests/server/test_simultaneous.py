"""One answer that arrives many times at once, at a server of several processes."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from quizapp.db.models import Response
from tests.server.bookkeeping import contradictions, reading
from tests.server.visitor import Visitor
from tests.support.server import Server, running_server

pytestmark = pytest.mark.slow

CROWD = 32
ROUNDS = 100


def test_of_many_identical_submissions_one_counts(
    tmp_path: Path, long_deck: Path, database_url: str
) -> None:
    settings = {"database_url": database_url, "questions": str(long_deck)}
    with running_server(tmp_path / "instance", **settings) as server:
        statuses = _answers_of_a_crowd(server)
    assert statuses == Counter({303: CROWD * ROUNDS})
    with reading(database_url) as session:
        assert len(session.scalars(select(Response)).all()) == ROUNDS
        assert contradictions(session) == []


def _answers_of_a_crowd(server: Server) -> Counter[int]:
    learner = Visitor(server.port)
    attempt, token = learner.start("long")
    learner.hang_up()
    gate = threading.Barrier(CROWD, timeout=60)

    def send(number: int) -> Counter[int]:
        browser = learner.at(server.port)
        statuses = Counter[int]()
        for position in range(1, ROUNDS + 1):
            # A connection that is open already, so that all send in the same moment.
            path = f"{attempt}/items/{position}"
            assert browser.get(path).status == 200
            gate.wait()
            reply = browser.post(f"{path}/response", csrf_token=token, choice=str(position % 3))
            statuses[reply.status] += 1
        browser.hang_up()
        return statuses

    with ThreadPoolExecutor(CROWD) as pool:
        return sum(pool.map(send, range(CROWD)), Counter[int]())
