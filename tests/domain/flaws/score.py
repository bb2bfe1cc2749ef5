"""Precision and recall of the flaw checker: `python -m tests.domain.flaws.score [batch ...]`.

An item counts once for each rule: true positive where the rule is on its label and found
something, false positive where it found something unlabelled, false negative where it is on the
label and found nothing.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from quizapp.domain.flaws import CATALOGUE, check
from tests.domain.flaws.labelled import BATCHES, Item, load


@dataclass
class Score:
    """Counts by rule, and the items that were judged wrongly."""

    hits: Counter[str] = field(default_factory=Counter[str])
    false_alarms: Counter[str] = field(default_factory=Counter[str])
    misses: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list[str])

    def precision(self, rules: Iterable[str]) -> float:
        """Share of the rules' findings that are right; 1 where there are none."""
        return _share(self.hits, self.false_alarms, rules)

    def recall(self, rules: Iterable[str]) -> float:
        """Share of the labelled flaws that are found; 1 where there are none."""
        return _share(self.hits, self.misses, rules)


def _share(right: Counter[str], wrong: Counter[str], rules: Iterable[str]) -> float:
    names = list(rules)
    good, bad = sum(right[r] for r in names), sum(wrong[r] for r in names)
    return good / (good + bad) if good + bad else 1.0


def judge(items: Iterable[Item]) -> Score:
    """How the checker does on labelled items."""
    score = Score()
    for item in items:
        found = {finding.rule for finding in check(item.deck, "deck.md").findings}
        score.hits.update(found & item.labels)
        score.false_alarms.update(found - item.labels)
        score.misses.update(item.labels - found)
        stem = item.deck.questions[0].stem.splitlines()[0][:70]
        score.wrong += [f"{item.name}: unlabelled {r}: {stem}" for r in sorted(found - item.labels)]
        score.wrong += [f"{item.name}: missed {r}: {stem}" for r in sorted(item.labels - found)]
    return score


def table(score: Score) -> str:
    """The score by rule and overall, for people."""
    lines = [f"{'rule':24}{'found':>6}{'false':>6}{'missed':>7}{'precision':>11}{'recall':>8}"]
    for rule in CATALOGUE:
        counts = (score.hits[rule], score.false_alarms[rule], score.misses[rule])
        lines.append(
            f"{rule:24}{counts[0]:6}{counts[1]:6}{counts[2]:7}"
            f"{score.precision([rule]):11.2f}{score.recall([rule]):8.2f}"
        )
    lines.append(
        f"{'overall':24}{score.hits.total():6}{score.false_alarms.total():6}"
        f"{score.misses.total():7}{score.precision(CATALOGUE):11.2f}{score.recall(CATALOGUE):8.2f}"
    )
    return "\n".join(lines)


def main(batches: Iterable[str]) -> None:
    """Print the table of each batch, with the items that were judged wrongly."""
    for batch in batches:
        items = load(batch)
        score = judge(items)
        report = [f"{batch}: {len(items)} items", table(score), *score.wrong]
        print("\n" + "\n".join(report))  # noqa: T201  # a command prints


if __name__ == "__main__":
    main(sys.argv[1:] or BATCHES)
