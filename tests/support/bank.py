"""A small question bank as text: one source, a deck drawn from it, and a deck without a source."""

from collections.abc import Mapping

from quizapp.domain.bank import Bank, assemble
from quizapp.domain.findings import Finding

SOURCE = """\
---
kind: source
title: Notes on rivers
author: R. Iver
date: 2022-04-06
publisher: The River Press
url: https://rivers.example/notes
---

## Springs {#p1}

Where a river begins. A *spring note* that only feedback and the notes page show.

## Mouths {#p2}

Where a river ends.
"""

RIVERS = """\
---
title: All about rivers
topic: Rivers
summary: Where they begin and end
source: notes
order: 1
---

## Where does a river begin? {#beginning source=p1 level=1}

- [x] At its spring
- [ ] At its mouth
  > FEEDBACK-MOUTH: that is where it ends.
- [ ] At its bank

> EXPLANATION-BEGINNING: the spring comes first.

## Which of these belong to a river? {#belongings source=p2}

- [x] A delta
- [x] A bank
- [ ] A crater
- [ ] A summit

> EXPLANATION-BELONGINGS: two of them do.

## What moves a river? {#movement source=p1,p2 shuffle=false}

- [ ] The moon
- [x] The slope
- [ ] The wind

> EXPLANATION-MOVEMENT: water runs down.

## Which river is meant? {#riddle}

Quiet it flows,
and everybody knows.

- [x] The Don
- [ ] The Po
- [ ] None of the above

> EXPLANATION-RIDDLE: a novel says so.
"""

SEAS = """\
---
title: All about seas
topic: Seas
order: 2
---

## What makes a sea salty? {#salt}

- [x] Minerals
- [ ] Fish

> EXPLANATION-SALT: rivers carry them in.
"""

FILES: Mapping[str, str] = {
    "geo/notes.md": SOURCE,
    "geo/rivers.md": RIVERS,
    "geo/seas.md": SEAS,
}

BROKEN = RIVERS.replace("- [x] The slope", "- [ ] The slope")
"""The rivers with a question that has lost its key."""

BROKEN_LINE = (
    RIVERS.splitlines().index("## What moves a river? {#movement source=p1,p2 shuffle=false}") + 1
)


def read(files: Mapping[str, str]) -> tuple[Bank, dict[str, list[Finding]]]:
    """The bank of these files and what refuses any of them, by file, as a sync takes it."""
    bank = assemble({name: text.encode() for name, text in files.items()})
    return bank, {file.name: list(file.findings) for file in bank.files if file.findings}
