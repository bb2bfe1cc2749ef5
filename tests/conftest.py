"""The parts every test may ask for: databases on both engines, a browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.chromium import chromium_flags, chromium_path
from tests.support.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.support.postgres import PostgresServer, running_postgres

BROWSER_TESTS = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(BROWSER_TESTS):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server a worker: starting costs less than sharing would."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases(postgres: PostgresServer) -> PostgresDatabases:
    return PostgresDatabases(postgres)


@pytest.fixture(
    scope="session",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
)
def databases(request: pytest.FixtureRequest) -> Databases:
    """Databases of each engine in turn: what uses them runs once on each."""
    name = "sqlite_databases" if request.param == "sqlite" else "postgres_databases"
    return request.getfixturevalue(name)


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A database of this test's own, with our tables and nothing in them."""
    with databases.fresh() as url:
        yield url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's Chromium in place of one that playwright would have downloaded."""
    flags = [*browser_type_launch_args.get("args", []), *chromium_flags()]
    return browser_type_launch_args | {"executable_path": chromium_path(), "args": flags}
