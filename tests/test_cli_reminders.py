"""`quizapp reminders`: for who calls it by a timer of their own."""

import pytest
import time_machine

from tests.support.cast import sessions
from tests.support.mailbox import free_port, mail_server
from tests.support.reminded import ADDRESS, LATER, subscriber
from tests.test_cli import quizapp


@pytest.fixture
def home(tmp_path, database_url) -> dict[str, str]:
    """The environment of an installation with somebody who wants reminders."""
    with sessions(database_url) as session:
        subscriber(session)
    return {
        "QUIZAPP_INSTANCE": str(tmp_path),
        "QUIZAPP_DATABASE_URL": database_url,
        "QUIZAPP_BASE_URL": "https://quiz.example",
        "QUIZAPP_MAIL_FROM": "quiz@example.org",
    }


@pytest.fixture(autouse=True)
def _later():
    with time_machine.travel(LATER, tick=False):
        yield


def test_what_is_due_is_sent_once_however_often_it_is_called(home):
    with mail_server() as mailbox:
        given = {**home, "QUIZAPP_SMTP_URL": mailbox.url}
        first = quizapp("reminders", "send", environment=given)
        assert (first.exit_code, first.stdout) == (0, "1 reminder sent.\n")
        mail = mailbox.next()
        assert mail["To"] == ADDRESS
        assert "https://quiz.example/review" in mail.get_content()
        again = quizapp("reminders", "send", environment=given)
        assert (again.exit_code, again.stdout) == (0, "0 reminders sent.\n")
        assert mailbox.is_empty


def test_what_the_server_does_not_take_fails_and_is_due_still(home):
    nowhere = {**home, "QUIZAPP_SMTP_URL": f"smtp://127.0.0.1:{free_port()}"}
    failed = quizapp("reminders", "send", environment=nowhere)
    assert failed.exit_code == 1
    assert "1 reminder not sent, the log says why" in failed.stderr
    with mail_server() as mailbox:
        given = {**home, "QUIZAPP_SMTP_URL": mailbox.url}
        assert quizapp("reminders", "send", environment=given).stdout == "1 reminder sent.\n"


def test_without_a_mail_server_it_says_what_to_set(home):
    result = quizapp("reminders", "send", environment=home)
    assert result.exit_code == 1
    assert "set QUIZAPP_SMTP_URL and QUIZAPP_MAIL_FROM first" in result.stderr
