"""The `quizapp` command.

Exit codes: 0 all is well; 1 something was found or could not be done; 2 the command was used
wrongly; 3 the configuration is unsafe or cannot be used.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from random import SystemRandom
from typing import Any

import click
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from quizapp import __version__, config, question_folder, server
from quizapp.config import PREFIX, Settings, UnsafeConfiguration, UnusableSetting, program
from quizapp.db import migrate
from quizapp.db.engine import UnsupportedDatabase, database_url, make_engine, sqlite_file
from quizapp.db.models import Role
from quizapp.db.queries import reviewing as reviewing_of
from quizapp.db.queries.accounts import account_named
from quizapp.domain import checking, fixing, names
from quizapp.domain.bank import Bank
from quizapp.domain.coverage import LEVELS, Coverage, coverage
from quizapp.domain.findings import Finding, Severity
from quizapp.domain.flaws import CATALOGUE
from quizapp.domain.questions import Deck
from quizapp.extensions import db
from quizapp.mail import Letter, Mailer, NotSent
from quizapp.operations import accounts, doctor, optimising, reviewing, tallies
from quizapp.server import counted, named_to_open

FOUND, MISCONFIGURED = 1, 3

FORMATS = ("text", "json", "github")

PLACES_SHOWN = 5
"""As many places of a kind does the doctor name unless asked for all."""


class Commands(click.Group):
    """Commands that end in words, not in a traceback, where an operator has something to mend."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UnusableSetting as error:
            click.echo(f"The configuration cannot be used: {error}", err=True)
            sys.exit(MISCONFIGURED)
        except UnsafeConfiguration as error:
            _say_problems(error)
        except server.NotReady as error:
            raise click.ClickException(str(error)) from error
        except OperationalError as error:
            if error.statement is not None:  # it was reached, and something else is wrong
                raise
            raise click.ClickException(server.out_of_reach(_settings(), error)) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="quizapp")
def main() -> None:
    """Questions in text files, answers in a browser, scores in a database."""


@main.command()
@click.option("--host", help="Address to listen on (also HOST). 127.0.0.1 if not given.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (also PORT).")
@click.option("--dev", is_flag=True, help="Debug mode with reload, on this machine only.")
def run(host: str | None, port: int | None, dev: bool) -> None:
    """Prepare the database, load the questions and serve the app."""
    settings = _settings()
    settings = replace(settings, host=host or settings.host, port=port or settings.port)
    serve = server.serve_for_development if dev else server.serve
    # Told to stop before it serves, it stops as it does later: that is no failure.
    with suppress(KeyboardInterrupt):
        if not dev:
            config.check_production(settings)
        if not server.is_running_from_reloader():
            server.check_port(settings)
            server.tell(settings.questions, server.prepare(settings))
        serve(settings, partial(_announce, settings))


@main.group()
def questions() -> None:
    """Check, load and mend question files."""


@questions.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path), default="questions")
@click.option("--json", "as_json", is_flag=True, help="Print findings as JSON.")
@click.option("--format", "layout", type=click.Choice(FORMATS), help="text if not given.")
@click.option(
    "--fail-on", type=click.Choice(["error", "warning"]), default="error", show_default=True
)
def check(path: Path, as_json: bool, layout: str | None, fail_on: str) -> None:
    """Check a question file or a folder of them. Needs no database."""
    layout = _layout(as_json, layout)
    bank = _load(path)
    findings = [named_to_open(finding, _folder(path)) for finding in checking.check(bank).findings]
    _PRINTERS[layout](findings)
    if not bank.files:
        raise click.ClickException(f"No question files in {path}.")
    if layout == "text":
        _sum_up(findings, bank)
    weighs = {Severity.ERROR} if fail_on == "error" else set(Severity)
    if any(finding.severity in weighs for finding in findings):
        sys.exit(FOUND)


