"""How well readers answer the bank with and without its source.

    python -m benchmarks.readers sheet SEED            prints a sheet without any key
    python -m benchmarks.readers score SEED FILE...    scores files of answers to that sheet

QUIZAPP_QUESTIONS names another bank than the shipped one. A sheet has every question in an order
drawn from SEED, its choices shuffled likewise. A file of answers has a line a question: the
number and the letters picked, such as `17 B` or `18 A C`. Chance is what picking blindly earns on
average: for one key of n choices 1/n, for several keys that of picking one set of that size at
random, where only the whole set counts.
"""

import os
import sys
from math import comb, sqrt
from pathlib import Path
from random import Random

from quizapp.domain.questions import Question
from quizapp.paths import shipped
from quizapp.question_folder import load

LETTERS = "ABCDEFGHIJKL"
Sheet = list[tuple[str, Question, list[int]]]


def sheet(seed: int) -> Sheet:
    """Deck slug, question and order of its choices, for each question of the shipped bank."""
    random = Random(seed)
    decks = load(Path(os.environ.get("QUIZAPP_QUESTIONS") or shipped("questions"))).decks
    rows = [(deck.slug, question) for deck in decks for question in deck.questions]
    random.shuffle(rows)
    return [
        (deck, question, random.sample(range(len(question.choices)), len(question.choices)))
        for deck, question in rows
    ]


def text(rows: Sheet) -> str:
    """The sheet as a reader gets it."""
    parts: list[str] = []
    for number, (_, question, order) in enumerate(rows, start=1):
        several = f" (pick {len(question.keys)})" if question.is_multiple else ""
        parts.append(f"{number}. {question.stem}{several}")
        parts += [f"   {LETTERS[i]}. {question.choices[c].text}" for i, c in enumerate(order)]
        parts.append("")
    return "\n".join(parts)


def right(rows: Sheet, answers: str) -> list[bool]:
    """Whether each question was answered right; what was left out counts as wrong."""
    given = {
        int(words[0].rstrip(".:)")): set("".join(words[1:]).upper().replace(",", ""))
        for line in answers.splitlines()
        if (words := line.split()) and words[0].rstrip(".:)").isdigit()
    }
    return [
        given.get(number) == {LETTERS[order.index(key)] for key in question.keys}
        for number, (_, question, order) in enumerate(rows, start=1)
    ]


def chance(rows: Sheet) -> float:
    """The mean share right of blind picking."""
    return sum(1 / comb(len(q.choices), len(q.keys)) for _, q, _ in rows) / len(rows)


def main() -> None:
    """Print a sheet, or scores by file and how often each question was answered right."""
    command, seed, *files = sys.argv[1:]
    rows = sheet(int(seed))
    if command == "sheet":
        print(text(rows))
        return
    results = [right(rows, Path(file).read_text()) for file in files]
    for file, result in zip(files, results, strict=True):
        print(f"{sum(result)} of {len(rows)} right ({sum(result) / len(rows):.1%})  {file}")
    mean = sum(map(sum, results)) / len(rows) / len(results)
    error = sqrt(mean * (1 - mean) / (len(rows) * len(results)))
    print(f"mean {mean:.1%} (standard error {error:.1%}), chance {chance(rows):.1%}")
    for (deck, question, _), *got in sorted(
        zip(rows, *results, strict=True), key=lambda row: (-sum(row[1:]), row[0][0])
    ):
        print(f"{sum(got)}/{len(results)}  {deck}#{question.slug}")


if __name__ == "__main__":
    main()
