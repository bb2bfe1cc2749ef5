"""Account names: one person's "Ada" is nobody else's "ADA"."""

import unicodedata

LONGEST = 60
LONGEST_KEY = 160
"""Compatibility forms can make a key longer than its name: one Arabic sign stands for 18."""


def tidy(name: str) -> str:
    """The name as it is shown: composed, no surplus white space."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def key(name: str) -> str:
    """The name as it is compared: compatibility forms and letter case do not count."""
    return unicodedata.normalize("NFKC", tidy(name)).casefold()


def fits(name: str) -> bool:
    """Whether a name has 1 to LONGEST characters and a key that can be kept."""
    return 0 < len(tidy(name)) <= LONGEST and len(key(name)) <= LONGEST_KEY


def is_printable(name: str) -> bool:
    """Whether a name has no control or direction-changing characters, which could pass it off
    as another."""
    return all(unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"} for c in name)
