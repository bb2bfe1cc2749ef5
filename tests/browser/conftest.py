"""One real server for the browser tests of a worker: the shipped questions and a few of ours."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from quizapp.paths import shipped
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

