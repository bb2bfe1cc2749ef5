"""Which errors only follow from another one: a mistake is told once, where it was made."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence

from quizapp.domain.findings import Finding

_HIDDEN = frozenset({"heading-without-space", "underlined-heading", "unclosed-fence"})
"""What was meant to begin or end here is read as text or code."""

_BROKEN_LIST = frozenset(
    {"numbered-choices", "two-lists", "nested-choice", "bad-box", "option-without-box"}
)
"""The choices are not all where they were meant to be."""

_IN_PART: dict[str, frozenset[str]] = {
    **dict.fromkeys(("no-choices", "one-choice", "no-key", "all-keys"), _HIDDEN | _BROKEN_LIST),
    **dict.fromkeys(
        ("stray-text", "two-explanations"),
        _HIDDEN | {"numbered-choices", "two-lists", "bad-box"},
    ),
    **dict.fromkeys(
        ("text-before-question", "choices-before-question", "text-before-passage"),
        _HIDDEN | {"no-front-matter", "bad-box"},
    ),
    "two-lists": _HIDDEN | {"numbered-choices"},
    "option-without-box": frozenset({"numbered-choices"}),
}
"""By rule: the errors that may cause it from elsewhere in the same question."""

_IN_LINE: dict[str, frozenset[str]] = {
    "bad-yaml": frozenset({"tab"}),
    "nested-value": frozenset({"bad-yaml"}),
    "waiver-without-reason": frozenset({"bad-attribute"}),
}
"""By rule: the errors that may cause it on the same line."""


def only_causes(findings: Iterable[Finding], begins: Sequence[int]) -> list[Finding]:
    """The findings about one file without those that follow from others.

    `begins` are the lines, in order, at which the parts of the file begin: its headings.
    """
    placed = [(finding, bisect_right(begins, finding.line)) for finding in findings]
    in_line: defaultdict[int, set[str]] = defaultdict(set)
    in_part: defaultdict[int, set[str]] = defaultdict(set)
    for finding, part in placed:
        in_line[finding.line].add(finding.rule)
        in_part[part].add(finding.rule)
    return [
        finding
        for finding, part in placed
        if in_line[finding.line].isdisjoint(_IN_LINE.get(finding.rule, ()))
        and in_part[part].isdisjoint(_IN_PART.get(finding.rule, ()))
    ]
