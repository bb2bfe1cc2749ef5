"""What each item-writing rule is, why it stands and how its flaw is mended.

Sources are cited short: "HDR n" is guideline n of Haladyna, Downing & Rodriguez, "A review of
multiple-choice item-writing guidelines", Applied Measurement in Education 15 (2002); "SAQUET"
the named one of its 19 criteria (Moore et al. 2023); "B&R" Butler & Roediger, "Feedback
enhances the positive effects of multiple-choice testing", Memory & Cognition 36 (2008).
"""

from dataclasses import dataclass
from types import MappingProxyType

from quizapp.domain.findings import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the checker; `why` is a sentence, `mend` completes a finding's message."""

    id: str
    why: str
    mend: str
    cited: str = ""
    severity: Severity = Severity.WARNING


_RULES = (
    Rule(
        "longest-key",
        "Readers who guess pick the longest choice, because authors qualify what is right.",
        "shorten the key or give the distractors the same detail",
        "HDR 24, 28d; SAQUET: longest option correct",
    ),
    Rule(
        "key-more-specific",
        "A choice that is more exact or more careful than the others looks right unread.",
        "give every choice the same precision",
        "HDR 28d",
    ),
    Rule(
        "all-of-the-above",
        "Who knows that two choices hold, or that one does not, need not know the rest.",
        "name one right choice, or mark several keys and let learners tick all that hold",
        "HDR 9, 26; SAQUET: all of the above, complex or K-type",
    ),
    Rule(
        "none-of-the-above",
        "It shows that a learner knows what is wrong, not what is right.",
        "replace it with a plausible distractor, or leave it out",
        "HDR 25; SAQUET: none of the above",
    ),
    Rule(
        "negative-stem",
        "A negative that is overlooked turns a learner who knows into one who fails.",
        "ask positively, or set the negative word in bold or capitals",
        "HDR 17; SAQUET: negative worded stem",
    ),
    Rule(
        "double-negative",
        "Two negatives test the reading of a sentence, not the subject.",
        "put the stem or the choice positively",
        "HDR 17, 27",
    ),
    Rule(
        "absolute-term",
        "Little in the world holds always, so a sweeping choice is known to be wrong.",
        "say it without the absolute word, or use the same strength in all choices",
        "HDR 28a; SAQUET: absolute terms",
    ),
    Rule(
        "vague-term",
        "Readers differ on how much 'often' or 'some' is, so the choice has no one meaning.",
        "say how much, how many or when",
        "HDR 19; SAQUET: vague terms",
    ),
    Rule(
        "grammatical-cue",
        "A choice that does not complete the sentence is ruled out without knowledge.",
        "word the stem so that every choice follows from it",
        "HDR 28c; SAQUET: grammatical cues in stem",
    ),
    Rule(
        "clang",
        "A word of the stem that comes back in one choice only points to that choice.",
        "use another word in the key, or the same word in the distractors",
        "HDR 28b; SAQUET: word repeats in stem and correct answer",
    ),
    Rule(
        "duplicate-choices",
        "Two choices that say the same cannot both be judged, so neither can be right.",
        "replace one of the two",
        "HDR 19, 22",
        Severity.ERROR,
    ),
    Rule(
        "overlapping-choices",
        "Where one choice contains another, an answer can be right twice or ruled out by logic.",
        "make the choices exclude each other",
        "HDR 22",
    ),
    Rule(
        "convergence",
        "The choice that shares most with the others is the one that they were made from.",
        "spread the shared parts evenly over the choices",
        "HDR 28e; SAQUET: convergence cues",
    ),
    Rule(
        "uneven-choices",
        "A choice of another length or form stands out, whatever it says.",
        "bring the choices to the same form and about the same length",
        "HDR 23, 24",
    ),
    Rule(
        "unfocused-stem",
        "Without a question in the stem, learners have to guess what is asked.",
        "ask a question that can be answered with the choices covered",
        "HDR 14, 15; SAQUET: unfocused stem",
    ),
    Rule(
        "blank-inside",
        "A gap in the middle makes readers hold the sentence in mind and try each choice in it.",
        "move the blank to the end, or ask a question",
        "HDR 9; SAQUET: fill-in-the-blank",
    ),
    Rule(
        "disguised-true-false",
        "A true/false question is right by chance half of the time.",
        "ask which, why or how, with a choice for each real alternative",
        "HDR 9; SAQUET: true/false question",
    ),
    Rule(
        "implausible-distractor",
        "A choice that nobody picks makes guessing among the rest easier.",
        "replace it with a mistake that learners really make",
        "HDR 28f, 29, 31; SAQUET: implausible distractors",
    ),
    Rule(
        "too-many-choices",
        "More than five choices cost reading time; few questions have so many good distractors.",
        "keep the best three to five",
        "HDR 18",
    ),
    Rule(
        "missing-explanation",
        "Learners remember the answer they gave unless they are told why it is right or wrong.",
        "add a quote after the choices that says why the key is right",
        "B&R",
    ),
    Rule(
        "missing-feedback",
        "A learner who chose a distractor needs to know what is wrong with it.",
        "add a quote under the choice",
        "B&R",
    ),
    Rule(
        "wordy",
        "Reading takes the time and attention meant for the question.",
        "cut what is not needed to answer",
        "HDR 8, 13, 16; SAQUET: gratuitous information in stem",
    ),
    Rule(
        "gives-away",
        "A learner who meets both questions reads the answer in the other one.",
        "reword one of the two questions",
        "HDR 4",
    ),
    Rule(
        "skewed-key-position",
        "Learners notice where the key mostly stands, on paper and where choices keep their order.",
        "move keys to other places in the file",
        "HDR 20",
    ),
    Rule(
        "skewed-key-length",
        "Learners who notice that the longest or shortest choice is mostly right need no more.",
        "lengthen distractors or shorten keys in some of the questions",
        "HDR 24, 28d",
    ),
    Rule(
        "duplicate-stem",
        "The same question asked twice counts twice and tells nothing new.",
        "remove one, or ask something else",
        "HDR 4",
    ),
    Rule(
        "missing-source",
        "Without its passage nobody can check the key or read on.",
        "name the passage, as in source=p4",
    ),
    Rule(
        "unattributed-claim",
        "A contested word used as fact takes a side that the question has not shown.",
        "say whose word it is, as in 'according to ...', or use a neutral one",
        "HDR 6",
    ),
)

CATALOGUE = MappingProxyType({rule.id: rule for rule in _RULES})
"""Every rule by its id, in the order in which they are listed to readers."""
