"""Account names: one person's "Ada" is nobody else's "ADA"."""

import unicodedata

LONGEST = 60


def tidy(name: str) -> str:
    """The name as it is shown: composed, no surplus white space."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def key(name: str) -> str:
    """The name as it is compared: compatibility forms and letter case do not count."""
    return unicodedata.normalize("NFKC", tidy(name)).casefold()


def is_printable(name: str) -> bool:
    """Whether a name has no control or direction-changing characters, which could pass it off
    as another."""
    return all(unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"} for c in name)