@questions.command()
def sync() -> None:
    """Load the question folder into the database."""
    settings = _settings()
    _require_schema(settings)
    report = server.load_questions(settings)
    server.tell(settings.questions, report)
    if report.refused:
        sys.exit(FOUND)


@questions.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path), default="questions")
def fix(path: Path) -> None:
    """Write the ids that questions lack into their files."""
    files = question_folder.read_folder(path) if path.is_dir() else {path.name: path.read_bytes()}
    written = 0
    for name, data in files.items():
        mended = fixing.with_ids(data, name)
        ids = sum(
            old != new for old, new in zip(data.splitlines(), mended.splitlines(), strict=True)
        )
        if ids:
            file = _folder(path) / name
            file.write_bytes(mended)
            click.echo(f"{file}: {counted(ids, 'id')} written")
        written += ids
    if not written:
        click.echo("No id was missing.", err=True)


@questions.command("list")
@click.argument("path", type=click.Path(exists=True, path_type=Path), default="questions")
@click.option("--json", "as_json", is_flag=True, help="Print the decks as JSON.")
def list_(path: Path, as_json: bool) -> None:
    """List the decks of a folder with their number of questions. Needs no database."""
    bank = _load(path)
    decks = [_summary(deck) for deck in bank.decks]
    if as_json:
        click.echo(json.dumps({"decks": decks}, ensure_ascii=False, indent=2))
    else:
        for deck in decks:
            click.echo(f"{deck['questions']:>4}  {deck['slug']:<30} {deck['title']}")
    for file in bank.files:
        if file.document is None:
            name = _folder(path) / file.name
            click.echo(f"{name} is refused and left out: `questions check` says why.", err=True)


@questions.command("coverage")
@click.argument("path", type=click.Path(exists=True, path_type=Path), default="questions")
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON.")
def coverage_(path: Path, as_json: bool) -> None:
    """Count questions by passage and level. Needs no database."""
    bank = _load(path)
    counted = coverage(bank.decks, bank.sources)
    if as_json:
        values = _coverage_values(counted, len(checking.check(bank).waived))
        click.echo(json.dumps(values, ensure_ascii=False, indent=2))
    else:
        _print_coverage(counted)


@main.group("db")
def database() -> None:
    """The database's schema and tallies."""


@database.command()
def upgrade() -> None:
    """Bring the schema up to date."""
    settings = _settings()
    migrate.upgrade(settings.database_url)
    click.echo(f"The schema is at {migrate.current(settings.database_url)}.")


@database.command()
def current() -> None:
    """Show which schema the database has and which one this version needs."""
    settings = _settings()
    here, needed = migrate.current(settings.database_url), migrate.newest()
    place = f"is at {here}" if here else "has no schema yet"
    click.echo(f"The database {place}; this version needs {needed}.")
    if here != needed:
        sys.exit(FOUND)


@database.command("tallies")
@click.option("--rebuild", is_flag=True, help="Count them anew from the responses.")
def check_tallies(rebuild: bool) -> None:
    """Check the tallies of answers against the answers themselves."""
    settings = _settings()
    _require_schema(settings)
    with _session(settings) as session:
        if rebuild:
            click.echo(f"Counted anew: {counted(tallies.rebuild(session), 'question version')}.")
        wrong = tallies.wrong_tallies(session)
    if wrong:
        raise click.ClickException(
            f"{counted(len(wrong), 'version')} miscounted: run `{program()} db tallies --rebuild`"
        )
    click.echo("All tallies agree with the answers.")


@main.command("doctor")
@click.option("--mend", is_flag=True, help="Make anew what follows from something else.")
@click.option("--all", "shows_all", is_flag=True, help="Show every single place.")
def doctor_(mend: bool, shows_all: bool) -> None:
    """Check everything that is kept against what it follows from."""
    settings = _settings()
    _require_schema(settings)
    with _session(settings) as session:
        now = datetime.now(UTC)
        found = doctor.mend(session, now) if mend else doctor.examine(session, now)
    if not found:
        click.echo("All is well: everything that is kept agrees.")
        return
    _say_symptoms(found, len(found) if shows_all else PLACES_SHOWN)
    sys.exit(FOUND)


