"""Write transactions that wait for their turn."""

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from quizapp.db.engine import WRITES, begin

try:
    import fcntl
except ImportError:  # Windows has no flock; there SQLite's own busy wait settles turns.
    fcntl = None

_descriptors = threading.local()


@contextmanager
def writing(bind: Session | Engine) -> Generator[Connection]:
    """One write transaction on fresh state: committed at the end, rolled back on an error.

    What was read through a session before is expired. On SQLite writers of all threads and
    processes take turns in the order they came.
    """
    if isinstance(bind, Engine):
        with _turn(bind), bind.begin() as connection:
            begin(connection, writes=True)
            yield connection
        return
    bind.rollback()
    with _turn(bind.get_bind()):
        try:
            yield _begun(bind)
            bind.commit()
        except BaseException:
            bind.rollback()
            raise


def _begun(session: Session) -> Connection:
    session.info[WRITES] = True
    try:
        return session.connection()
    finally:
        del session.info[WRITES]


@contextmanager
def _turn(bind: Engine | Connection) -> Generator[None]:
    """Hold an exclusive lock on a file beside a SQLite database.

    SQLite's own busy wait polls with growing sleeps, so that with many writers some starve;
    the kernel hands this lock on in the order of asking, and frees it when a process dies.
    """
    url = bind.engine.url
    if url.drivername != "sqlite" or fcntl is None:
        yield
        return
    descriptor = _descriptor(f"{url.database}.turn")
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _descriptor(path: str) -> int:
    """This thread's own open file: locks are held by open files, not by threads."""
    opened: dict[str, int] = _descriptors.__dict__.setdefault("opened", {})
    if path not in opened:
        opened[path] = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    return opened[path]
