"""The rules on questions labelled by hand; `python -m tests.domain.flaws.score` shows more."""

from collections import Counter
from functools import cache

import pytest

from quizapp.domain.flaws import CATALOGUE
from quizapp.domain.rule_ids import RULE_IDS
from tests.domain.flaws.labelled import BATCHES, Item, load
from tests.domain.flaws.score import Score, judge


def items() -> list[Item]:
    return [item for batch in BATCHES for item in load(batch)]


@cache
def score_of_all() -> Score:
    return judge(items())


@pytest.mark.parametrize("batch", BATCHES)
def test_nearly_all_that_is_found_is_right_and_nearly_all_flaws_are_found(batch: str) -> None:
    score = judge(load(batch))
    assert score.precision(CATALOGUE) >= 0.95, score.wrong
    assert score.recall(CATALOGUE) >= 0.95, score.wrong


@pytest.mark.parametrize("rule", sorted(RULE_IDS))
def test_each_rule_alone_is_right_and_finds_its_flaw(rule: str) -> None:
    score = score_of_all()
    assert score.precision([rule]) >= 0.9, score.wrong
    assert score.recall([rule]) >= 0.9, score.wrong


def test_each_rule_has_flawed_questions_in_both_batches() -> None:
    for batch, least in (("first", 4), ("held_out", 3)):
        flawed = Counter(label for item in load(batch) for label in item.labels)
        assert not {rule: n for rule in RULE_IDS if (n := flawed[rule]) < least}


def test_labels_are_names_of_rules() -> None:
    assert {label for item in items() for label in item.labels} <= RULE_IDS
