"""The production server: prepared database and questions, then granian."""

import errno
import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.common import AbstractServer
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from watchfiles import watch
from werkzeug.serving import is_running_from_reloader

from quizapp import question_folder
from quizapp.config import PREFIX, Settings, as_opened, listening_address, program
from quizapp.db import migrate
from quizapp.db.engine import database_url, make_engine, sqlite_file
from quizapp.domain import checking
from quizapp.domain.findings import Finding, Severity
from quizapp.operations.library import SyncReport, sync
from quizapp.operations.reminding import MORNING
from quizapp.operations.sitting import submit_overdue

WORKER_THREADS = 2
"""Requests one worker serves at once: one works while one waits for the disk. More would only
pass Python's lock around (`benchmarks/`: fewer answers a second, a longer tail)."""

LIVED_LONG_ENOUGH = 10.0
"""Seconds after which a server that ended by itself counts as one that had started well."""

SWEEP_EVERY = 20.0
"""Seconds between looks for graded attempts whose time is over. Who looks at one sees it submitted
before that anyway."""

SWEEP_AFTER = timedelta(seconds=5)
"""How long after its deadline an attempt is left alone, for answers that came in time and wait for
their turn to be written."""

REMIND_EVERY = 600.0
"""Seconds between looks for reminders that are due. Who got one today gets none before tomorrow."""

MOST_SHORT_LIVES = 3
"""How often in a row a server may end sooner than that before it is given up."""


OLD_SCHEMA = "the database's schema is not up to date: run `{} db upgrade`"


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
        raise NotReady(OLD_SCHEMA.format(program()))
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


def out_of_reach(settings: Settings, error: OperationalError) -> str:
    """What is the matter with a database that cannot be opened, in one line with the mend."""
    url = database_url(settings.database_url)
    file = sqlite_file(url)
    lines = [line for line in str(error.orig).splitlines() if line.strip()]
    # The driver's last reason stands last; below it there may be a question without one.
    reason = next((line for line in reversed(lines) if ": " in line), lines[0])
    reason = reason.rpartition(": ")[2].strip()
    if file is not None:
        return f"cannot open {file} ({reason}): see to it, or mend {PREFIX}DATABASE_URL"
    given = {"host": "localhost", "port": 5432} | url.query | url.translate_connect_args()
    place = f"{given['host']}:{given['port']}"
    return (
        f"cannot reach PostgreSQL at {place} ({reason}): see that it runs there, and that "
        f"{PREFIX}DATABASE_URL names its host, port, user, password and database"
    )


def serve(settings: Settings, announce: Callable[[], None]) -> None:
    """Serve until told to stop, and announce it when the first worker answers.

    Raises NotReady where workers do not last.
    """
    _hand_on(settings)
    _keep_interrupts_from_workers()
    with _address_kept(settings):
        _wait_for_a_worker(settings, announce)
        _keep_serving(settings)


def _keep_serving(settings: Settings) -> None:
    multiprocessing.set_start_method("spawn", force=True)
    _watch_questions(settings)
    _submit_what_is_overdue(settings)
    _remind_of_what_is_due(settings)
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


def _keep_interrupts_from_workers() -> None:
    """Take Ctrl+C, which a terminal sends to workers as well, in the main process alone.

    A worker told to stop while it starts would print a traceback, and one told twice stops late.
    Windows has no signal masks; there all processes go on taking it.
    """
    if not hasattr(signal, "pthread_sigmask"):
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # until granian takes it over
    resource_tracker.ensure_running()  # its start, else at that of a worker, would undo the mask
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # workers inherit this
    main = threading.get_ident()

    def stop_on_interrupt() -> None:
        while signal.sigwait({signal.SIGINT}):
            signal.pthread_kill(main, signal.SIGTERM)

    threading.Thread(target=stop_on_interrupt, name="stop on Ctrl+C", daemon=True).start()


