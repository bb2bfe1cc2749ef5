"""Uploads for the tests: made and published through our operations."""

from itertools import count
from random import Random

from sqlalchemy.orm import Session

from quizapp.db.models import Account, Role
from quizapp.db.queries.accounts import Viewer
from quizapp.db.queries.drafts import draft_of
from quizapp.operations.drafts import begin_drafts, live_digest, stamp
from quizapp.operations.uploads import Outcome, Publication, Published, publish
from tests.support.cast import NOW, Person

_numbers = count()

LAKES = """\
---
title: All about lakes
topic: Lakes
---

## What feeds a lake? {#feed}

- [x] A river
  > FEEDBACK-RIVER: most of the time.
- [ ] A comet

> EXPLANATION-FEED: water runs into it.

## How deep is the deepest lake? {#depth}

- [ ] 164 metres
- [x] 1642 metres
- [ ] 16420 metres

> EXPLANATION-DEPTH: it is in Siberia.
"""

NEW_KEY = LAKES.replace("- [ ] 164 m", "- [x] 164 m").replace("- [x] 1642 m", "- [ ] 1642 m")
"""The lakes with another answer to how deep the deepest is."""

KEYLESS = LAKES.replace("- [x] 1642 m", "- [ ] 1642 m")
"""The lakes with a question that has lost its key."""


def viewer_of(session: Session, person: Person) -> Viewer:
    """The person as operations and queries take them."""
    role = session.get_one(Account, person.account_id).role
    return Viewer(person.account_id, person.name, Role(role))


def draft(session: Session, person: Person, name: str = "lakes.md", text: str = LAKES) -> str:
    """The public id of a new draft of this text."""
    chance = Random(f"draft {next(_numbers)}")
    viewer = viewer_of(session, person)
    (public_id,) = begin_drafts(session, viewer, {name: text.encode()}, chance, NOW)
    return public_id


def wish_to_publish(session: Session, person: Person, public_id: str, **more: bool) -> Published:
    """Try to publish a draft as its page shows it."""
    viewer = viewer_of(session, person)
    found = draft_of(session, person.account_id, public_id)
    assert found is not None
    wish = Publication(stamp(found), live_digest(found.file), **more)
    return publish(session, viewer, public_id, wish, NOW)


def upload(
    session: Session,
    person: Person,
    name: str = "lakes.md",
    text: str = LAKES,
    **more: bool,
) -> int:
    """The id of a file uploaded and published; shared and for practice unless said otherwise."""
    done = wish_to_publish(session, person, draft(session, person, name, text), **more)
    assert done.outcome is Outcome.DONE
    assert done.file_id is not None
    return done.file_id
