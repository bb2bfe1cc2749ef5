"""One real server for the browser tests of a worker, with the shipped questions."""

from collections.abc import Iterator

import pytest

from tests.support.server import Server, running_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("browser") / "instance") as server:
        yield server


@pytest.fixture(scope="session")
def base_url(server: Server) -> str:
    """So that `page.goto("/decks")` is enough."""
    return server.base_url
