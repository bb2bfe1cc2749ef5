"""The examples in the guide for authors."""

import re
from pathlib import Path

from quizapp.domain.bank import assemble
from quizapp.domain.checking import check

GUIDE = Path(__file__).parents[2] / "docs" / "instructors" / "writing-questions.md"


def test_the_examples_of_the_guide_leave_nothing_to_mend() -> None:
    deck, source = re.findall(r"(?ms)^```markdown\n(.*?)^```", GUIDE.read_text("utf-8"))
    bank = assemble({"clause.md": deck.encode(), "csto-true-colours.md": source.encode()})
    assert len(bank.decks) == len(bank.sources) == 1
    assert check(bank).findings == ()
