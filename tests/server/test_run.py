"""`quizapp run` as an operator meets it: how it starts, stops, refuses, and follows the folder."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
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


def test_the_address_is_printed_once_somebody_answers_there(
    tmp_path: Path, questions: Path
) -> None:
    with _started(tmp_path, questions) as server:
        wait_until(lambda: "is at" in server.log.read_text())
        assert _status("127.0.0.1", server.port) == 200
        said = server.log.read_text()
    assert f"is at {server.base_url}  (Ctrl+C stops it)" in said
    assert "1 file live in questions/" in said


@pytest.mark.parametrize(
    ("host", "at", "shown"),
    [
        ("::1", "::1", "http://[::1]:{}"),
        ("localhost", "127.0.0.1", "http://localhost:{}"),
        ("0.0.0.0", "127.0.0.1", "http://127.0.0.1:{}"),  # noqa: S104  # for this test's time
        ("::", "::1", "http://127.0.0.1:{}"),
    ],
)
def test_the_address_that_is_shown_is_one_where_it_answers(
    tmp_path: Path, questions: Path, host: str, at: str, shown: str
) -> None:
    with _started(tmp_path, questions, host=host) as server:
        wait_until(lambda: "is at" in server.log.read_text())
        assert f"is at {shown.format(server.port)}" in server.log.read_text()
        assert _status(at, server.port) == 200


@pytest.mark.parametrize("moment", ["at once", "when it answers"])
def test_ctrl_c_at_a_terminal_stops_it_without_a_word(
    tmp_path: Path, questions: Path, moment: str
) -> None:
    with _started(tmp_path, questions) as server:
        address = tmp_path / "instance" / "address"
        wait_until(address.exists)
        if moment == "when it answers":
            wait_until(lambda: "is at" in server.log.read_text())
        os.killpg(server.process.pid, signal.SIGINT)  # a terminal tells workers as well
        assert server.process.wait(timeout=60) == 0
        assert len(server.log.read_text().splitlines()) <= 2
    assert not address.exists()


def test_while_it_runs_its_address_is_in_the_instance_folder(
    tmp_path: Path, questions: Path
) -> None:
    instance = tmp_path / "instance"
    with running_server(instance, questions=str(questions)) as server:
        assert (instance / "address").read_text() == f"{server.base_url}\n"
        assert server.stop() == 0
    assert not (instance / "address").exists()


def test_the_server_for_development_answers_and_says_where(tmp_path: Path, questions: Path) -> None:
    with _started(tmp_path, questions, "--dev") as server:
        wait_until(lambda: f"is at {server.base_url}" in server.log.read_text())
        assert _status("127.0.0.1", server.port) == 200
        assert server.log.read_text().count("Questions: ") == 1


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


def test_an_address_of_another_machine_is_named_with_the_mend(
    tmp_path: Path, questions: Path
) -> None:
    refusal = _refused(tmp_path / "instance", HOST="203.0.113.9", QUIZAPP_QUESTIONS=str(questions))
    assert refusal.code == 1
    assert "set HOST to an address of this machine" in refusal.said


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
    assert "quizapp db upgrade`" in refusal.said
    assert "Traceback" not in refusal.said


def test_an_unsafe_configuration_is_refused_with_the_mend(tmp_path: Path) -> None:
    refusal = _refused(tmp_path / "instance", QUIZAPP_SECRET_KEY="secret", QUIZAPP_DEBUG="1")
    assert refusal.code == 3
    assert refusal.said.count("mend: ") == 2
    assert "QUIZAPP_SECRET_KEY" in refusal.said


@contextmanager
def _started(
    folder: Path, questions: Path, *arguments: str, host: str = "127.0.0.1"
) -> Iterator[Server]:
    """A server that need not answer yet, in a process group of its own, as a shell starts one."""
    instance, log = folder / "instance", folder / "server.log"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    place = {"QUIZAPP_INSTANCE": str(instance), "QUIZAPP_QUESTIONS": str(questions)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [QUIZAPP, "run", *arguments],
            env=_own_environment() | place | {"HOST": host, "PORT": str(port)},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(port, process, log)
    try:
        yield server
    finally:
        server.kill()


def _status(host: str, port: int) -> int:
    connection = HTTPConnection(host, port, timeout=30)
    connection.request("GET", "/")
    status = connection.getresponse().status
    connection.close()
    return status


def _own_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}


def _refused(instance: Path, **settings: str) -> Refusal:
    done = subprocess.run(
        [QUIZAPP, "run"],
        env=_own_environment()
        | {"QUIZAPP_INSTANCE": str(instance), "HOST": "127.0.0.1"}
        | settings,
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
