"""The server sends reminders by itself, in the morning and once a day."""

import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from quizapp import server
from quizapp.config import Settings
from quizapp.db.models import StudySettings
from quizapp.web import reminding
from tests.server.processes import wait_until
from tests.support.cast import sessions
from tests.support.databases import SqliteDatabases
from tests.support.mailbox import Mailbox, mail_server
from tests.support.reminded import ADDRESS, LATER, subscriber


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture
def settings(
    sqlite_databases: SqliteDatabases, mailbox: Mailbox, tmp_path: Path
) -> Iterator[Settings]:
    """An installation with mail and somebody who wants reminders."""
    with sqlite_databases.fresh() as url:
        with sessions(url) as session:
            subscriber(session)
        yield Settings(
            instance=tmp_path,
            questions=tmp_path,
            database_url=url,
            secret_key="a secret that only tests know, long enough",
            base_url="https://quiz.example",
            smtp_url=mailbox.url,
            mail_from="quiz@example.org",
        )


def reminded_at(settings: Settings) -> datetime | None:
    with sessions(settings.database_url) as session:
        return session.scalar(select(StudySettings.reminded_at))


def run(settings: Settings, stop: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=server.remind, args=(settings, stop, 0.02))
    thread.start()
    return thread


def test_a_reminder_comes_once_and_trouble_is_survived(
    settings: Settings, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, troubles, calls = threading.Event(), iter([OSError("no disk")]), []
    send_what_is_due = reminding.send_what_is_due

    def fail_first(*args: object) -> object:
        for trouble in troubles:
            raise trouble
        calls.append(args)
        return send_what_is_due(*args)  # pyright: ignore[reportArgumentType]  # handed on as it came

    monkeypatch.setattr(reminding, "send_what_is_due", fail_first)
    with time_machine.travel(LATER, tick=False):
        thread = run(settings, stop)
        mail = mailbox.next()
        wait_until(lambda: len(calls) > 3)
        stop.set()
        thread.join()
    assert mail["To"] == ADDRESS
    assert "https://quiz.example/reminders/stop/" in mail["List-Unsubscribe"]
    assert mailbox.is_empty
    assert reminded_at(settings) == LATER


def test_nobody_is_woken_by_a_reminder(settings: Settings, mailbox: Mailbox) -> None:
    stop = threading.Event()
    with time_machine.travel(LATER.replace(hour=5), tick=False):
        thread = run(settings, stop)
        stop.wait(0.3)
        stop.set()
        thread.join()
    assert reminded_at(settings) is None
    assert mailbox.is_empty


def test_without_a_mail_server_no_thread_is_started(settings: Settings) -> None:
    before = threading.active_count()
    server._remind_of_what_is_due(  # noqa: SLF001  # that it does nothing is seen from inside only
        Settings(settings.instance, settings.questions, settings.database_url, settings.secret_key)
    )
    assert threading.active_count() == before