@main.group("accounts")
def accounts_() -> None:
    """Accounts of people who teach."""


@accounts_.command("create-instructor")
@click.argument("name")
@click.option("--admin", is_flag=True, help="One who sees everybody's files and classes.")
def create_instructor(name: str, admin: bool) -> None:
    """Make an instructor account and print a link that signs it in once."""
    settings = _settings()
    _require_schema(settings)
    if not names.fits(name):
        raise click.BadParameter(f"give a name of 1 to {names.LONGEST} characters")
    role = Role.ADMIN if admin else Role.INSTRUCTOR
    with _session(settings) as session:
        link = accounts.create_instructor(session, name, SystemRandom(), datetime.now(UTC), role)
    _print_link(settings, link)


@accounts_.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice([role.value for role in Role]))
def role_(name: str, role: str) -> None:
    """Let an account do what a learner, an instructor or an admin may."""
    settings = _settings()
    _require_schema(settings)
    try:
        with _session(settings) as session:
            accounts.set_role(session, name, Role(role), datetime.now(UTC))
    except accounts.NoSuchAccount as error:
        raise _nobody_named(name) from error
    click.echo(f"{name} is now {'an' if role[0] in 'ai' else 'a'} {role}.")


@accounts_.command("link")
@click.argument("name")
def link_(name: str) -> None:
    """Print a link that signs an account in once, for someone who forgot the password."""
    settings = _settings()
    _require_schema(settings)
    with _session(settings) as session:
        link = accounts.create_link(session, name, SystemRandom(), datetime.now(UTC))
    if link is None:
        raise _nobody_named(name)
    _print_link(settings, link)


def _nobody_named(name: str) -> click.ClickException:
    return click.ClickException(f"no account has the name {name!r}: see how it is spelled")


