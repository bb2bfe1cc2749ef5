"""One real server for the browser tests of a worker: the shipped questions and a few of ours."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy.orm import Session

from quizapp.db.engine import make_engine
from quizapp.operations.accounts import create_instructor
from quizapp.paths import shipped
from tests.browser.people import finish, set_password, sign_up, start
from tests.browser.states import Known, Stage
from tests.support.server import Server, running_server

NOTES = """---
kind: source
title: The walk
author: A. Walker
url: https://walk.example/article
---

## Where the path begins {#p0}

It begins at the gate.
"""

WALK = """---
title: A short walk
topic: Walking
source: walk-notes
order: 90
---

## Which of these is a step of the walk? {#step source=p0}

- [x] Yes, the first one
- [ ] No, the second one
  > The second one is no step.
- [ ] No, the third one
- [ ] No, the fourth one

> The first one is, since it begins at the gate.

## Which two of these are on the way? {#way source=p0}

- [x] Yes, the bridge
- [x] Yes, the mill
- [ ] No, the harbour
- [ ] No, the station

> The bridge and the mill are.

## Is the path open? {#open source=p0}

- [x] Yes, it is
- [ ] No, it is not

> It is.
"""

BROKEN = """---
title: A deck with mistakes
---

## Which of these is the key? {#key}

- [ ] This
- [ ] That
"""


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    place = tmp_path_factory.mktemp("browser")
    questions = place / "questions"
    shutil.copytree(shipped("questions"), questions)
    for name, text in (("walk-notes", NOTES), ("walk", WALK), ("broken", BROKEN)):
        (questions / f"{name}.md").write_text(text)
    with running_server(place / "instance", questions=str(questions)) as server:
        yield server


@pytest.fixture(scope="session")
def base_url(server: Server) -> str:
    """So that `page.goto("/decks")` is enough."""
    return server.base_url


@pytest.fixture(scope="session")
def known(browser: Browser, server: Server, tmp_path_factory: pytest.TempPathFactory) -> Known:
    folder = tmp_path_factory.mktemp("cookies")

    def cookies_of(name: str, acts: Callable[[Page], None]) -> Path:
        context = browser.new_context(base_url=server.base_url)
        acts(context.new_page())
        context.storage_state(path=folder / name)
        context.close()
        return folder / name

    return Known(
        ada=cookies_of("ada", _come_as_ada),
        grace=cookies_of("grace", lambda page: set_password(page, _new_link(server, "Grace"))),
        link=_new_link(server, "A colleague of Grace"),
    )


@pytest.fixture(scope="session")
def deserted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with an empty question folder."""
    place = tmp_path_factory.mktemp("deserted")
    (place / "questions").mkdir()
    settings = {"questions": str(place / "questions"), "workers": "1"}
    with running_server(place / "instance", **settings) as server:
        yield server.base_url


@pytest.fixture
def stage(new_context: Callable[..., BrowserContext], known: Known, deserted: str) -> Stage:
    return Stage(new_context, known, deserted)


def _new_link(server: Server, name: str) -> str:
    """A one-time link for a new instructor of this name."""
    engine = make_engine(f"sqlite:///{server.log.parent / 'quizapp.sqlite3'}")
    with Session(engine) as session:
        link = create_instructor(session, name, SystemRandom(), datetime.now(UTC))
    engine.dispose()
    return f"/links/{link}"


def _come_as_ada(page: Page) -> None:
    sign_up(page, "Ada")
    start(page)
    finish(page, right=False)
