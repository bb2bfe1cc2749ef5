import socket
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.sansio.utils import host_is_trusted

from quizapp import config
from quizapp.config import (
    Settings,
    UnsafeConfiguration,
    UnusableSetting,
    as_opened,
    check_production,
    listening_address,
    load,
    program,
)

EVERYWHERE = "0.0.0.0"  # noqa: S104  # named, not bound to
SECRET = "q0Zr8mW3_sTgLx5uYbNc1JdKe7fHv9AoPi2"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings that are safe to start with."""
    return Settings(tmp_path, tmp_path, f"sqlite:///{tmp_path}/quizapp.sqlite3", SECRET)


def read(tmp_path: Path, **given: str) -> Settings:
    return load({"QUIZAPP_INSTANCE": str(tmp_path / "instance"), **given})


# Where settings come from


def test_without_any_setting_everything_is_in_the_instance_folder(tmp_path):
    settings = read(tmp_path)
    instance = tmp_path / "instance"
    assert settings.instance == instance
    assert settings.database_url == f"sqlite:///{instance / 'quizapp.sqlite3'}"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert (settings.questions / "csto").is_dir()
    assert not settings.debug
    check_production(settings)


def test_the_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path):
    first = read(tmp_path)
    file = tmp_path / "instance" / "secret_key"
    assert len(first.secret_key) >= config.SHORTEST_SECRET
    assert file.stat().st_mode & 0o077 == 0
    assert read(tmp_path).secret_key == first.secret_key


def test_two_installations_have_two_secrets(tmp_path):
    assert read(tmp_path / "one").secret_key != read(tmp_path / "other").secret_key


def test_the_environment_comes_before_the_instances_own_file(tmp_path):
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "config.py").write_text(
        "PORT = 9000\nWORKERS = 4\nTRUSTED_HOSTS = ['a.example', 'b.example']\n"
    )
    settings = read(tmp_path, QUIZAPP_WORKERS="1")
    assert (settings.port, settings.workers) == (9000, 1)
    assert settings.trusted_hosts == ("a.example", "b.example")


def test_port_and_host_can_be_given_as_hosting_services_do(tmp_path):
    settings = read(tmp_path, PORT="9001", HOST=EVERYWHERE, QUIZAPP_PORT="1")
    assert (settings.host, settings.port) == (EVERYWHERE, 9001)


@pytest.mark.parametrize(
    ("text", "hosts"),
    [("", ()), ("a.example", ("a.example",)), ("a.example, b.example", ("a.example", "b.example"))],
)
def test_trusted_hosts_are_words(tmp_path, text, hosts):
    assert read(tmp_path, QUIZAPP_TRUSTED_HOSTS=text).trusted_hosts == hosts


@pytest.mark.parametrize("text", ["1", "true", "Yes", "ON"])
def test_debug_can_be_said_in_words(tmp_path, text):
    assert read(tmp_path, QUIZAPP_DEBUG=text).debug


@pytest.mark.parametrize(
    ("name", "value", "limits"),
    [
        ("PORT", "eight", "1 to 65535"),
        ("PORT", "99999", "1 to 65535"),
        ("QUIZAPP_WORKERS", "0", "1 to 256"),
        ("QUIZAPP_PROXY_HOPS", "-1", "0 to 16"),
        ("QUIZAPP_PROXY_HOPS", "x", "0 to 16"),
        ("QUIZAPP_MAX_CONTENT_LENGTH", "2 MB", "1024 to"),
    ],
)
def test_a_number_that_cannot_be_is_refused_by_the_name_of_its_setting(
    tmp_path, name, value, limits
):
    with pytest.raises(UnusableSetting, match=f"{name} is '{value}', set it to .* {limits}"):
        read(tmp_path, **{name: value})


def test_mail_has_a_server_and_an_address_that_it_comes_from(tmp_path):
    given = {"QUIZAPP_SMTP_URL": "smtp://mail.example.org", "QUIZAPP_MAIL_FROM": "a@example.org"}
    settings = read(tmp_path, **given)
    assert (settings.smtp_url, settings.mail_from) == tuple(given.values())
    assert read(tmp_path).smtp_url == ""


@pytest.mark.parametrize(
    ("url", "sender", "problem"),
    [
        ("http://quiz:secret@mail", "a@example.org", "QUIZAPP_SMTP_URL cannot be used: it is not"),
        ("smtp://mail:0x1", "a@example.org", "QUIZAPP_SMTP_URL cannot be used: its port"),
        ("smtp://quiz:secret@mail", "", "QUIZAPP_MAIL_FROM is '', set it to the address"),
        ("smtp://quiz:secret@mail", "quiz", "QUIZAPP_MAIL_FROM is 'quiz', set it to the address"),
    ],
)
def test_mail_that_cannot_be_sent_is_refused_without_showing_a_password(
    tmp_path, url, sender, problem
):
    with pytest.raises(UnusableSetting) as refused:
        read(tmp_path, QUIZAPP_SMTP_URL=url, QUIZAPP_MAIL_FROM=sender)
    assert problem in str(refused.value)
    assert "secret" not in str(refused.value)


def test_an_instance_folder_that_cannot_be_made_is_refused_with_the_mend(tmp_path):
    (tmp_path / "instance").write_text("a file")
    with pytest.raises(UnusableSetting, match=r"QUIZAPP_INSTANCE: .*name a folder"):
        read(tmp_path)


def test_a_file_of_settings_that_fails_is_named_with_its_fault(tmp_path):
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "config.py").write_text("WORKERS = eight\n")
    with pytest.raises(UnusableSetting, match=r"config.py cannot be read: name 'eight'"):
        read(tmp_path)


# What follows from settings


def test_cookies_insist_on_tls_where_learners_come_by_it(settings):
    assert replace(settings, base_url="https://quiz.example").behind_tls
    assert not replace(settings, base_url="http://localhost:8000").behind_tls
    assert not settings.behind_tls


def test_the_hosts_believed_are_this_machines_and_the_named_ones(settings):
    named = replace(settings, base_url="https://quiz.example/x", trusted_hosts=("b.example",))
    assert set(named.hosts) == {"localhost", "127.0.0.1", "[::1]", "quiz.example", "b.example"}


def test_listening_on_one_address_means_being_asked_for_by_it(settings):
    assert "192.0.2.7" in replace(settings, host="192.0.2.7").hosts


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({}, "[::1]:8000"),
        ({"host": "2001:db8::7"}, "[2001:db8::7]:8000"),
        ({"trusted_hosts": ("2001:db8::7",)}, "[2001:db8::7]"),
        ({"trusted_hosts": ("[2001:DB8:0::7]",)}, "[2001:db8::7]"),
        ({"base_url": "https://[2001:db8::7]"}, "[2001:db8::7]"),
        ({"trusted_hosts": ("Quiz.example",)}, "quiz.example"),
    ],
)
def test_a_host_is_known_in_the_way_browsers_write_it(settings, changes, asked):
    assert host_is_trusted(asked, replace(settings, **changes).hosts)
    assert not host_is_trusted("[2001:db8::8]", replace(settings, **changes).hosts)


def outgoing(monkeypatch, *addresses: str) -> None:
    """Let this machine have these addresses on its network."""
    monkeypatch.setattr(config, "_outgoing", lambda _host: list(addresses))


def test_listening_everywhere_means_being_asked_for_by_this_machines_addresses(
    settings, monkeypatch
):
    outgoing(monkeypatch, "192.0.2.9", "2001:db8::9")
    hosts = replace(settings, host=EVERYWHERE).hosts
    assert host_is_trusted("192.0.2.9:8000", hosts)
    assert host_is_trusted("[2001:db8::9]:8000", hosts)
    assert not host_is_trusted("192.0.2.10:8000", hosts)


def test_listening_everywhere_means_being_asked_for_by_this_machines_names(settings, monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "Library-PC")
    found = [(0, 0, 0, "", ("192.0.2.7", 0)), (0, 0, 0, "", ("fe80::1%eth0", 0))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_: found)
    hosts = replace(settings, host=EVERYWHERE).hosts
    assert {"library-pc", "192.0.2.7"} <= set(hosts)
    assert EVERYWHERE not in hosts


def test_a_machine_that_does_not_know_its_own_address_still_starts(settings, monkeypatch):
    def fail(*_args: object) -> None:
        raise OSError

    monkeypatch.setattr("socket.getaddrinfo", fail)
    assert "localhost" in replace(settings, host="::").hosts


@pytest.mark.parametrize(
    ("changes", "addresses"),
    [
        ({}, ["http://127.0.0.1:8000"]),
        ({"host": "::1"}, ["http://[::1]:8000"]),
        ({"host": "localhost", "port": 9000}, ["http://localhost:9000"]),
        ({"host": EVERYWHERE}, ["http://127.0.0.1:8000", "http://192.0.2.9:8000"]),
        ({"base_url": "https://quiz.example", "host": EVERYWHERE}, ["https://quiz.example"]),
    ],
)
def test_the_addresses_shown_are_some_that_work(settings, monkeypatch, changes, addresses):
    outgoing(monkeypatch, "192.0.2.9")
    assert replace(settings, **changes).addresses == addresses


def test_this_machines_outgoing_address_is_one_it_can_listen_on(settings):
    for host in {part.rpartition(":")[0] for part in replace(settings, host="::").addresses}:
        address = host.removeprefix("http://").strip("[]")
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family) as probe:
            probe.bind((address, 0))


def test_a_name_is_listened_on_by_its_address(monkeypatch):
    found = [(0, 0, 0, "", ("::1", 0)), (0, 0, 0, "", ("127.0.0.1", 0))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **_more: found)
    assert listening_address("localhost") == "127.0.0.1"
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **_more: found[:1])
    assert listening_address("localhost") == "::1"


def test_a_name_without_an_address_is_refused_with_the_mend(monkeypatch):
    def fail(*_args: object, **_more: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr("socket.getaddrinfo", fail)
    with pytest.raises(UnusableSetting, match=r"HOST 'nowhere' .* name 127\.0\.0\.1"):
        listening_address("nowhere")


# What is said to operators


def test_a_path_is_shown_as_one_would_write_it_from_where_one_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert as_opened(tmp_path / "questions" / "a.md") == "questions/a.md"
    assert as_opened(Path("questions/a.md")) == "questions/a.md"
    assert as_opened(Path("/elsewhere/a.md")) == "/elsewhere/a.md"


def test_the_program_is_named_so_that_it_can_be_called_again(tmp_path, monkeypatch):
    installed = tmp_path / ".venv" / "bin" / "quizapp"
    installed.parent.mkdir(parents=True)
    installed.touch(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("sys.argv", [".venv/bin/quizapp", "run"])
    assert program() == ".venv/bin/quizapp"
    monkeypatch.setattr("sys.argv", [str(installed), "run"])
    assert program() == ".venv/bin/quizapp"
    monkeypatch.setenv("PATH", str(installed.parent))
    assert program() == "quizapp"


# What is unsafe


def test_safe_settings_start(settings):
    check_production(settings)
    check_production(replace(settings, base_url="https://quiz.example"))
    check_production(replace(settings, base_url="http://localhost:8000"))
    check_production(replace(settings, database_url="postgres://ada@db/quiz"))


@pytest.mark.parametrize(
    ("changes", "problem", "mend"),
    [
        ({"secret_key": "short"}, "secret key", "remove QUIZAPP_SECRET_KEY"),
        ({"secret_key": "ab" * 40}, "easy to guess", "remove QUIZAPP_SECRET_KEY"),
        ({"debug": True}, "DEBUG is on", "unset QUIZAPP_DEBUG"),
        ({"trusted_hosts": ("*",)}, "any host name", "QUIZAPP_TRUSTED_HOSTS="),
        ({"base_url": "http://quiz.example"}, "not an https address", "QUIZAPP_BASE_URL=https"),
        ({"base_url": "quiz.example"}, "not an https address", "QUIZAPP_BASE_URL=https"),
        ({"database_url": "mysql://db/quiz"}, "mysql is not supported", "QUIZAPP_DATABASE_URL="),
        ({"database_url": "sqlite://"}, "lose every answer", "QUIZAPP_DATABASE_URL="),
        ({"database_url": "no address"}, "cannot be used", "QUIZAPP_DATABASE_URL="),
    ],
)
def test_what_is_unsafe_is_refused_with_its_mend(settings, changes, problem, mend):
    with pytest.raises(UnsafeConfiguration) as refused:
        check_production(replace(settings, **changes))
    ((what, how),) = refused.value.problems
    assert problem in what
    assert mend in how
    assert problem in str(refused.value)


def test_a_secret_that_others_can_read_is_refused(settings):
    file = settings.instance / "secret_key"
    file.write_text(SECRET)
    file.chmod(0o644)
    with pytest.raises(UnsafeConfiguration, match="chmod 600"):
        check_production(settings)
    file.chmod(0o600)
    check_production(settings)


def test_all_problems_are_told_at_once(settings):
    with pytest.raises(UnsafeConfiguration) as refused:
        check_production(replace(settings, debug=True, secret_key="", trusted_hosts=("*",)))
    assert len(refused.value.problems) == 3