def _print_link(settings: Settings, link: str) -> None:
    hours = int(accounts.LINK_LIFETIME.total_seconds() // 3600)
    click.echo(f"{_address(settings)}/links/{link}")
    click.echo(f"Good once, for {hours} hours; pass it on privately.", err=True)


@main.group()
def study() -> None:
    """Spaced review: cards, and the memory model behind them."""


@study.command("rebuild")
@click.option("--account", "name", help="Only of the account with this name.")
def rebuild_cards(name: str | None) -> None:
    """Make all review cards anew from the answers."""
    settings = _settings()
    _require_schema(settings)
    with _session(settings) as session:
        whose = reviewing_of.learners(session) if name is None else [_account_id(session, name)]
        now = datetime.now(UTC)
        done = [reviewing.rebuild_cards(session, account_id, now) for account_id in whose]
    cards, different = sum(cards for cards, _ in done), sum(changed for _, changed in done)
    click.echo(
        f"Made anew: {counted(cards, 'card')} of {counted(len(whose), 'learner')}; "
        f"{different} came out different."
    )


@study.command("optimise")
@click.option("--account", "name", help="Fit to the account with this name.")
@click.option("--class", "class_id", help="Fit to a class, by the id in its address.")
def optimise_(name: str | None, class_id: str | None) -> None:
    """Fit the memory model to the answers of a learner or of a class."""
    if (name is None) == (class_id is None):
        raise click.UsageError("give either --account or --class")
    settings = _settings()
    _require_schema(settings)
    try:
        fit = optimising.installed_fit()
        with _session(settings) as session:
            whose = _students(session, class_id) if class_id else [_account_id(session, name or "")]
            answers = optimising.optimise(session, whose, fit, datetime.now(UTC))
    except optimising.NotInstalled as error:
        raise click.ClickException("this needs quizapp[optimise]: install it first") from error
    except optimising.TooFewAnswers as error:
        raise click.ClickException(
            f"too few answers on a later day to fit anything (n = {error.count}): "
            f"it takes {optimising.ENOUGH}"
        ) from error
    click.echo(
        f"Fitted to {counted(answers, 'answer')} and kept for {counted(len(whose), 'learner')}."
    )


def _account_id(session: Session, name: str) -> int:
    found = account_named(session, names.key(name))
    if found is None:
        raise _nobody_named(name)
    return found.id


def _students(session: Session, class_id: str) -> list[int]:
    students = reviewing_of.students_of(session, class_id)
    if not students:
        raise click.ClickException(f"no class has the id {class_id!r}, or nobody is in it")
    return students


@main.group("mail")
def mail_() -> None:
    """Sending e-mail."""


@mail_.command("test")
@click.argument("address")
def test_mail(address: str) -> None:
    """Send a mail to an address, to see that it arrives."""
    settings = config.load()
    if not settings.smtp_url:
        raise click.ClickException(f"set {PREFIX}SMTP_URL and {PREFIX}MAIL_FROM first")
    letter = Letter(address, "A test from quizapp", "Mail from quizapp arrives here.\n")
    try:
        Mailer(settings.smtp_url, settings.mail_from).send(letter)
    except NotSent as error:
        raise click.ClickException(f"the mail was not taken by {error}") from error
    click.echo(f"The mail server has taken a mail to {address}: see whether it arrives.")


@main.group()
def reminders() -> None:
    """Telling learners by mail what is due."""


@reminders.command("send")
def send_reminders() -> None:
    """Send the reminders that are due now, for who calls this by a timer of their own."""
    settings = _settings()
    _require_schema(settings)
    if not settings.smtp_url:
        raise click.ClickException(f"set {PREFIX}SMTP_URL and {PREFIX}MAIL_FROM first")
    from quizapp.app import create_app  # noqa: PLC0415  # other commands need no app
    from quizapp.web.reminding import send_what_is_due  # noqa: PLC0415  # no more than the app

    app = create_app(settings)
    with app.test_request_context(base_url=_address(settings)):
        sent = send_what_is_due(datetime.now(UTC))
    with app.app_context():
        db.engine.dispose()
    click.echo(f"{counted(sent.taken, 'reminder')} sent.")
    if sent.refused:
        raise click.ClickException(
            f"{counted(sent.refused, 'reminder')} not sent, the log says why: "
            "what was not refused for good is due still"
        )


def _settings() -> Settings:
    settings = config.load()
    try:
        url = database_url(settings.database_url)
    except UnsupportedDatabase as error:
        raise UnusableSetting(f"{PREFIX}DATABASE_URL: {error}") from error
    file = sqlite_file(url)
    if file is None and find_spec("psycopg") is None:
        raise UnusableSetting("PostgreSQL needs psycopg, install quizapp[postgres]")
    if file is not None and not file.parent.is_dir():
        raise UnusableSetting(
            f"{PREFIX}DATABASE_URL: there is no folder {file.parent}, make it or name another"
        )
    return settings


@contextmanager
def _session(settings: Settings) -> Iterator[Session]:
    engine = make_engine(settings.database_url)
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def _address(settings: Settings) -> str:
    """Where learners reach the app: as settings say, else as the server that runs does."""
    is_given = settings.base_url or os.environ.get("HOST") or os.environ.get("PORT")
    return (not is_given and server.address_in_use(settings)) or settings.addresses[-1]


def _announce(settings: Settings) -> None:
    places = " and ".join(settings.addresses)
    click.echo(f"quizapp {__version__} is at {places}  (Ctrl+C stops it)")
    if not settings.behind_tls and settings.host not in {"127.0.0.1", "::1", "localhost"}:
        click.echo(
            "Careful: without TLS, passwords travel open over the network. Put a TLS proxy in "
            "front and set QUIZAPP_BASE_URL=https://... (docs/operators).",
            err=True,
        )


def _say_problems(error: UnsafeConfiguration) -> None:
    click.echo("quizapp does not start, because its configuration is unsafe:", err=True)
    for what, mend in error.problems:
        click.echo(f"- {what}\n  mend: {mend}", err=True)
    sys.exit(MISCONFIGURED)


def _require_schema(settings: Settings) -> None:
    if migrate.current(settings.database_url) != migrate.newest():
        raise server.NotReady(server.OLD_SCHEMA.format(program()))


def _say_symptoms(found: Iterable[doctor.Symptom], most: int) -> None:
    """What is wrong, kind by kind, each with its mend and the first places."""
    for kind, group in groupby(found, key=lambda symptom: symptom.kind):
        symptoms = list(group)
        click.echo(f"{kind}: {counted(len(symptoms), 'place')}")
        for symptom in symptoms[:most]:
            click.echo(f"  {symptom.where}: {symptom.what}")
        if len(symptoms) > most:
            click.echo(f"  and {len(symptoms) - most} more, which --all shows")
        click.echo(f"  mend: {doctor.MENDS[kind]}")


def _load(path: Path) -> Bank:
    try:
        return question_folder.load(path)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error}") from error


