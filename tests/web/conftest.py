"""The app on a database of either engine, with the small bank and the cast in it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from quizapp.config import Settings
from tests.support import cast
from tests.support.apps import Apps
from tests.support.browsing import Browser
from tests.support.cast import CHEAP_HASHER, Cast, Person, sessions

ON_BOTH_DATABASES = {
    "test_access.py",
    "test_addresses.py",
    "test_graded.py",
    "test_graded_secrecy.py",
    "test_held_decks.py",
    "test_key_secrecy.py",
    "test_practice.py",
    "test_statement_budget.py",
}
"""Pages whose tests run on either engine. `test_access` asks for every page there is; of the others
the SQL is tested in `db` and `operations`, on both, and what is left is words and forms."""

MakeApp = Callable[..., Flask]
Browsers = Callable[..., Browser]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    on_one = [
        item
        for item in items
        if item.path.parent == here
        and item.path.name not in ON_BOTH_DATABASES
        and item.get_closest_marker("postgresql")
    ]
    if on_one:
        left_out = set(on_one)
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=on_one)


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizapp.operations.accounts._HASHER", CHEAP_HASHER)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance and question folder of all apps: nothing that they do here looks there."""
    return tmp_path_factory.mktemp("instance")


@pytest.fixture
def settings(database_url: str, folder: Path) -> Settings:
    return Settings(
        instance=folder,
        questions=folder,
        database_url=database_url,
        secret_key="a secret that only tests know, long enough",
    )


@pytest.fixture(scope="session")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Apps:
    return Apps(tmp_path_factory.mktemp("templates"))


@pytest.fixture
def make_app(settings: Settings, apps: Apps) -> Iterator[MakeApp]:
    """Apps on the test's database, as workers are; keywords change settings."""
    with apps.lent() as lend:
        yield lambda **changes: lend(replace(settings, **changes))


@pytest.fixture
def app(make_app: MakeApp, database_url: str) -> Flask:
    """The app with the small bank."""
    with sessions(database_url) as session:
        cast.load(session)
    return make_app()


@pytest.fixture
def session(app: Flask, database_url: str) -> Iterator[Session]:
    """What tests arrange by, and look into afterwards."""
    with sessions(database_url) as session:
        yield session


@pytest.fixture
def people(database_url: str) -> Cast:
    with sessions(database_url) as session:
        return cast.everyone(session)


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """A visitor's browser."""
    return Browser(app)


@pytest.fixture
def browser_of(app: Flask) -> Browsers:
    """The browser of someone who is signed in."""

    def open_browser(person: Person) -> Browser:
        return Browser(app, person)

    return open_browser
