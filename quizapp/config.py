"""Settings: from the environment, else from `instance/config.py`, else defaults that are safe."""

import os
import secrets
import shutil
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from flask.config import Config

from quizapp import mail
from quizapp.db.engine import UnsupportedDatabase, database_url
from quizapp.paths import shipped

PREFIX = "QUIZAPP_"
SHORTEST_SECRET = 32
UNPREFIXED = ("HOST", "PORT")
ANY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104  # compared with, not bound to

# Addresses kept for documentation: nobody's, and beyond every network of one's own.
_ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))


class UnusableSetting(ValueError):
    """Nothing can be done with the value of a setting; the message names it, with the mend."""


class UnsafeConfiguration(Exception):
    """A production start would be unsafe. `problems` pairs what is wrong with its mend."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{what}: {mend}" for what, mend in problems))


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs from one installation to the next."""

    instance: Path
    questions: Path
    database_url: str
    secret_key: str
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    base_url: str = ""
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    max_content_length: int = 2 * 1024 * 1024
    debug: bool = False
    smtp_url: str = ""
    mail_from: str = ""

    @property
    def behind_tls(self) -> bool:
        """Whether learners reach the app by https, so that cookies may insist on it."""
        return self.base_url.startswith("https://")

    @property
    def hosts(self) -> list[str]:
        """The host names that requests may ask for, as browsers send them."""
        named = {"localhost", "127.0.0.1", "::1", *self.trusted_hosts}
        named.add(urlsplit(self.base_url).hostname or "localhost")
        named |= _this_machine() if self._is_everywhere else {self.host}
        return sorted(_as_asked_for(name) for name in named)

    @property
    def addresses(self) -> list[str]:
        """Where browsers reach the app: on this machine first, then from elsewhere."""
        if self.base_url:
            return [self.base_url]
        hosts = ["127.0.0.1", *_outgoing(self.host)] if self._is_everywhere else [self.host]
        return [f"http://{_as_asked_for(host)}:{self.port}" for host in hosts]

    @property
    def _is_everywhere(self) -> bool:
        return self.host in ANY_ADDRESS


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force; creates the instance folder and its secret where missing.

    Raises UnusableSetting.
    """
    instance = Path(environ.get(PREFIX + "INSTANCE") or "instance").absolute()
    try:
        instance.mkdir(parents=True, exist_ok=True)
        given = _from_file(instance) | _from_environment(environ)
        secret_key = given.get("SECRET_KEY") or _kept_secret(instance / "secret_key")
    except OSError as error:
        raise UnusableSetting(
            f"{PREFIX}INSTANCE: {error.filename or instance} cannot be used ({error.strerror}), "
            "name a folder in which you may write"
        ) from error
    smtp_url, mail_from = _mail(given)
    return Settings(
        instance=instance,
        questions=Path(given.get("QUESTIONS") or shipped("questions")).absolute(),
        database_url=given.get("DATABASE_URL") or f"sqlite:///{instance / 'quizapp.sqlite3'}",
        secret_key=secret_key,
        host=given.get("HOST") or "127.0.0.1",
        port=_number(given, "PORT", 1, 65535) or 8000,
        workers=_number(given, "WORKERS", 1, 256) or 2,
        base_url=(given.get("BASE_URL") or "").rstrip("/"),
        trusted_hosts=_words(given.get("TRUSTED_HOSTS", "")),
        proxy_hops=_number(given, "PROXY_HOPS", 0, 16) or 0,
        max_content_length=_number(given, "MAX_CONTENT_LENGTH", 1024, 2**30) or 2 * 1024 * 1024,
        debug=(given.get("DEBUG") or "").lower() in {"1", "true", "yes", "on"},
        smtp_url=smtp_url,
        mail_from=mail_from,
    )


def listening_address(host: str) -> str:
    """The IP address of a host to listen on, of IPv4 where it has one. Raises UnusableSetting."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnusableSetting(
            f"HOST {host!r} is no address and no name known here, "
            "name 127.0.0.1 (this machine only) or 0.0.0.0 (its network, too)"
        ) from error
    addresses = [str(info[4][0]) for info in found]
    return next((address for address in addresses if ":" not in address), addresses[0])


def as_opened(path: Path) -> str:
    """The path as someone would write it to open the file: relative to where they are, if below."""
    here = Path.cwd()
    absolute = path.absolute()
    return (absolute.relative_to(here) if absolute.is_relative_to(here) else path).as_posix()


def program() -> str:
    """This program as it was called, so that a mend can be copied: `.venv/bin/quizapp`."""
    called = Path(sys.argv[0])
    on_path = shutil.which(called.name)
    is_on_path = on_path is not None and Path(on_path) == called.absolute()
    return called.name if is_on_path else as_opened(called)


