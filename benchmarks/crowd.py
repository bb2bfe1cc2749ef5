"""Many at once: processes of threads that do one thing over and over for a while.

It imports nothing of the app, so that its processes start at once and stay small.
"""

import multiprocessing
import socket
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Protocol

from benchmarks.rows import commit_to_sqlite, open_sqlite

PATIENCE = 60.0
"""Seconds after which whatever has not started or ended is given up."""


class Work(Protocol):
    """What the members of a crowd do."""

    def of(self, member: int) -> Iterator[bool]:
        """Does one piece for each item taken, and yields whether it went well."""
        ...


@dataclass(slots=True)
class Done:
    """What came of it: seconds each good piece took, how many failed, when it began and ended."""

    took: list[float] = field(default_factory=list)
    failed: int = 0
    began: float = float("inf")
    ended: float = 0.0

    def add(self, other: "Done") -> None:
        self.took += other.took
        self.failed += other.failed
        self.began = min(self.began, other.began)
        self.ended = max(self.ended, other.ended)

    @property
    def rate(self) -> float:
        """Good pieces a second."""
        return len(self.took) / (self.ended - self.began)


def crowd(work: Work, processes: int, threads: int, seconds: float) -> Done:
    """Have `processes` x `threads` members work at the same time for so many seconds."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(processes * threads)
    done = Done()
    with ProcessPoolExecutor(processes, context, _wait_for, (start,)) as pool:
        firsts = range(0, processes * threads, threads)
        for part in pool.map(_Part(work, threads, seconds), firsts, timeout=PATIENCE):
            done.add(part)
    return done


_start: Barrier
"""Where the members of this process wait for all others; a pool hands it on only this way."""


def _wait_for(start: Barrier) -> None:
    global _start  # noqa: PLW0603  # set once, by the pool, before anything else runs here
    _start = start


@dataclass(frozen=True, slots=True)
class _Part:
    """What one process does."""

    work: Work
    threads: int
    seconds: float

    def __call__(self, first: int) -> Done:
        done = Done()
        with ThreadPoolExecutor(self.threads) as pool:
            for one in pool.map(self._member, range(first, first + self.threads)):
                done.add(one)
        return done

    def _member(self, number: int) -> Done:
        pieces = self.work.of(number)
        next(pieces)  # what opens the file or the connection is not part of the work
        _start.wait(PATIENCE)
        before = time.monotonic()
        done = Done(began=before, ended=before)
        for went_well in pieces:
            done.ended = time.monotonic()
            if went_well:
                done.took.append(done.ended - before)
            else:
                done.failed += 1
            if done.ended - done.began > self.seconds:
                break
            before = done.ended
        return done


@dataclass(frozen=True, slots=True)
class Posts:
    """Each member sends its own requests over one connection and expects this status."""

    port: int
    requests: tuple[tuple[bytes, ...], ...]
    status: bytes

    def of(self, member: int) -> Iterator[bool]:
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            yield True
            for request in self.requests[member]:
                connection.sendall(request)
                yield _answer(connection).split(b" ", 2)[1] == self.status


def _answer(connection: socket.socket) -> bytes:
    """A whole response that says its length, as all of the app's do."""
    received = connection.recv(65_536)
    while b"\r\n\r\n" not in received:
        received += _more(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    missing = length - len(body)
    while missing > 0:
        missing -= len(_more(connection))
    return head


def _more(connection: socket.socket) -> bytes:
    received = connection.recv(65_536)
    if not received:
        raise ConnectionError("the server closed the connection in the middle of a response")
    return received


@dataclass(frozen=True, slots=True)
class Commits:
    """Each member adds rows to the same SQLite file, each in a durable transaction of its own."""

    file: Path

    def of(self, member: int) -> Iterator[bool]:  # noqa: ARG002  # all do the same
        connection = open_sqlite(self.file)
        yield True
        while True:
            yield _commits(connection)


def _commits(connection: sqlite3.Connection) -> bool:
    try:
        commit_to_sqlite(connection)
    except sqlite3.OperationalError:  # waited its 15 seconds for the others in vain
        return False
    return True
