"""Ids made from what a question asks, for questions that have none."""

import re
import unicodedata
from collections.abc import Container

from quizapp.domain.rendering import plain

MAX_WORDS = 40
"""The longest id that is made, in characters."""

MAX_STEM = 200
"""How much of a stem is looked at, in characters."""


def suggest(stem: str, number: int, taken: Container[str] = frozenset()) -> str:
    """An id not in `taken`: words of the stem, or `question-<number>` without Latin letters.

    `number` is the question's place in its file, which also tells equal stems apart.
    """
    text = (
        unicodedata.normalize("NFKD", plain(stem[:MAX_STEM]))
        .encode("ascii", "ignore")
        .decode()
        .lower()
    )
    base = _shortened("-".join(re.findall(r"[a-z0-9]+", text)), MAX_WORDS) or f"question-{number}"
    slug, again = base, number
    while slug in taken:
        slug = f"{_shortened(base, MAX_WORDS - len(f'-{again}'))}-{again}"
        again += 1
    return slug


def _shortened(slug: str, most: int) -> str:
    if len(slug) <= most:
        return slug
    whole_words = slug[: most + 1].rpartition("-")[0]
    return whole_words or slug[:most]
