"""The parts every test may ask for: databases on both engines, a browser."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.support.chromium import chromium_flags, chromium_path
from tests.support.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.support.postgres import PostgresServer, running_postgres

BROWSER_TESTS = Path(__file__).parent / "browser"
MEMORY = Path("/dev/shm")  # noqa: S108  # only where to look; the folder in it has a name of its own


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(BROWSER_TESTS):
            item.add_marker("browser")
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[bool, bool]:
    """The long ones first, so that none is begun when the others are done; those in a browser
    together, so that not every worker starts one. In between, the order stays as it came."""
    is_in_browser = item.get_closest_marker("browser") is not None
    return is_in_browser, item.get_closest_marker("slow") is None


def pytest_collection_finish() -> None:
    """What is there now stays to the end: no search for garbage need look at it again."""
    gc.freeze()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server a worker: starting costs less than sharing would. No test cuts its power."""
    with running_postgres(fsync="off") as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_databases() -> Iterator[SqliteDatabases]:
    """In memory where there is such a folder: waiting for the disk is for tests of its loss."""
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    with TemporaryDirectory(prefix="quizapp-sqlite-", dir=place) as folder:
        yield SqliteDatabases(Path(folder))


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
