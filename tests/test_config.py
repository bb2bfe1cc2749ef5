from dataclasses import replace
from pathlib import Path

import pytest

from quizapp import config
from quizapp.config import Settings, UnsafeConfiguration, check_production, load

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


@pytest.mark.parametrize("name", ["PORT", "QUIZAPP_WORKERS", "QUIZAPP_PROXY_HOPS"])
def test_a_number_that_is_none_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="eight"):
        read(tmp_path, **{name: "eight"})


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


def test_listening_everywhere_means_being_asked_for_by_this_machines_names(settings, monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "library-pc")
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
