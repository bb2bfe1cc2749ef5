"""The production server: prepared database and questions, then granian."""

import logging
import multiprocessing
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.common import AbstractServer
from sqlalchemy.orm import Session
from watchfiles import watch

from quizapp import question_folder
from quizapp.config import PREFIX, Settings
from quizapp.db import migrate
from quizapp.db.engine import database_url, make_engine, sqlite_file
from quizapp.domain import checking
from quizapp.domain.findings import Severity
from quizapp.operations.library import SyncReport, sync

WORKER_THREADS = 4
"""Requests one worker serves at once; most of an answer's time is waiting for the disk."""

LIVED_LONG_ENOUGH = 10.0
"""Seconds after which a server that ended by itself counts as one that had started well."""

MOST_SHORT_LIVES = 3
"""How often in a row a server may end sooner than that before it is given up."""


class NotReady(Exception):
    """The server cannot start; the message says why and what to do."""


def prepare(settings: Settings) -> SyncReport:
    """Bring an embedded database up to date, or check a server one, and load the questions.

    Raises NotReady.
    """
    url = settings.database_url
    if sqlite_file(database_url(url)) is not None:
        migrate.upgrade(url)
    elif migrate.current(url) != migrate.newest():
        raise NotReady("the database's schema is not up to date: run `quizapp db upgrade` first")
    return load_questions(settings)


def load_questions(settings: Settings) -> SyncReport:
    """Read the question folder into the database. Raises NotReady where there is no folder."""
    if not settings.questions.is_dir():
        raise NotReady(
            f"there is no question folder {settings.questions}: make it or set {PREFIX}QUESTIONS"
        )
    bank = question_folder.load(settings.questions)
    report = checking.check(bank)
    engine = make_engine(settings.database_url)
    try:
        with Session(engine) as session:
            return sync(session, bank, report.by_file(), datetime.now(UTC))
    finally:
        engine.dispose()


def serve(settings: Settings) -> None:
    """Serve until told to stop. Raises NotReady where workers do not last."""
    _hand_on(settings)
    multiprocessing.set_start_method("spawn", force=True)
    _watch_questions(settings)
    short_lives = 0
    while short_lives < MOST_SHORT_LIVES:
        began = time.monotonic()
        server = _granian(settings)
        # granian leaves the program when workers die twice within seconds; learners should not
        # have to.
        with suppress(SystemExit):
            server.serve()
        if server.interrupt_signal:
            return
        lived_long = time.monotonic() - began >= LIVED_LONG_ENOUGH
        short_lives = 0 if lived_long else short_lives + 1
        click.echo("The workers died too quickly one after another; starting anew.", err=True)
    raise NotReady("the workers end as soon as they have started: see what they said above")


def _granian(settings: Settings) -> AbstractServer[Any]:
    return Granian(
        "quizapp.wsgi:worker",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=WORKER_THREADS,
        websockets=False,
        # Without these one killed worker ends the server, and an open stream blocks its stop.
        respawn_failed_workers=True,
        workers_kill_timeout=3,
        log_level=LogLevels.error,
    )


def check_port(host: str, port: int) -> None:
    """Raise NotReady where the port is taken; granian would start and fail over and over."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise NotReady(
                f"cannot listen on {host}:{port} ({error.strerror}): stop what is using it, or "
                f"choose another port with PORT={port + 1}"
            ) from error


def _hand_on(settings: Settings) -> None:
    """Workers are processes of their own and read their settings from the environment."""
    os.environ[PREFIX + "INSTANCE"] = str(settings.instance)
    os.environ[PREFIX + "QUESTIONS"] = str(settings.questions)
    os.environ[PREFIX + "DATABASE_URL"] = settings.database_url
    os.environ["HOST"], os.environ["PORT"] = settings.host, str(settings.port)


def _watch_questions(settings: Settings) -> None:
    """Load the folder again whenever something in it changes, and say what came of it."""

    def go_on_watching() -> None:
        for _changes in watch(settings.questions, step=200, raise_interrupt=False):
            try:
                tell(settings.questions, load_questions(settings))
            except Exception as error:  # noqa: BLE001  # a dead watcher would leave edits unnoticed
                click.echo(f"The questions could not be loaded: {error}", err=True)

    logging.getLogger("watchfiles").setLevel(logging.WARNING)
    threading.Thread(target=go_on_watching, name="watch questions", daemon=True).start()


def tell(folder: Path, report: SyncReport, echo: Callable[[str], None] = click.echo) -> None:
    """Say in words what a sync did, with the errors that refuse files."""
    live = len(report.loaded) + len(report.unchanged)
    echo(f"Questions: {live} files live in {folder}" + _and(report))
    for finding in report.findings:
        if finding.severity is Severity.ERROR:
            echo(f"  {finding}")


def _and(report: SyncReport) -> str:
    more = [
        f"{len(names)} {word}"
        for names, word in ((report.refused, "refused"), (report.gone, "gone"))
        if names
    ]
    return "".join(f", {part}" for part in more)


def serve_for_development(settings: Settings) -> None:
    """Serve with Werkzeug's debugger and reload, for this machine's own developer."""
    from quizapp.app import create_app  # noqa: PLC0415  # the production main process needs no app

    _hand_on(settings)
    _watch_questions(settings)
    create_app(settings).run(settings.host, settings.port, debug=True)
