"""The real server as an operator starts it: `quizapp run`, all its processes, a free port."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

QUIZAPP = Path(sys.executable).with_name("quizapp")


@dataclass(frozen=True)
class Server:
    """A started server: the first of its processes leads a group of their own."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> int:
        """Ask it to end, as Ctrl-C does, and wait: its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=20)

    def kill(self) -> None:
        """End every process of it at once, as a power cut would."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=20)


@contextmanager
def running_server(instance: Path, **settings: str) -> Iterator[Server]:
    """A server on this instance folder for the time of the block.

    `settings` are those of the environment without their prefix: `database_url=...` becomes
    QUIZAPP_DATABASE_URL. Raises RuntimeError with its log where it does not come to answer.
    """
    server = _start(instance, settings)
    try:
        _wait_for_an_answer(server)
        yield server
    finally:
        server.kill()


def _start(instance: Path, settings: dict[str, str]) -> Server:
    instance.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    log = instance / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [QUIZAPP, "run"],
            cwd=instance,
            env=_environment(instance, port, settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Server(port, process, log)


def _environment(instance: Path, port: int, settings: dict[str, str]) -> dict[str, str]:
    """The tester's own environment, but for quizapp's settings.

    Python may keep what it has compiled, whatever the tester prefers: three processes a start
    would else compile all of the app, which is a fifth of what the start costs.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}
    own.pop("PYTHONDONTWRITEBYTECODE", None)
    given = {f"QUIZAPP_{name.upper()}": value for name, value in settings.items()}
    place = {"QUIZAPP_INSTANCE": str(instance), "HOST": "127.0.0.1", "PORT": str(port)}
    return own | place | given


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for_an_answer(server: Server) -> None:
    deadline = time.monotonic() + 30
    while not _answers(server.port):
        if server.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the server does not answer:\n{server.log.read_text()}")
        time.sleep(0.05)


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
