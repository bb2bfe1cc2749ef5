"""Mail by SMTP, for sites that have a server for it."""

import logging
import smtplib
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from urllib.parse import unquote, urlsplit

SCHEMES = {"smtp": 587, "smtps": 465}
"""How to reach a mail server, each with its usual port."""

THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
PATIENCE = 20
"""Seconds that a mail server may take to answer."""

PAUSES = (2, 15)
"""Seconds before a mail that was not taken is tried again."""

UNBROKEN = policy.default.clone(max_line_length=998)
"""Headers in one line, as long as any may be: an address that is folded is encoded, and programs
that look for one do not know it again."""

log = logging.getLogger(__name__)


class BadServer(ValueError):
    """The address of a mail server that cannot be used; the message says why."""


class NotSent(Exception):
    """The mail server did not take a mail, or was not reached; the message says why.

    `is_final` where it refused the mail or its receiver for good: the same would be refused again.
    """

    def __init__(self, why: str, *, is_final: bool = False) -> None:
        super().__init__(why)
        self.is_final = is_final


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail of plain text to one address, perhaps with headers beside the usual ones."""

    to: str
    subject: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server, and how to sign in to it, if it asks for that."""

    host: str
    port: int
    is_tls: bool
    user: str = ""
    password: str = field(default="", repr=False)


def server_at(url: str) -> Server:
    """The server behind smtp://user:password@host:587 or smtps://host. Raises BadServer.

    By smtp the connection is secured by STARTTLS before anything is told, except on this machine.
    """
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise BadServer("it is not of the form smtp://user:password@host:587 or smtps://...")
    try:
        port = parts.port or SCHEMES[parts.scheme]
    except ValueError as error:
        raise BadServer("its port is not a number up to 65535") from error
    return Server(
        host=parts.hostname,
        port=port,
        is_tls=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def is_address(text: str) -> bool:
    """Whether mail can be from this: an address, perhaps with a name before it."""
    before, _, after = parseaddr(text)[1].rpartition("@")
    return bool(before and after) and text.isprintable()


class Mailer:
    """Sends mail from one address. Without a server it is not configured and sends nothing."""

    def __init__(self, url: str, sender: str) -> None:
        self._server = server_at(url) if url else None
        self._sender = sender
        # One thread: mail is rare here, and a slow server must not hold up requests.
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="mail")

    @property
    def is_configured(self) -> bool:
        return self._server is not None

    def send(self, letter: Letter) -> None:
        """Hand a mail to the server now. Raises NotSent."""
        if self._server is None:
            raise NotSent("no mail server is configured")
        try:
            connection = _connected(self._server)
            try:
                connection.send_message(self._message(letter))
            finally:
                _take_leave(connection)
        except (OSError, ValueError, smtplib.SMTPException) as error:
            why = f"{self._server.host}:{self._server.port}: {error}"
            raise NotSent(why, is_final=_is_final(error)) from error

    def post(self, write: Callable[[], Iterable[Letter]]) -> Future[None]:
        """Write letters and send them soon, in another thread.

        What is not taken is tried again; what is not taken in the end is logged, without its text.
        """
        return self._executor.submit(self._post, write)

    def _post(self, write: Callable[[], Iterable[Letter]]) -> None:
        try:
            for letter in write():
                self._send_patiently(letter)
        except NotSent as error:
            log.error("A mail was not sent: %s", error)  # noqa: TRY400  # no fault of ours to trace
        except Exception:
            log.exception("A mail was not written.")

    def _send_patiently(self, letter: Letter) -> None:
        for pause in PAUSES:
            try:
                return self.send(letter)
            except NotSent as error:
                if error.is_final:
                    raise
                log.warning("A mail is tried again in %s s: %s", pause, error)
                time.sleep(pause)
        return self.send(letter)

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=UNBROKEN)
        message["From"] = self._sender
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=parseaddr(self._sender)[1].rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        for name, value in letter.headers.items():
            message[name] = value
        message.set_content(letter.text, cte="quoted-printable")
        return message


def _connected(server: Server) -> smtplib.SMTP:
    """A connection that is secured and signed in, as far as the server is another machine's."""
    context = ssl.create_default_context()
    connection = (
        smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=context)
        if server.is_tls
        else smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    )
    try:
        if not server.is_tls and server.host not in THIS_MACHINE:
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _take_leave(connection: smtplib.SMTP) -> None:
    """Close a connection. Whatever the server says to that, it has taken the mail or refused it."""
    with suppress(OSError, smtplib.SMTPException):
        connection.quit()
    connection.close()


def _is_final(error: Exception) -> bool:
    """Whether a mail was refused for good: by a code of 500 or more (RFC 5321, section 4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500