def check_production(settings: Settings) -> None:
    """Raise UnsafeConfiguration, with the mend of each problem, where a start would be unsafe."""
    problems = [problem for rule in _RULES if (problem := rule(settings))]
    if problems:
        raise UnsafeConfiguration(problems)


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What the environment says, by name without prefix; hosting services set HOST and PORT."""
    prefixed = {k.removeprefix(PREFIX): v for k, v in environ.items() if k.startswith(PREFIX)}
    return prefixed | {name: environ[name] for name in UNPREFIXED if environ.get(name)}


def _from_file(instance: Path) -> dict[str, str]:
    config = Config(instance)
    try:
        config.from_pyfile("config.py", silent=True)
    except Exception as error:  # it is the operator's own program: anything may go wrong in it
        raise UnusableSetting(f"{instance / 'config.py'} cannot be read: {error}") from error
    return {name: _text(value) for name, value in config.items()}


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return " ".join(str(part) for part in value)
    return "" if value is None else str(value)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def _number(given: Mapping[str, str], name: str, least: int, most: int) -> int | None:
    """A setting that is a whole number, None where it is not given. Raises UnusableSetting."""
    text = given.get(name)
    if not text:
        return None
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if least <= number <= most:
        return number
    called = name if name in UNPREFIXED else PREFIX + name
    raise UnusableSetting(f"{called} is {text!r}, set it to a whole number from {least} to {most}")


def _mail(given: Mapping[str, str]) -> tuple[str, str]:
    """The mail server and the address that mail comes from. Raises UnusableSetting."""
    url, sender = given.get("SMTP_URL", ""), given.get("MAIL_FROM", "")
    if not url:
        return "", sender
    try:
        mail.server_at(url)
    except mail.BadServer as error:  # which may hold a password, so it is not shown
        raise UnusableSetting(f"{PREFIX}SMTP_URL cannot be used: {error}") from error
    if not mail.is_address(sender):
        raise UnusableSetting(
            f"{PREFIX}MAIL_FROM is {sender!r}, set it to the address that mail comes from"
        )
    return url, sender


def _kept_secret(file: Path) -> str:
    """The secret of this installation, made at the first start, readable by its owner alone."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(descriptor, "w") as out:
        out.write(secrets.token_urlsafe(48) + "\n")
    return file.read_text().strip()


class _Bracketed(str):
    """An IPv6 address in brackets. Werkzeug cuts the names it trusts at the first colon, as if a
    port began there, and would never recognise one; this one stays whole.
    """

    __slots__ = ()

    def partition(self, _separator: str, /) -> tuple[str, str, str]:
        return (str(self), "", "")


def _as_asked_for(host: str) -> str:
    """A host as addresses and Host headers have it: in lower case, IPv6 in brackets."""
    try:
        address = ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return host.lower()
    return _Bracketed(f"[{address}]") if address.version == 6 else str(address)


def _this_machine() -> set[str]:
    """The name and the addresses of this machine, as far as it knows them."""
    name = socket.gethostname()
    found = {name, *_outgoing("::")}
    with suppress(OSError):
        found |= {str(info[4][0]) for info in socket.getaddrinfo(name, None)}
    return found


def _outgoing(host: str) -> list[str]:
    """The addresses from which this machine reaches others, which find it there; of IPv6 only
    where it listens on that. Its name often leads to 127.0.1.1 alone.
    """
    found: list[str] = []
    for family, elsewhere in _ELSEWHERE if host == "::" else _ELSEWHERE[:1]:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((elsewhere, 9))  # sends nothing: it only chooses a way
            found.append(str(probe.getsockname()[0]))
    return found


def _short_secret(settings: Settings) -> tuple[str, str] | None:
    if len(settings.secret_key) >= SHORTEST_SECRET and len(set(settings.secret_key)) > 8:
        return None
    return (
        f"the secret key is shorter than {SHORTEST_SECRET} characters or easy to guess",
        "remove QUIZAPP_SECRET_KEY: a good one is made in the instance folder",
    )


def _open_secret(settings: Settings) -> tuple[str, str] | None:
    file = settings.instance / "secret_key"
    if os.name != "posix" or not file.exists() or not file.stat().st_mode & 0o077:
        return None
    return (f"other users of this machine can read {file}", f"run: chmod 600 {file}")


def _debug(settings: Settings) -> tuple[str, str] | None:
    if not settings.debug:
        return None
    return (
        "DEBUG is on, which would show code and settings to visitors",
        f"unset QUIZAPP_DEBUG, or use `{program()} run --dev` on your own machine",
    )


def _any_host(settings: Settings) -> tuple[str, str] | None:
    if not {"*", "."} & set(settings.trusted_hosts):
        return None
    return (
        "TRUSTED_HOSTS accepts any host name, so links could be made to point elsewhere",
        "name the hosts: QUIZAPP_TRUSTED_HOSTS=quiz.example.org",
    )


def _plain_base_url(settings: Settings) -> tuple[str, str] | None:
    parts = urlsplit(settings.base_url)
    if not settings.base_url or parts.scheme == "https":
        return None
    if parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}:
        return None
    return (
        f"BASE_URL {settings.base_url!r} is not an https address, so passwords would travel open",
        "put a TLS proxy in front and set QUIZAPP_BASE_URL=https://...",
    )


def _bad_database(settings: Settings) -> tuple[str, str] | None:
    try:
        database_url(settings.database_url)
    except (UnsupportedDatabase, ValueError) as error:
        return (
            f"the database cannot be used: {error}",
            "set QUIZAPP_DATABASE_URL=postgresql://user:password@host/name, or unset it for SQLite",
        )
    return None


_RULES = (_short_secret, _open_secret, _debug, _any_host, _plain_base_url, _bad_database)
