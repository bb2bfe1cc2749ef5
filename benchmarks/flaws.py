"""Time of the flaw checker on generated banks: `python -m benchmarks.flaws [--json]`.

Prints the seconds for 1,000 and 10,000 questions and the growth ratio, which is the time for a
question at 10,000 over that at 1,000: about 1 where the checker is linear. "must" is under 10 s
for 10,000 questions.
"""

import json
import random
import statistics
import sys
import time

from quizapp.domain.flaws import check_bank
from quizapp.domain.questions import Choice, Deck, Question

SMALL, LARGE = 1_000, 10_000
QUESTIONS_PER_DECK = 50
ROUNDS = 3

_NOUNS = (
    "alliance parliament treaty enzyme membrane glacier orchestra algorithm currency election "
    "verdict molecule harvest railway manuscript satellite reactor sonata festival province "
    "garrison archive compiler antibody tariff monsoon cathedral dialect ledger shipyard"
)
_ACTIONS = (
    "supports limits precedes explains weakens requires produces describes replaces delays "
    "confirms protects divides measures finances contradicts"
)
_SUBJECTS, _VERBS = _NOUNS.split(), _ACTIONS.split()
_DETAILS = (
    "in the first decade",
    "after the reform",
    "under the new charter",
    "at low pressure",
    "with two partners",
    "near the border",
    "during the trial",
    "without a permit",
    "for the second time",
    "in most of the samples",
    "because of the drought",
    "on the northern coast",
)
_OPENINGS = (
    "Which {noun} {verb} the {other} {detail}?",
    "What does the {noun} of {place} tell about the {other} {detail}?",
    "According to the report of {year}, which {noun} {verb} the {other}?",
    "The {noun} {verb} the {other} of {place} because of",
    "Which of these is **not** a {noun} that {verb} the {other} {detail}?",
)


def _word(chance: random.Random) -> str:
    """A made-up name, so that a bank has as many rare words as a real one."""
    parts = ("ka", "len", "mor", "ti", "sur", "ba", "vel", "no", "rin", "das", "pe", "gol")
    return "".join(chance.choices(parts, k=3)).capitalize()


def _phrase(chance: random.Random) -> str:
    noun, verb = chance.choice(_SUBJECTS), chance.choice(_VERBS)
    return f"The {noun} of {_word(chance)} {verb} it {chance.choice(_DETAILS)}"


def _question(chance: random.Random, number: int) -> Question:
    stem = chance.choice(_OPENINGS).format(
        noun=chance.choice(_SUBJECTS),
        other=chance.choice(_SUBJECTS),
        verb=chance.choice(_VERBS),
        detail=chance.choice(_DETAILS),
        place=_word(chance),
        year=chance.randint(1950, 2022),
    )
    size = chance.choice((3, 4))
    key = chance.randrange(size)
    choices = tuple(
        Choice(_phrase(chance), is_key=at == key, feedback="The report does not say so.")
        for at in range(size)
    )
    explanation = f"{_phrase(chance)}, as the report says. {_phrase(chance)}."
    return Question(f"q{number}", stem, choices, explanation, ("p1",), line=10 * number + 1)


def bank(count: int, seed: int = 1) -> list[tuple[str, Deck]]:
    """Decks with `count` questions in all, the same for the same seed."""
    chance = random.Random(seed)
    questions = [_question(chance, number) for number in range(count)]
    return [
        (f"deck-{start}.md", Deck(f"deck-{start}", "Deck", "Topic", tuple(part), source="notes"))
        for start in range(0, count, QUESTIONS_PER_DECK)
        for part in [questions[start : start + QUESTIONS_PER_DECK]]
    ]


def seconds(decks: list[tuple[str, Deck]]) -> float:
    """CPU seconds of one check."""
    start = time.process_time()
    check_bank(decks)
    return time.process_time() - start


def measure() -> dict[str, float]:
    """Medians over alternating rounds, and the growth ratio; also with all in one deck."""
    one_deck = Deck("all", "All", "Topic", tuple(q for _, d in bank(LARGE) for q in d.questions))
    banks = {"small": bank(SMALL), "large": bank(LARGE), "one_deck": [("all.md", one_deck)]}
    seconds(banks["small"])  # once for nothing: it fills the table of word roots
    times = {name: [0.0] * ROUNDS for name in banks}
    for turn in range(ROUNDS):
        for name, decks in banks.items():
            times[name][turn] = seconds(decks)
    small, large, single = (statistics.median(times[name]) for name in banks)
    return {
        "seconds_1000": round(small, 3),
        "seconds_10000": round(large, 3),
        "growth": round(large / LARGE / (small / SMALL), 3),
        "seconds_10000_in_one_deck": round(single, 3),
    }


def main() -> None:
    """Print the figures, as JSON where asked."""
    figures = measure()
    if "--json" in sys.argv:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:28}{value:8.3f}")


if __name__ == "__main__":
    main()
