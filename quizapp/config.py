"""Settings: from the environment, else from `instance/config.py`, else defaults that are safe."""

import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from flask.config import Config

from quizapp.db.engine import UnsupportedDatabase, database_url
from quizapp.paths import shipped

PREFIX = "QUIZAPP_"
SHORTEST_SECRET = 32


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

    @property
    def behind_tls(self) -> bool:
        """Whether learners reach the app by https, so that cookies may insist on it."""
        return self.base_url.startswith("https://")

    @property
    def hosts(self) -> list[str]:
        """The host names that requests may ask for."""
        own = {"localhost", "127.0.0.1", "[::1]"}
        if self.base_url:
            own.add(urlsplit(self.base_url).hostname or "")
        if _is_any_address(self.host):
            own |= _addresses_of_this_machine()
        else:
            own.add(self.host)
        return sorted((own | set(self.trusted_hosts)) - {""})


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force; creates the instance folder and its secret where missing."""
    instance = Path(environ.get(PREFIX + "INSTANCE") or "instance").absolute()
    instance.mkdir(parents=True, exist_ok=True)
    given = _from_file(instance) | _from_environment(environ)
    return Settings(
        instance=instance,
        questions=Path(given.get("QUESTIONS") or shipped("questions")).absolute(),
        database_url=given.get("DATABASE_URL") or f"sqlite:///{instance / 'quizapp.sqlite3'}",
        secret_key=given.get("SECRET_KEY") or _kept_secret(instance / "secret_key"),
        host=environ.get("HOST") or given.get("HOST") or "127.0.0.1",
        port=int(environ.get("PORT") or given.get("PORT") or 8000),
        workers=int(given.get("WORKERS") or 2),
        base_url=(given.get("BASE_URL") or "").rstrip("/"),
        trusted_hosts=_words(given.get("TRUSTED_HOSTS", "")),
        proxy_hops=int(given.get("PROXY_HOPS") or 0),
        max_content_length=int(given.get("MAX_CONTENT_LENGTH") or 2 * 1024 * 1024),
        debug=(given.get("DEBUG") or "").lower() in {"1", "true", "yes", "on"},
    )


def check_production(settings: Settings) -> None:
    """Raise UnsafeConfiguration, with the mend of each problem, where a start would be unsafe."""
    problems = [problem for rule in _RULES if (problem := rule(settings))]
    if problems:
        raise UnsafeConfiguration(problems)


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    return {k.removeprefix(PREFIX): v for k, v in environ.items() if k.startswith(PREFIX)}


def _from_file(instance: Path) -> dict[str, str]:
    config = Config(instance)
    config.from_pyfile("config.py", silent=True)
    return {name: _text(value) for name, value in config.items()}


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return " ".join(str(part) for part in value)
    return "" if value is None else str(value)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def _kept_secret(file: Path) -> str:
    """The secret of this installation, made at the first start, readable by its owner alone."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(descriptor, "w") as out:
        out.write(secrets.token_urlsafe(48) + "\n")
    return file.read_text().strip()


def _is_any_address(host: str) -> bool:
    return host in {"0.0.0.0", "::", ""}  # noqa: S104  # compared with, not bound to


def _addresses_of_this_machine() -> set[str]:
    name = socket.gethostname()
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(name, None)}
    except OSError:
        found = set()
    return {name, *(f"[{a}]" if ip_address(a.split("%")[0]).version == 6 else a for a in found)}


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
        "unset QUIZAPP_DEBUG, or use `quizapp run --dev` on your own machine",
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
