"""`quizapp run` as an operator meets it: how it starts, stops, refuses, and follows the folder."""

import os
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.server.processes import wait_until, workers_of
from tests.server.visitor import Visitor
from tests.support.databases import PostgresDatabases
from tests.support.server import QUIZAPP, Server, running_server

pytestmark = pytest.mark.slow

DECK = """---
title: {title}
---

## Which is the smaller number? {{#smaller}}

- [x] One
- [ ] Two
"""


@dataclass(frozen=True)
class Refusal:
    """How a start ended that was not to be."""

    code: int
    said: str


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """A question folder with one deck, `numbers`."""
    folder = tmp_path / "questions"
    folder.mkdir()
    (folder / "numbers.md").write_text(DECK.format(title="Numbers"))
    return folder


def test_the_address_is_printed(tmp_path: Path, questions: Path) -> None:
    with running_server(tmp_path / "instance", questions=str(questions)) as server:
        said = server.log.read_text()
    assert f"is at {server.base_url}" in said
    assert f"1 files live in {questions}" in said


def test_a_second_start_finds_the_secret_and_the_answers_of_the_first(
    tmp_path: Path, questions: Path
) -> None:
    instance = tmp_path / "instance"
    with running_server(instance, questions=str(questions)) as server:
        learner = Visitor(server.port)
        attempt, token = learner.start("numbers")
        learner.post(f"{attempt}/items/1/response", csrf_token=token, choice="0")
        learner.hang_up()
        assert server.stop() == 0
    secret = (instance / "secret_key").read_text()
    with running_server(instance, questions=str(questions)) as server:
        learner = learner.at(server.port)
        page = learner.get(f"{attempt}/items/1")
        learner.hang_up()
    assert page.status == 200
    assert "your answer" in page.body
    assert (instance / "secret_key").read_text() == secret


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_told_and_leaves_nothing_running(
    tmp_path: Path, questions: Path, order: signal.Signals
) -> None:
    with running_server(tmp_path / "instance", questions=str(questions)) as server:
        workers = workers_of(server)
        server.process.send_signal(order)
        assert server.process.wait(timeout=60) == 0
        wait_until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
        assert "Traceback" not in server.log.read_text()


def test_a_new_question_file_is_live_without_a_restart(tmp_path: Path, questions: Path) -> None:
    with running_server(tmp_path / "instance", questions=str(questions)) as server:
        (questions / "letters.md").write_text(DECK.format(title="Letters"))
        wait_until(lambda: _shows(server, "/decks/letters", "Letters"))


def test_a_broken_edit_leaves_the_live_version_and_is_named_with_its_line(
    tmp_path: Path, questions: Path
) -> None:
    with running_server(tmp_path / "instance", questions=str(questions)) as server:
        broken = DECK.format(title="Broken").replace("[x]", "[ ]")
        (questions / "numbers.md").write_text(broken)
        wait_until(lambda: "numbers.md:5:" in server.log.read_text())
        assert _shows(server, "/decks/numbers", "Numbers")


def test_a_taken_port_is_named_with_the_mend(tmp_path: Path, questions: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        refusal = _refused(tmp_path / "instance", PORT=str(port), QUIZAPP_QUESTIONS=str(questions))
    assert refusal.code == 1
    told = refusal.said.splitlines()[-1]
    assert f"127.0.0.1:{port}" in told
    assert f"PORT={port + 1}" in told
    assert "Traceback" not in refusal.said


def test_a_missing_question_folder_is_named_with_the_mend(tmp_path: Path) -> None:
    missing = str(tmp_path / "nowhere")
    refusal = _refused(tmp_path / "instance", QUIZAPP_QUESTIONS=missing)
    assert refusal.code == 1
    assert missing in refusal.said
    assert "QUIZAPP_QUESTIONS" in refusal.said


@pytest.mark.postgresql
def test_a_server_database_without_our_schema_is_refused_with_the_mend(
    tmp_path: Path, postgres_databases: PostgresDatabases
) -> None:
    with postgres_databases.bare() as url:
        refusal = _refused(tmp_path / "instance", QUIZAPP_DATABASE_URL=url)
    assert refusal.code == 1
    assert "quizapp db upgrade" in refusal.said
    assert "Traceback" not in refusal.said


def test_an_unsafe_configuration_is_refused_with_the_mend(tmp_path: Path) -> None:
    refusal = _refused(tmp_path / "instance", QUIZAPP_SECRET_KEY="secret", QUIZAPP_DEBUG="1")
    assert refusal.code == 3
    assert refusal.said.count("mend: ") == 2
    assert "QUIZAPP_SECRET_KEY" in refusal.said


def _refused(instance: Path, **settings: str) -> Refusal:
    own = {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}
    done = subprocess.run(
        [QUIZAPP, "run"],
        env=own | {"QUIZAPP_INSTANCE": str(instance), "HOST": "127.0.0.1"} | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Refusal(done.returncode, done.stdout + done.stderr)


def _shows(server: Server, path: str, words: str) -> bool:
    visitor = Visitor(server.port)
    page = visitor.get(path)
    visitor.hang_up()
    return page.status == 200 and words in page.body
