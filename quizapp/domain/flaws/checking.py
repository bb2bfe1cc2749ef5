"""All rules over a bank of decks, with what their authors waived."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from quizapp.domain.findings import Finding
from quizapp.domain.flaws import (
    attribution,
    cues,
    deckwide,
    english,
    forms,
    grammar,
    negatives,
    overlap,
    plausible,
    structure,
    wording,
)
from quizapp.domain.flaws.catalogue import CATALOGUE
from quizapp.domain.flaws.prepared import Flaw, Prepared, prepare
from quizapp.domain.questions import Deck

QuestionRule = Callable[[Prepared], Iterable[Flaw]]
DeckRule = Callable[[Sequence[Prepared]], Iterable[tuple[Prepared, Flaw]]]

ANY_LANGUAGE: tuple[tuple[str, QuestionRule], ...] = (
    ("longest-key", cues.longest_key),
    ("duplicate-choices", overlap.duplicate_choices),
    ("convergence", cues.convergence),
    ("uneven-choices", forms.uneven_choices),
    ("blank-inside", structure.blank_inside),
    ("wordy", wording.wordy),
    ("too-many-choices", structure.too_many_choices),
    ("missing-explanation", structure.missing_explanation),
    ("missing-feedback", structure.missing_feedback),
    ("missing-source", structure.missing_source),
)
ENGLISH: tuple[tuple[str, QuestionRule], ...] = (
    ("key-more-specific", cues.key_more_specific),
    ("all-of-the-above", structure.all_of_the_above),
    ("none-of-the-above", structure.none_of_the_above),
    ("negative-stem", negatives.negative_stem),
    ("double-negative", negatives.double_negative),
    ("absolute-term", wording.absolute_term),
    ("vague-term", wording.vague_term),
    ("grammatical-cue", grammar.grammatical_cue),
    ("clang", cues.clang),
    ("overlapping-choices", overlap.overlapping_choices),
    ("uneven-choices", forms.uneven_forms),
    ("unfocused-stem", wording.unfocused_stem),
    ("disguised-true-false", structure.disguised_true_false),
    ("implausible-distractor", plausible.implausible_distractor),
    ("wordy", wording.padded),
    ("unattributed-claim", attribution.unattributed_claim),
)
DECK_ANY_LANGUAGE: tuple[tuple[str, DeckRule], ...] = (
    ("skewed-key-position", deckwide.skewed_key_position),
    ("skewed-key-length", deckwide.skewed_key_length),
)
DECK_ENGLISH: tuple[tuple[str, DeckRule], ...] = (("gives-away", deckwide.gives_away),)


@dataclass(frozen=True, slots=True, order=True)
class WaivedFinding:
    """A finding that the author of the question keeps, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the checker says about a bank, each part sorted by file and line."""

    findings: tuple[Finding, ...]
    waived: tuple[WaivedFinding, ...]


def check(deck: Deck, file: str) -> Report:
    """The flaws of one deck, given under its file's name."""
    return check_bank([(file, deck)])


def check_bank(decks: Sequence[tuple[str, Deck]]) -> Report:
    """The flaws of all decks, each given as (file name, deck), in time linear in their size."""
    findings: list[Finding] = []
    waived: list[WaivedFinding] = []
    for file, rule, question, flaw in _all_flaws(decks):
        finding = _finding(file, rule, flaw)
        reason = next((w.reason for w in question.question.waivers if w.rule == rule), None)
        if reason is None:
            findings.append(finding)
        else:
            waived.append(WaivedFinding(finding, reason))
    return Report(tuple(sorted(findings)), tuple(sorted(waived)))


def _finding(file: str, rule: str, flaw: Flaw) -> Finding:
    about = CATALOGUE[rule]
    return Finding(file, flaw.line, rule, about.severity, flaw.message, about.mend)


def _all_flaws(
    decks: Sequence[tuple[str, Deck]],
) -> Iterator[tuple[str, str, Prepared, Flaw]]:
    bank: list[tuple[str, Prepared]] = []
    for file, deck in decks:
        questions = [prepare(question) for question in deck.questions]
        bank += [(file, question) for question in questions]
        for rule, question, flaw in _deck_flaws(questions, in_english=_is_english(deck)):
            yield file, rule, question, flaw
    for file, question, flaw in deckwide.same_stems(bank):
        yield file, "duplicate-stem", question, flaw


def _is_english(deck: Deck) -> bool:
    return deck.language.lower().split("-")[0] == english.LANGUAGE


def _deck_flaws(
    questions: list[Prepared], *, in_english: bool
) -> Iterator[tuple[str, Prepared, Flaw]]:
    question_rules = ANY_LANGUAGE + ENGLISH if in_english else ANY_LANGUAGE
    deck_rules = DECK_ANY_LANGUAGE + DECK_ENGLISH if in_english else DECK_ANY_LANGUAGE
    for question in questions:
        for rule, look in question_rules:
            for flaw in look(question):
                yield rule, question, flaw
    for rule, look_over in deck_rules:
        for question, flaw in look_over(questions):
            yield rule, question, flaw
