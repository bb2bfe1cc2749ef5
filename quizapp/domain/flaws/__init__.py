"""The checker of item-writing flaws: deterministic rules from the literature, no model.

`check_bank` looks at whole banks, `check` at one deck; CATALOGUE says what each rule is, why it
stands and how its flaw is mended. English lives in `english`; decks in another language get the
rules that need no language.
"""

from quizapp.domain.flaws.catalogue import CATALOGUE, Rule
from quizapp.domain.flaws.checking import Report, WaivedFinding, check, check_bank

__all__ = ["CATALOGUE", "Report", "Rule", "WaivedFinding", "check", "check_bank"]