def _folder(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def _layout(as_json: bool, layout: str | None) -> str:
    if as_json and layout not in {None, "json"}:
        raise click.UsageError(f"--json and --format {layout} exclude each other")
    return layout or ("json" if as_json else "text")


def _coverage_values(counted: Coverage, waived: int) -> dict[str, object]:
    levels = {str(level): counted.by_level.get(level, 0) for level in LEVELS}
    if unstated := counted.by_level.get(None):
        levels["unstated"] = unstated
    return {
        "questions": counted.questions,
        "decks": counted.decks,
        "passages": counted.by_passage,
        "levels": levels,
        "waived": waived,
    }


def _print_coverage(counted: Coverage) -> None:
    click.echo(f"{'passage':<20}" + "".join(f"level {level:<4}" for level in LEVELS) + "all")
    for passage, questions in counted.by_passage.items():
        cells = [counted.by_cell.get((passage, level), 0) for level in LEVELS]
        numbers = "".join(f"{cell or '-':<10}" for cell in cells)
        click.echo(f"{passage:<20}{numbers}{questions or 'none: no question tests this passage'}")
    click.echo(f"{counted.questions} questions in {counted.decks} decks.")


def _summary(deck: Deck) -> dict[str, str | int]:
    return {
        "slug": deck.slug,
        "title": deck.title,
        "topic": deck.topic,
        "source": deck.source,
        "questions": len(deck.questions),
    }


def _print_text(findings: Iterable[Finding]) -> None:
    for finding in findings:
        click.echo(f"{finding}  [{finding.severity} {finding.rule}]")
        if finding.rule in CATALOGUE:
            click.echo(f"    {CATALOGUE[finding.rule].why}")


def _sum_up(findings: list[Finding], bank: Bank) -> None:
    questions = sum(len(deck.questions) for deck in bank.decks)
    size = f"{counted(len(bank.files), 'file')}, {counted(questions, 'question')}"
    found = f"{counted(len(findings), 'finding')}." if findings else f"Nothing to mend in {size}."
    click.echo(found, err=True)


def _print_json(findings: Iterable[Finding]) -> None:
    values = {"findings": [finding.as_dict() for finding in findings]}
    click.echo(json.dumps(values, ensure_ascii=False, indent=2))


def _print_github(findings: Iterable[Finding]) -> None:
    """The workflow commands that code hosts show beside the line."""
    for f in findings:
        text = f"{f.message}; {f.mend}".replace("%", "%25").replace("\n", "%0A")
        place = f.file.replace("%", "%25").replace(",", "%2C").replace(":", "%3A")
        click.echo(f"::{f.severity} file={place},line={f.line},title={f.rule}::{text}")


_PRINTERS = {"text": _print_text, "json": _print_json, "github": _print_github}
