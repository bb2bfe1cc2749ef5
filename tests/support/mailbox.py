"""A real mail server on this machine, for tests to read what it was given."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from queue import Empty, Queue

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

PATIENCE = 10
"""Seconds until a mail that should come counts as lost."""


class Mailbox:
    """What the server at `url` was given; it turns away the first `refusals` mails."""

    def __init__(self, refusals: int = 0) -> None:
        self.url = ""
        self._refusals = refusals
        self._mails: Queue[EmailMessage] = Queue()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # as the server calls it
        if self._refusals:
            self._refusals -= 1
            return "451 Try again later"
        content = envelope.original_content or b""
        self._mails.put(message_from_bytes(content, policy=policy.default))
        return "250 Taken"

    def next(self) -> EmailMessage:
        """The next mail, as soon as it has come."""
        try:
            return self._mails.get(timeout=PATIENCE)
        except Empty:
            raise AssertionError("no mail has come") from None

    @property
    def is_empty(self) -> bool:
        return self._mails.empty()


@contextmanager
def mail_server(refusals: int = 0) -> Iterator[Mailbox]:
    """A mail server that runs for a while."""
    mailbox = Mailbox(refusals)
    port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    mailbox.url = f"smtp://127.0.0.1:{port}"
    try:
        yield mailbox
    finally:
        controller.stop()


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
