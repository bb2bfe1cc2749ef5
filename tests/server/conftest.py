"""A question folder for servers whose learners answer a lot."""

from pathlib import Path

import pytest

DECK_SIZE = 100


@pytest.fixture
def long_deck(tmp_path: Path) -> Path:
    """A question folder with one deck, `long`, of 100 questions."""
    folder = tmp_path / "questions"
    folder.mkdir()
    asked = [_question(number) for number in range(1, DECK_SIZE + 1)]
    (folder / "long.md").write_text("---\ntitle: A long deck\n---\n\n" + "\n".join(asked))
    return folder


def _question(number: int) -> str:
    choices = [f"- [x] {number}", f"- [ ] {number + 1}", f"- [ ] {number + 2}"]
    heading = f"## Which number comes after {number - 1}? {{#q{number}}}"
    return "\n".join([heading, "", *choices, ""])
