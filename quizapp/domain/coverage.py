"""Which passages and levels the questions test, and which they leave out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from quizapp.domain.questions import Deck, Source

LEVELS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Numbers of questions. A question on two passages counts for each of them."""

    decks: int
    questions: int
    by_passage: dict[str, int]
    by_level: dict[int | None, int]
    by_cell: dict[tuple[str, int | None], int]


def coverage(decks: Iterable[Deck], sources: Iterable[Source]) -> Coverage:
    """Count; passages no question tests are there with 0, in the sources' order.

    Passages are named by their slugs, and by source and slug where two sources share one.
    """
    decks, sources = list(decks), list(sources)
    names = _passage_names(sources)
    cells: Counter[tuple[str, int | None]] = Counter()
    passages: Counter[str] = Counter(dict.fromkeys(names.values(), 0))
    levels: Counter[int | None] = Counter(dict.fromkeys(LEVELS, 0))
    for deck in decks:
        for question in deck.questions:
            levels[question.level] += 1
            for slug in question.passages:
                name = names[deck.source, slug]
                passages[name] += 1
                cells[name, question.level] += 1
    return Coverage(
        decks=len(decks),
        questions=levels.total(),
        by_passage=dict(passages),
        by_level=dict(levels),
        by_cell=dict(cells),
    )


def _passage_names(sources: list[Source]) -> dict[tuple[str, str], str]:
    shared = Counter(passage.slug for source in sources for passage in source.passages)
    return {
        (source.slug, passage.slug): (
            passage.slug if shared[passage.slug] == 1 else f"{source.slug}#{passage.slug}"
        )
        for source in sources
        for passage in source.passages
    }
