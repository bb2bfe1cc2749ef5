"""A session on a database of either engine, and passwords that cost nothing to check."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tests.support.cast import CHEAP_HASHER, sessions


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    with sessions(database_url) as session:
        yield session


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizapp.operations.accounts._HASHER", CHEAP_HASHER)