def _granian(settings: Settings) -> AbstractServer[Any]:
    return Granian(
        "quizapp.wsgi:worker",
        factory=True,
        address=listening_address(settings.host),
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


def check_port(settings: Settings) -> None:
    """Raise NotReady where the port is taken; granian would start and fail over and over."""
    address, port = listening_address(settings.host), settings.port
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            mend = _MENDS.get(error.errno or 0) or (
                f"stop what is using it, or choose another port with PORT={port % 65535 + 1}"
            )
            raise NotReady(
                f"cannot listen on {settings.host}:{port} ({error.strerror}): {mend}"
            ) from error


_MENDS = {
    errno.EADDRNOTAVAIL: "set HOST to an address of this machine, or to 0.0.0.0 for all of them",
    errno.EACCES: "choose a port that needs no rights, such as PORT=8000",
}


def address_in_use(settings: Settings) -> str:
    """Where the server that runs on this instance folder is reached, "" where none does."""
    try:
        return _address_file(settings).read_text().strip()
    except OSError:
        return ""


@contextmanager
def _address_kept(settings: Settings) -> Iterator[None]:
    """Keep the address in the instance folder for commands run meanwhile, such as those that
    print links: the last one, which leads here from other machines too.
    """
    file = _address_file(settings)
    try:
        file.write_text(settings.addresses[-1] + "\n")
        yield
    finally:
        file.unlink(missing_ok=True)


def _address_file(settings: Settings) -> Path:
    return settings.instance / "address"


def _wait_for_a_worker(settings: Settings, announce: Callable[[], None]) -> None:
    """Announce the server, from a thread of its own, as soon as anything answers there."""

    def ask_on() -> None:
        while not _answers(settings):
            time.sleep(0.05)
        announce()

    threading.Thread(target=ask_on, name="wait for a worker", daemon=True).start()


def _answers(settings: Settings) -> bool:
    at = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # where a server on any address is asked
    address = listening_address(settings.host)
    connection = HTTPConnection(at.get(address, address), settings.port, timeout=5)
    try:
        connection.request("HEAD", "/healthz")
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


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
            except OperationalError as error:
                click.echo(
                    f"The questions could not be loaded: {out_of_reach(settings, error)}", err=True
                )
            except Exception as error:  # noqa: BLE001  # a dead watcher would leave edits unnoticed
                click.echo(f"The questions could not be loaded: {error}", err=True)

    logging.getLogger("watchfiles").setLevel(logging.WARNING)
    threading.Thread(target=go_on_watching, name="watch questions", daemon=True).start()


def _submit_what_is_overdue(settings: Settings) -> None:
    """Have a thread look for attempts whose time is over, for as long as the server runs."""
    engine = make_engine(settings.database_url)
    threading.Thread(
        target=sweep,
        args=(engine, threading.Event(), SWEEP_EVERY),
        name="submit what is overdue",
        daemon=True,
    ).start()


def sweep(engine: Engine, stop: threading.Event, every: float) -> None:
    """Submit graded attempts whose time is over, with what was saved, every so many seconds."""
    while not stop.wait(every):
        try:
            with Session(engine) as session:
                submit_overdue(session, datetime.now(UTC) - SWEEP_AFTER)
        except Exception as error:  # noqa: BLE001  # the next look may succeed
            click.echo(f"Overdue attempts could not be submitted: {error}", err=True)


def _remind_of_what_is_due(settings: Settings) -> None:
    """Have a thread send reminders by mail, where there is a mail server."""
    if not settings.smtp_url:
        return
    threading.Thread(
        target=remind,
        args=(settings, threading.Event(), REMIND_EVERY),
        name="remind of what is due",
        daemon=True,
    ).start()


def remind(settings: Settings, stop: threading.Event, every: float) -> None:
    """Send reminders from the morning of each learner on, looking every so many seconds."""
    from quizapp.app import create_app  # noqa: PLC0415  # without mail this process needs no app
    from quizapp.web.reminding import send_what_is_due  # noqa: PLC0415  # no more than the app

    app = create_app(settings)
    while not stop.wait(every):
        try:
            with app.test_request_context(base_url=settings.addresses[-1]):
                send_what_is_due(datetime.now(UTC), MORNING)
        except Exception as error:  # noqa: BLE001  # the next look may succeed
            click.echo(f"Reminders could not be sent: {error}", err=True)


def tell(folder: Path, report: SyncReport, echo: Callable[[str], None] = click.echo) -> None:
    """Say in words what a sync did, with the errors that refuse files."""
    live = len(report.loaded) + len(report.unchanged) + len(report.kept)
    told = [f"Questions: {counted(live, 'file')} live in {as_opened(folder)}/"]
    if kept := len(report.kept):
        told.append(
            f"{kept} of them as {'it was' if kept == 1 else 'they were'} before (refused now)"
        )
    if never := len(report.refused) - kept:
        told.append(f"{never} refused, not live yet")
    if report.gone:
        told.append(f"{len(report.gone)} no longer in the folder")
    echo(", ".join(told))
    for finding in report.findings:
        if finding.severity is Severity.ERROR:
            echo(f"  {named_to_open(finding, folder)}")


def named_to_open(finding: Finding, folder: Path) -> Finding:
    """The finding under the name by which someone would open the file."""
    return replace(finding, file=as_opened(folder / finding.file))


def counted(number: int, thing: str) -> str:
    """A number with its noun: 1 file, 2 files."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def serve_for_development(settings: Settings, announce: Callable[[], None]) -> None:
    """Serve with Werkzeug's debugger and reload, for this machine's own developer."""
    from quizapp.app import create_app  # noqa: PLC0415  # the production main process needs no app

    _hand_on(settings)
    app = create_app(settings)
    if is_running_from_reloader():  # its parent does the rest, once
        app.run(settings.host, settings.port, debug=True)
        return
    _watch_questions(settings)
    _submit_what_is_overdue(settings)
    _remind_of_what_is_due(settings)
    with _address_kept(settings):
        _wait_for_a_worker(settings, announce)
        app.run(settings.host, settings.port, debug=True)
