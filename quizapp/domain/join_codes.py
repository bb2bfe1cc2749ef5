"""Codes by which people join a class: short enough to write on a board, too many to guess."""

from random import Random

LENGTH = 8
ALPHABET = "23456789ACDEFGHJKMNPQRTVWXY"
"""Without letters that are taken for another or for a digit: 27 to the power of 8 codes."""

_LOOK_ALIKES = str.maketrans("BSZU", "852V")


def make(random: Random) -> str:
    """A new code, as it is kept."""
    return "".join(random.choices(ALPHABET, k=LENGTH))


def tidy(text: str) -> str:
    """What somebody typed as a code is kept: no gaps, capitals, look-alikes put right."""
    return "".join(c for c in text.upper() if c.isalnum()).translate(_LOOK_ALIKES)


def grouped(code: str) -> str:
    """A code as it is read out: in two halves."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"
