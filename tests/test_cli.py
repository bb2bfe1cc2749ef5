import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from quizapp import __version__, config
from quizapp.app import create_app
from quizapp.cli import main
from quizapp.db.models import Role
from quizapp.db.queries.accounts import account_named
from quizapp.extensions import db
from tests.support import bank, cast
from tests.support.bank import BROKEN, BROKEN_LINE, FILES
from tests.support.browsing import Browser
from tests.support.cast import sessions
from tests.support.mailbox import free_port, mail_server

SOUND = """\
---
title: Springs
source: notes
---

## How many metres long is the spring of the second example? {#long source=p1}

- [x] Sixteen
- [ ] Twelve
  > That is the first example.
- [ ] Twenty
  > That is the third example.

> Twice eight.
"""
"""A deck without anything to mend."""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An instance and a question folder of this test's own."""
    return {
        "QUIZAPP_INSTANCE": str(tmp_path / "instance"),
        "QUIZAPP_QUESTIONS": str(tmp_path / "questions"),
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The question folder with the small bank in it."""
    write(tmp_path / "questions", FILES)
    return tmp_path / "questions"


@pytest.fixture
def on_database(environment, database_url, folder) -> dict[str, str]:
    """The environment of an installation with a migrated database."""
    return {**environment, "QUIZAPP_DATABASE_URL": database_url}


def write(folder: Path, files) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)


def quizapp(*arguments: object, environment: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, [str(part) for part in arguments], env=environment)


def broken(folder: Path) -> Path:
    write(folder, {"geo/rivers.md": BROKEN})
    return folder


# quizapp


def test_the_version_is_told():
    result = quizapp("--version")
    assert (result.exit_code, result.output) == (0, f"quizapp, version {__version__}\n")


@pytest.mark.parametrize(
    "command",
    [
        (),
        ("run",),
        ("questions",),
        ("questions", "check"),
        ("questions", "sync"),
        ("questions", "fix"),
        ("questions", "list"),
        ("questions", "coverage"),
        ("db",),
        ("db", "upgrade"),
        ("db", "current"),
        ("db", "tallies"),
        ("doctor",),
        ("accounts",),
        ("accounts", "create-instructor"),
        ("accounts", "role"),
        ("mail", "test"),
        ("accounts", "link"),
    ],
    ids=" ".join,
)
def test_every_command_explains_itself(command):
    for flag in ("--help", "-h"):
        result = quizapp(*command, flag)
        assert result.exit_code == 0
        assert len(result.output.splitlines()[2].strip()) > 15


@pytest.mark.parametrize(
    "command",
    [
        ("walk",),
        ("questions", "check", "--shout"),
        ("questions", "check", "nowhere"),
        ("questions", "check", "--json", "--format", "github", "."),
    ],
)
def test_a_command_used_wrongly_exits_with_2(command):
    assert quizapp(*command).exit_code == 2


# quizapp questions check


@pytest.mark.parametrize(
    ("path", "size"), [("", "2 files, 1 question"), ("legs.md", "1 file, 1 question")]
)
def test_a_sound_bank_passes_and_its_size_is_told(tmp_path, path, size):
    write(tmp_path, {"notes.md": bank.SOURCE, "legs.md": SOUND})
    result = quizapp("questions", "check", tmp_path / path)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"Nothing to mend in {size}.\n"


def test_findings_are_counted_in_words(folder):
    findings = json.loads(quizapp("questions", "check", "--json", folder).stdout)["findings"]
    told = quizapp("questions", "check", folder).stderr
    assert told == f"{len(findings)} findings.\n"
    only = "---\ntitle: Numbers\n---\n\n## Which is one? {#one}\n\n- [ ] 1\n- [ ] 2\n"
    write(folder, {"other/numbers.md": only})
    assert quizapp("questions", "check", folder / "other").stderr.startswith("1 finding.")


@pytest.mark.parametrize("layout", ["text", "json", "github"])
def test_a_folder_without_question_files_does_not_pass(tmp_path, layout):
    result = quizapp("questions", "check", "--format", layout, tmp_path)
    assert result.exit_code == 1
    assert f"No question files in {tmp_path}." in result.stderr


def test_json_may_be_asked_for_in_both_ways_at_once(folder):
    result = quizapp("questions", "check", "--json", "--format", "json", folder)
    assert json.loads(result.stdout)["findings"] is not None


def test_findings_have_the_path_from_where_one_is(folder, monkeypatch):
    monkeypatch.chdir(broken(folder).parent)
    result = quizapp("questions", "check", folder)
    assert f"\nquestions/geo/rivers.md:{BROKEN_LINE}: no choice" in "\n" + result.stdout


def test_a_broken_file_is_told_by_path_and_line_with_its_mend(folder):
    result = quizapp("questions", "check", broken(folder))
    assert result.exit_code == 1
    assert f"{folder}/geo/rivers.md:{BROKEN_LINE}: no choice is marked as the key" in result.stdout
    assert "[error " in result.stdout


def test_one_file_is_checked_beside_its_source(folder):
    result = quizapp("questions", "check", "--json", broken(folder) / "geo/rivers.md")
    files = {finding["file"] for finding in json.loads(result.stdout)["findings"]}
    assert files == {f"{folder}/geo/rivers.md"}


def test_findings_as_json_have_their_six_fields(folder):
    result = quizapp("questions", "check", "--json", broken(folder))
    assert result.exit_code == 1
    findings = json.loads(result.stdout)["findings"]
    errors = [finding for finding in findings if finding["severity"] == "error"]
    assert [set(finding) for finding in findings] == [
        {"file", "line", "rule", "severity", "message", "mend"}
    ] * len(findings)
    assert [(e["file"], e["line"]) for e in errors] == [(f"{folder}/geo/rivers.md", BROKEN_LINE)]


def test_findings_for_code_hosts_name_file_and_line(folder):
    result = quizapp("questions", "check", "--format", "github", broken(folder))
    (error,) = [line for line in result.stdout.splitlines() if line.startswith("::error")]
    assert f"file={folder}/geo/rivers.md,line={BROKEN_LINE},title=" in error
    assert "::no choice is marked as the key" in error


def test_a_warning_fails_the_check_only_where_that_is_asked_for(folder):
    clued = bank.SEAS.replace("- [ ] Fish", "- [ ] All of the above")
    write(folder, {"geo/seas.md": clued})
    path = folder / "geo/seas.md"
    findings = json.loads(quizapp("questions", "check", "--json", path).stdout)["findings"]
    assert {finding["severity"] for finding in findings} == {"warning"}
    assert quizapp("questions", "check", path).exit_code == 0
    assert quizapp("questions", "check", "--fail-on", "warning", path).exit_code == 1


def test_checking_needs_no_instance_and_makes_none(folder, environment, tmp_path):
    assert quizapp("questions", "check", folder, environment=environment).exit_code == 0
    assert not (tmp_path / "instance").exists()


# quizapp questions list and fix


def test_decks_are_listed_with_their_number_of_questions(folder):
    result = quizapp("questions", "list", folder)
    assert result.exit_code == 0
    lines = [line.split(maxsplit=2) for line in result.stdout.splitlines()]
    assert lines == [["4", "rivers", "All about rivers"], ["1", "seas", "All about seas"]]


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_files_left_out_of_the_list_are_named_beside_it(folder, flags):
    result = quizapp("questions", "list", *flags, broken(folder))
    assert result.exit_code == 0
    assert "rivers" not in result.stdout
    assert result.stderr.startswith(f"{folder}/geo/rivers.md is refused and left out")


def test_decks_are_listed_as_json(folder):
    decks = json.loads(quizapp("questions", "list", "--json", folder).stdout)["decks"]
    assert decks[0] == {
        "slug": "rivers",
        "title": "All about rivers",
        "topic": "Rivers",
        "source": "notes",
        "questions": 4,
    }


def test_missing_ids_are_written_in_and_the_file_passes_then(folder):
    path = folder / "geo/seas.md"
    path.write_text(bank.SEAS.replace(" {#salt}", ""))
    assert quizapp("questions", "check", path).exit_code == 1
    result = quizapp("questions", "fix", path)
    assert (result.exit_code, result.stdout) == (0, f"{path}: 1 id written\n")
    assert quizapp("questions", "check", path).exit_code == 0
    again = quizapp("questions", "fix", folder)
    assert (again.exit_code, again.stdout, again.stderr) == (0, "", "No id was missing.\n")


def test_the_ids_written_are_counted_by_file(folder):
    rivers, seas = folder / "geo/rivers.md", folder / "geo/seas.md"
    rivers.write_text(bank.RIVERS.replace("#beginning ", "").replace("#movement ", ""))
    seas.write_text(bank.SEAS.replace(" {#salt}", ""))
    told = quizapp("questions", "fix", folder).stdout
    assert told == f"{rivers}: 2 ids written\n{seas}: 1 id written\n"


# quizapp questions sync


def test_a_sync_loads_the_folder_and_says_so(on_database, database_url, folder):
    result = quizapp("questions", "sync", environment=on_database)
    assert result.exit_code == 0
    assert result.output == f"Questions: 3 files live in {folder}/\n"
    with sessions(database_url) as session:
        assert cast.begin(session, cast.guest(session), "seas")


def test_a_sync_tells_what_it_refuses_under_the_path_from_here_and_exits_with_1(
    on_database, folder, monkeypatch
):
    monkeypatch.chdir(broken(folder).parent)
    result = quizapp("questions", "sync", environment=on_database)
    assert result.exit_code == 1
    told, error = result.output.splitlines()
    assert told == "Questions: 2 files live in questions/, 1 refused, not live yet"
    assert error.startswith(f"  questions/geo/rivers.md:{BROKEN_LINE}: no choice is marked")


def test_a_sync_tells_apart_what_is_live_as_it_was_and_what_is_gone(on_database, folder):
    quizapp("questions", "sync", environment=on_database)
    broken(folder)
    write(folder, {"new.md": "---\ntitle: Empty\n---\n"})
    told = quizapp("questions", "sync", environment=on_database).output.splitlines()[0]
    assert told == (
        f"Questions: 3 files live in {folder}/, 1 of them as it was before (refused now), "
        "1 refused, not live yet"
    )
    (folder / "geo/notes.md").write_text("---\nkind: source\n---\n")
    (folder / "new.md").unlink()
    (folder / "geo/seas.md").unlink()
    told = quizapp("questions", "sync", environment=on_database).output.splitlines()[0]
    assert told == (
        f"Questions: 2 files live in {folder}/, 2 of them as they were before (refused now), "
        "1 no longer in the folder"
    )


def test_a_sync_without_a_folder_says_what_to_do(environment, database_url):
    with_database = {**environment, "QUIZAPP_DATABASE_URL": database_url}
    result = quizapp("questions", "sync", environment=with_database)
    assert result.exit_code == 1
    assert "QUIZAPP_QUESTIONS" in result.output


# quizapp db


def test_an_upgrade_makes_the_schema_and_current_tells_it(databases, environment, folder):
    with databases.bare() as url:
        given = {**environment, "QUIZAPP_DATABASE_URL": url}
        before = quizapp("db", "current", environment=given)
        assert before.exit_code == 1
        assert "The database has no schema yet; this version needs " in before.output
        assert quizapp("questions", "sync", environment=given).exit_code == 1
        assert quizapp("db", "upgrade", environment=given).exit_code == 0
        assert quizapp("db", "current", environment=given).exit_code == 0
        assert quizapp("questions", "sync", environment=given).exit_code == 0


def test_a_command_that_needs_the_schema_says_how_to_get_it(databases, environment, monkeypatch):
    monkeypatch.setattr("sys.argv", ["bin/quizapp"])
    with databases.bare() as url:
        given = {**environment, "QUIZAPP_DATABASE_URL": url}
        for command in (("db", "tallies"), ("accounts", "create-instructor", "grace")):
            result = quizapp(*command, environment=given)
            assert result.exit_code == 1
            assert "run `bin/quizapp db upgrade`" in result.output


def test_tallies_are_checked_and_counted_anew(on_database, database_url):
    with sessions(database_url) as session:
        cast.load(session)
        guest = cast.guest(session)
        cast.answer(session, guest, cast.begin(session, guest), 1)
    assert "agree" in quizapp("db", "tallies", environment=on_database).output
    with sessions(database_url) as session:
        session.execute(text("UPDATE question_version SET responses = 7"))
        session.commit()
    wrong = quizapp("db", "tallies", environment=on_database)
    assert wrong.exit_code == 1
    assert "--rebuild" in wrong.output
    assert quizapp("db", "tallies", "--rebuild", environment=on_database).exit_code == 0
    assert quizapp("db", "tallies", environment=on_database).exit_code == 0


# quizapp doctor


def test_the_doctor_names_what_is_wrong_and_mends_what_it_can(on_database, database_url):
    with sessions(database_url) as session:
        cast.load(session)
        guest = cast.guest(session)
        for number in range(6):
            attempt = cast.begin(session, guest, start_key=f"start-key-{number}")
            cast.answer(session, guest, attempt, 1)
    assert "All is well" in quizapp("doctor", environment=on_database).stdout
    with sessions(database_url) as session:
        session.execute(text("UPDATE attempt SET answered = 3"))
        session.commit()
    sick = quizapp("doctor", environment=on_database)
    assert sick.exit_code == 1
    assert "attempts: 6 places" in sick.stdout
    assert "3 answered" in sick.stdout
    assert "and 1 more, which --all shows" in sick.stdout
    assert "mend: counted anew with --mend" in sick.stdout
    assert "more" not in quizapp("doctor", "--all", environment=on_database).stdout
    assert quizapp("doctor", "--mend", environment=on_database).exit_code == 0
    assert quizapp("doctor", environment=on_database).exit_code == 0


# quizapp accounts


def test_an_instructors_link_opens_the_library_in_the_app(on_database, tmp_path):
    result = quizapp("accounts", "create-instructor", "grace", environment=on_database)
    assert result.exit_code == 0
    found = re.fullmatch(r"http://127\.0\.0\.1:8000(/links/[\w-]{43})\n", result.stdout)
    assert found is not None
    assert "48 hours" in result.stderr
    app = create_app(config.load(on_database))
    browser = Browser(app)
    password = "an even calmer room"
    sent = browser.post(found[1], {"new": password, "again": password})
    assert sent.status_code == 303
    assert "grace" in browser.get("/account").text
    assert browser.get("/teach/library").status_code == 200
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://127.0.0.1:9123"),
        ({"PORT": "9000"}, "http://127.0.0.1:9000"),
        ({"HOST": "::1"}, "http://[::1]:8000"),
        ({"QUIZAPP_BASE_URL": "https://quiz.example/"}, "https://quiz.example"),
    ],
)
def test_a_link_leads_to_where_the_app_was_said_to_be_or_is(on_database, tmp_path, given, address):
    write(tmp_path / "instance", {"address": "http://127.0.0.1:9123\n"})
    result = quizapp("accounts", "create-instructor", "grace", environment={**on_database, **given})
    assert result.stdout.startswith(f"{address}/links/")


def test_a_link_for_a_learner_who_forgot_the_password_leaves_the_role(on_database, database_url):
    with sessions(database_url) as session:
        cast.register(session, "Ada")
    result = quizapp("accounts", "link", "ada", environment=on_database)
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/links/[\w-]{43}\n", result.stdout)
    with sessions(database_url) as session:
        ada = account_named(session, "ada")
        assert ada is not None
        assert ada.role == Role.LEARNER


def test_a_link_for_nobody_is_refused(on_database):
    result = quizapp("accounts", "link", "nobody", environment=on_database)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no account has the name 'nobody'" in result.stderr


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "\ufdfa" * 60])
def test_a_name_that_cannot_be_one_is_refused(on_database, name):
    result = quizapp("accounts", "create-instructor", name, environment=on_database)
    assert result.exit_code == 2
    assert "give a name of 1 to 60 characters" in result.output


def role_of(database_url: str, name: str) -> str:
    with sessions(database_url) as session:
        account = account_named(session, name)
        assert account is not None
        return account.role


def test_an_admin_is_made_like_an_instructor(on_database, database_url):
    result = quizapp("accounts", "create-instructor", "grace", "--admin", environment=on_database)
    assert (result.exit_code, role_of(database_url, "grace")) == (0, Role.ADMIN)


def test_a_role_is_given_to_an_account(on_database, database_url):
    with sessions(database_url) as session:
        cast.register(session, "Ada")
    for role, words in (("admin", "an admin"), ("instructor", "an instructor")):
        result = quizapp("accounts", "role", "ada", role, environment=on_database)
        assert (result.exit_code, result.stdout) == (0, f"ada is now {words}.\n")
        assert role_of(database_url, "ada") == role
    assert quizapp("accounts", "role", "ada", "learner", environment=on_database).exit_code == 0
    assert role_of(database_url, "ada") == Role.LEARNER


def test_a_role_for_nobody_and_one_there_is_not_are_refused(on_database):
    result = quizapp("accounts", "role", "nobody", "admin", environment=on_database)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no account has the name 'nobody'" in result.stderr
    assert quizapp("accounts", "role", "nobody", "king", environment=on_database).exit_code == 2


# quizapp mail


def test_a_mail_is_sent_to_see_that_it_arrives(environment):
    with mail_server() as mailbox:
        given = {"QUIZAPP_SMTP_URL": mailbox.url, "QUIZAPP_MAIL_FROM": "quiz@example.org"}
        result = quizapp("mail", "test", "ada@example.org", environment={**environment, **given})
        assert result.exit_code == 0
        assert mailbox.next()["To"] == "ada@example.org"


def test_a_mail_that_is_not_taken_says_why(environment):
    unset = quizapp("mail", "test", "ada@example.org", environment=environment)
    assert unset.exit_code == 1
    assert "set QUIZAPP_SMTP_URL and QUIZAPP_MAIL_FROM first" in unset.stderr
    port = free_port()
    given = {
        "QUIZAPP_SMTP_URL": f"smtp://quiz:secret@127.0.0.1:{port}",
        "QUIZAPP_MAIL_FROM": "quiz@example.org",
    }
    refused = quizapp("mail", "test", "ada@example.org", environment={**environment, **given})
    assert refused.exit_code == 1
    assert f"127.0.0.1:{port}" in refused.stderr
    assert "secret" not in refused.output


# quizapp run


@pytest.mark.parametrize("moment", ["check_port", "prepare", "serve"])
def test_told_to_stop_before_it_serves_it_just_stops(environment, folder, monkeypatch, moment):
    def interrupt(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("quizapp.server.check_port", lambda _settings: None)
    monkeypatch.setattr(f"quizapp.server.{moment}", interrupt)
    result = quizapp("run", environment=environment)
    assert result.exit_code == 0
    assert "Aborted" not in result.output


# Configuration


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("QUIZAPP_DEBUG", "1", "unset QUIZAPP_DEBUG"),
        ("QUIZAPP_SECRET_KEY", "short", "remove QUIZAPP_SECRET_KEY"),
        ("QUIZAPP_BASE_URL", "http://quiz.example", "QUIZAPP_BASE_URL=https"),
    ],
)
def test_an_unsafe_start_is_refused_with_its_mend_and_exits_with_3(
    environment, folder, name, value, mend
):
    result = quizapp("run", environment={**environment, name: value})
    assert result.exit_code == 3
    assert "does not start" in result.stderr
    assert mend in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PORT", "eight", "PORT is 'eight'"),
        ("PORT", "99999", "PORT is '99999'"),
        ("QUIZAPP_WORKERS", "0", "QUIZAPP_WORKERS is '0'"),
        ("QUIZAPP_DATABASE_URL", "sqlite:////nowhere/x.sqlite3", "there is no folder /nowhere"),
        ("HOST", "a b", "HOST 'a b'"),
    ],
)
def test_a_setting_that_cannot_be_used_is_told_in_one_line_and_exits_with_3(
    environment, folder, name, value, told
):
    result = quizapp("run", environment={**environment, name: value})
    assert result.exit_code == 3
    (line,) = result.stderr.splitlines()
    assert line.startswith("The configuration cannot be used: ")
    assert told in line


def test_postgresql_without_its_driver_is_a_configuration_error(environment, monkeypatch):
    monkeypatch.setattr("quizapp.cli.find_spec", lambda _name: None)
    given = {**environment, "QUIZAPP_DATABASE_URL": "postgresql://ada@db/quiz"}
    result = quizapp("db", "current", environment=given)
    assert result.exit_code == 3
    assert "install quizapp[postgres]" in result.stderr


@pytest.mark.parametrize(
    "command",
    [("run",), ("questions", "sync"), ("db", "current"), ("db", "upgrade"), ("db", "tallies")],
)
def test_a_database_that_cannot_be_used_is_a_configuration_error(environment, folder, command):
    given = {**environment, "QUIZAPP_DATABASE_URL": "mysql://db/quiz"}
    result = quizapp(*command, environment=given)
    assert result.exit_code == 3
    assert "mysql is not supported: use sqlite or postgresql" in result.stderr
    assert "QUIZAPP_DATABASE_URL" in result.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("run",),
        ("questions", "sync"),
        ("db", "current"),
        ("db", "upgrade"),
        ("db", "tallies"),
        ("accounts", "link", "ada"),
    ],
    ids=" ".join,
)
def test_a_server_database_out_of_reach_is_told_in_one_line_with_the_mend(
    environment, folder, tmp_path, command
):
    url = f"postgresql://ada@/quiz?host={tmp_path}&port=5999"
    result = quizapp(*command, environment={**environment, "QUIZAPP_DATABASE_URL": url})
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert f"cannot reach PostgreSQL at {tmp_path}:5999 (No such file or directory): " in line
    assert "QUIZAPP_DATABASE_URL" in line


@pytest.mark.postgresql
def test_a_database_that_the_server_does_not_have_is_told_by_the_servers_reason(
    environment, postgres
):
    given = {**environment, "QUIZAPP_DATABASE_URL": postgres.url("not-there")}
    result = quizapp("db", "current", environment=given)
    assert result.exit_code == 1
    assert '(database "not-there" does not exist)' in result.stderr


def test_a_database_file_that_cannot_be_opened_is_told_in_one_line(environment, tmp_path):
    given = {**environment, "QUIZAPP_DATABASE_URL": f"sqlite:///{tmp_path}"}
    result = quizapp("db", "current", environment=given)
    assert result.exit_code == 1
    assert f"cannot open {tmp_path} (unable to open database file): " in result.stderr


def test_a_fault_of_ours_in_a_database_that_was_reached_is_not_hidden(environment, monkeypatch):
    def fail(_url: str) -> None:
        raise OperationalError("SELECT 1", {}, Exception("no such table"))

    monkeypatch.setattr("quizapp.db.migrate.current", fail)
    assert isinstance(quizapp("db", "current", environment=environment).exception, OperationalError)
