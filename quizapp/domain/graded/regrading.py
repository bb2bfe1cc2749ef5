"""What an answer is worth after its question was changed or a person decided."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from quizapp.domain.graded.policy import Policy
from quizapp.domain.graded.scoring import Mark, response_credit
from quizapp.domain.questions import Choice, Question


class Ruling(StrEnum):
    """What becomes of the marks of a question that was changed or dropped after use: they stay,
    are given anew by the new key, are full for everyone, or the question counts for nobody.
    """

    KEEP = "keep"
    REGRADE = "regrade"
    FULL = "full"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Given:
    """The answer to an item as it was given.

    `chosen` are positions in the version that was answered, None where there is no answer; with
    retries they are those of the last try, and `earlier` has those of the tries before it, in
    order. `credit` is what it earned then, 0 where there is none. `is_multiple`: all choices that
    are right were asked for, not one.
    """

    chosen: frozenset[int] | None
    certainty: int | None
    tries: int
    credit: Fraction
    earlier: tuple[frozenset[int], ...] = ()
    is_multiple: bool = True


def mark_of(
    policy: Policy,
    given: Given,
    ruling: Ruling | None,
    keys: frozenset[int] | None,
    override: Fraction | None,
) -> Mark:
    """The mark of one item as it stands now.

    An override, a person's decision about this one answer, goes before a ruling, and a ruling
    before what was earned. Only an ignored question stays ignored: all attempts are then out of
    the same worth. Full marks go to all who were given the question, answered or not. `keys` are
    the new keys as positions in the version that was answered (`carried_over`); regrading without
    them raises ValueError. Of several tries the first counts that turns out to be right: who was
    told that it was wrong would not have tried again.
    """
    if ruling is Ruling.IGNORE:
        return Mark(Fraction(0), worth=0)
    if override is not None:
        return Mark(override, worth=1)
    if ruling is Ruling.FULL:
        return Mark(Fraction(1), worth=1)
    if ruling is Ruling.REGRADE:
        return Mark(_regraded(policy, given, keys), worth=1)
    return Mark(given.credit, worth=1)


def accepted_keys(
    keys: frozenset[int], chosen: frozenset[int] | None, is_multiple: bool
) -> frozenset[int]:
    """The keys that an answer is regraded by.

    Where the question asked for one choice and it turns out that several are right, each of them
    is right by itself; where it asked for all that are right (`is_multiple`), all are needed.
    """
    if not is_multiple and chosen and chosen <= keys:
        return chosen
    return keys


def carried_over(old: Question, new: Question) -> frozenset[int] | None:
    """The new version's keys as positions in the old version; None where they cannot be matched.

    Choices are the same where their text is, white space aside, wherever they stand. A choice
    with a new text is the one in its place before, if there are as many choices as before and
    that one has not moved elsewhere.
    """
    before, after = _places(old.choices), _places(new.choices)
    same = {after[text]: place for text, place in before.items() if text in after}
    if len(old.choices) == len(new.choices):
        moved = set(same.values())
        reworded = [i for i in range(len(new.choices)) if i not in same and i not in moved]
        same.update(zip(reworded, reworded, strict=True))
    if not new.keys <= same.keys():
        return None
    return frozenset(same[key] for key in new.keys)


def _regraded(policy: Policy, given: Given, keys: frozenset[int] | None) -> Fraction:
    if not keys:
        raise ValueError("an answer cannot be regraded where the new keys are not known")
    if given.chosen is None:
        return Fraction(0)
    earned: list[tuple[bool, Fraction]] = []
    for number, chosen in (*enumerate(given.earlier, start=1), (given.tries, given.chosen)):
        right = accepted_keys(keys, chosen, given.is_multiple)
        credit = response_credit(policy, chosen, right, given.certainty, number)
        earned.append((chosen == right, credit))
    return next((credit for is_right, credit in earned if is_right), earned[-1][1])


def _places(choices: Iterable[Choice]) -> dict[str, int]:
    """Positions of the choices by their text, without texts that stand twice."""
    texts = [" ".join(choice.text.split()) for choice in choices]
    numbers = Counter(texts)
    return {text: place for place, text in enumerate(texts) if numbers[text] == 1}
