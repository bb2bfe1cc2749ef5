"""A session on a database of either engine."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tests.support.cast import sessions


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    with sessions(database_url) as session:
        yield session
