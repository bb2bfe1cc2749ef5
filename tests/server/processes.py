"""The processes of a started server, as the kernel tells of them."""

import time
from collections.abc import Callable
from pathlib import Path

from tests.support.server import Server

PATIENCE = 60
"""Seconds; far more than anything waited for here takes, on a machine that does other things."""


def workers_of(server: Server) -> set[int]:
    """The ids of the processes that serve requests."""
    first = server.process.pid
    children = Path(f"/proc/{first}/task").glob("*/children")
    born = {int(child) for listed in children for child in listed.read_text().split()}
    return {child for child in born if b"spawn_main" in _command(child)}


def wait_until(holds: Callable[[], bool]) -> None:
    """Look until it does. Raises AssertionError where it never comes to."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"waited {PATIENCE} s in vain"
        time.sleep(0.02)


def _command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:  # it ended in between
        return b""
