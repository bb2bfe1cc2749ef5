"""The names of the item-writing rules, which the checker reports and an author may waive."""

RULE_IDS: frozenset[str] = frozenset(
    {
        "absolute-term",
        "all-of-the-above",
        "blank-inside",
        "clang",
        "convergence",
        "disguised-true-false",
        "double-negative",
        "duplicate-choices",
        "duplicate-stem",
        "gives-away",
        "grammatical-cue",
        "implausible-distractor",
        "key-more-specific",
        "longest-key",
        "missing-explanation",
        "missing-feedback",
        "missing-source",
        "negative-stem",
        "none-of-the-above",
        "overlapping-choices",
        "skewed-key-length",
        "skewed-key-position",
        "too-many-choices",
        "unattributed-claim",
        "uneven-choices",
        "unfocused-stem",
        "vague-term",
        "wordy",
    }
)
