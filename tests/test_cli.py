import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from quizapp import __version__, config
from quizapp.app import create_app
from quizapp.cli import main
from quizapp.extensions import db
from tests.support import bank, cast
from tests.support.bank import BROKEN, BROKEN_LINE, FILES
from tests.support.browsing import Browser
from tests.support.cast import sessions


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
        ("accounts",),
        ("accounts", "create-instructor"),
    ],
    ids=" ".join,
)
def test_every_command_explains_itself(command):
    for flag in ("--help", "-h"):
        result = quizapp(*command, flag)
        assert result.exit_code == 0
        assert len(result.output.splitlines()[2].strip()) > 15


@pytest.mark.parametrize(
    "command", [("walk",), ("questions", "check", "--shout"), ("questions", "check", "nowhere")]
)
def test_a_command_used_wrongly_exits_with_2(command):
    assert quizapp(*command).exit_code == 2


# quizapp questions check


@pytest.mark.parametrize("path", ["", "geo/rivers.md"])
def test_a_sound_bank_passes(folder, path):
    result = quizapp("questions", "check", folder / path)
    assert result.exit_code == 0


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
    assert (result.exit_code, result.stdout) == (0, f"{path}: ids written\n")
    assert quizapp("questions", "check", path).exit_code == 0
    assert quizapp("questions", "fix", folder).stdout == ""


# quizapp questions sync


def test_a_sync_loads_the_folder_and_says_so(on_database, database_url, folder):
    result = quizapp("questions", "sync", environment=on_database)
    assert result.exit_code == 0
    assert f"3 files live in {folder}" in result.output
    with sessions(database_url) as session:
        assert cast.begin(session, cast.guest(session), "seas")


def test_a_sync_tells_what_it_refuses_and_exits_with_1(on_database, folder):
    broken(folder)
    result = quizapp("questions", "sync", environment=on_database)
    assert result.exit_code == 1
    assert "1 refused" in result.output
    assert f"geo/rivers.md:{BROKEN_LINE}" in result.output


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
        assert "The database is at nothing" in before.output
        assert quizapp("questions", "sync", environment=given).exit_code == 1
        assert quizapp("db", "upgrade", environment=given).exit_code == 0
        assert quizapp("db", "current", environment=given).exit_code == 0
        assert quizapp("questions", "sync", environment=given).exit_code == 0


def test_a_command_that_needs_the_schema_says_how_to_get_it(databases, environment):
    with databases.bare() as url:
        given = {**environment, "QUIZAPP_DATABASE_URL": url}
        for command in (("db", "tallies"), ("accounts", "create-instructor", "grace")):
            result = quizapp(*command, environment=given)
            assert result.exit_code == 1
            assert "run `quizapp db upgrade`" in result.output


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


def test_a_link_leads_to_where_learners_reach_the_app(on_database):
    given = {**on_database, "QUIZAPP_BASE_URL": "https://quiz.example/"}
    result = quizapp("accounts", "create-instructor", "grace", environment=given)
    assert result.stdout.startswith("https://quiz.example/links/")


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "\ufdfa" * 60])
def test_a_name_that_cannot_be_one_is_refused(on_database, name):
    result = quizapp("accounts", "create-instructor", name, environment=on_database)
    assert result.exit_code == 2
    assert "give a name of 1 to 60 characters" in result.output


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


def test_a_configuration_that_cannot_be_read_exits_with_3(environment):
    result = quizapp("db", "current", environment={**environment, "PORT": "eight"})
    assert result.exit_code == 3
    assert "cannot be used" in result.stderr


@pytest.mark.parametrize(
    "command",
    [("run",), ("questions", "sync"), ("db", "current"), ("db", "upgrade"), ("db", "tallies")],
)
def test_a_database_that_cannot_be_used_is_a_configuration_error(environment, folder, command):
    given = {**environment, "QUIZAPP_DATABASE_URL": "mysql://db/quiz"}
    result = quizapp(*command, environment=given)
    assert result.exit_code == 3
    assert "mysql is not supported: use sqlite or postgresql" in result.stderr
    assert "Traceback" not in result.output
