import logging

import pytest

from quizapp import mail
from quizapp.mail import BadServer, Letter, Mailer, NotSent, Server, is_address, server_at
from tests.support.mailbox import Mailbox, free_port, mail_server

SENDER = "Quiz at the school <quiz@example.org>"
LETTER = Letter("ada@example.org", "Neues Paßwort", "Liebe Ada,\n\nhttp://localhost/links/x\n")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(mail, "PAUSES", (0, 0))


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", Server("mail.example.org", 587, is_tls=False)),
        ("smtps://mail.example.org", Server("mail.example.org", 465, is_tls=True)),
        (
            "smtp://quiz%40example.org:a%2Fb@mail.example.org:25",
            Server("mail.example.org", 25, False, "quiz@example.org", "a/b"),
        ),
    ],
)
def test_an_address_says_where_the_server_is_and_how_to_sign_in(url, server):
    assert server_at(url) == server


@pytest.mark.parametrize(
    "url", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp:x"]
)
def test_what_is_no_mail_server_is_refused(url):
    with pytest.raises(BadServer, match="smtp://user:password@host"):
        server_at(url)


def test_a_port_that_is_none_is_refused():
    with pytest.raises(BadServer, match="port"):
        server_at("smtp://mail.example.org:99999")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("quiz@example.org", True),
        (SENDER, True),
        ("", False),
        ("quiz", False),
        ("quiz@", False),
        ("a@example.org\nBcc: b@example.org", False),
    ],
)
def test_addresses_are_known_from_others(text, is_one):
    assert is_address(text) is is_one


def test_a_password_is_not_shown_by_accident():
    assert "secret" not in repr(server_at("smtp://quiz:secret@mail.example.org"))


def test_a_letter_arrives_as_it_was_written():
    with mail_server() as mailbox:
        Mailer(mailbox.url, SENDER).send(LETTER)
        got = mailbox.next()
    assert (got["From"], got["To"], got["Subject"]) == (SENDER, LETTER.to, LETTER.subject)
    assert got.get_content().replace("\r\n", "\n") == LETTER.text
    assert got["Message-ID"].endswith("@example.org>")
    assert got["Auto-Submitted"] == "auto-generated"


def answering(text: str):
    """What a server says to a command, whatever comes with it."""

    async def handle(*_given) -> str:
        return text

    return handle


def test_what_the_server_took_is_sent_however_it_takes_leave(monkeypatch):
    monkeypatch.setattr(Mailbox, "handle_QUIT", answering("421 Too busy"), raising=False)
    with mail_server() as mailbox:
        Mailer(mailbox.url, SENDER).send(LETTER)
        assert mailbox.next()["To"] == LETTER.to


@pytest.mark.parametrize(
    ("command", "answer", "is_final"),
    [
        ("RCPT", "550 No such user", True),
        ("RCPT", "450 Not now", False),
        ("DATA", "554 No room for this", True),
        ("DATA", "451 Try again later", False),
    ],
)
def test_a_refusal_says_whether_it_is_for_good(monkeypatch, command, answer, is_final):
    monkeypatch.setattr(Mailbox, f"handle_{command}", answering(answer), raising=False)
    with mail_server() as mailbox:
        with pytest.raises(NotSent, match=answer[:3]) as refused:
            Mailer(mailbox.url, SENDER).send(LETTER)
        assert refused.value.is_final is is_final


def test_a_posted_letter_is_tried_again_when_the_server_is_busy():
    with mail_server(refusals=2) as mailbox:
        Mailer(mailbox.url, SENDER).post(lambda: [LETTER]).result()
        assert mailbox.next()["To"] == LETTER.to


def test_what_is_not_sent_in_the_end_is_logged_without_its_text(caplog):
    with caplog.at_level(logging.ERROR, logger="quizapp.mail"):
        Mailer(f"smtp://127.0.0.1:{free_port()}", SENDER).post(lambda: [LETTER]).result()
    assert "A mail was not sent: 127.0.0.1" in caplog.text
    assert "links/x" not in caplog.text


def test_what_goes_wrong_in_writing_is_logged(caplog):
    def write():
        raise RuntimeError("no database")

    Mailer("smtp://127.0.0.1", SENDER).post(write).result()
    assert "A mail was not written." in caplog.text
    assert "no database" in caplog.text


def test_a_refused_letter_says_by_whom():
    port = free_port()
    with pytest.raises(NotSent, match=f"127.0.0.1:{port}"):
        Mailer(f"smtp://127.0.0.1:{port}", SENDER).send(LETTER)


def test_nothing_is_told_to_another_machine_before_the_connection_is_secured(monkeypatch):
    with mail_server() as mailbox:
        # The same server, taken for another machine's: it does not offer to secure anything.
        monkeypatch.setattr(mail, "THIS_MACHINE", frozenset())
        with pytest.raises(NotSent, match="STARTTLS"):
            Mailer(mailbox.url.replace("//", "//quiz:secret@"), SENDER).send(LETTER)
        assert mailbox.is_empty


def test_without_a_server_nothing_is_sent():
    mailer = Mailer("", "")
    assert not mailer.is_configured
    with pytest.raises(NotSent):
        mailer.send(LETTER)
