"""File formats for questions: each reads bytes into a deck or source, or writes one as bytes.

Nothing about a format lives elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from quizapp.domain.findings import Finding, Severity
from quizapp.domain.questions import Deck, Source


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds and what is wrong with it.

    `draft` is what could be made out, errors or not: good enough for cross-checks, never for
    learners. `lines` tells at which line (from 1) each front-matter name stands, and
    `has_whole_header` whether all of the front matter could be read: if not, what seems to lack
    may be there.
    """

    draft: Deck | Source | None
    findings: tuple[Finding, ...]
    lines: Mapping[str, int] = field(default_factory=dict[str, int])
    has_whole_header: bool = True

    @property
    def document(self) -> Deck | Source | None:
        """The deck or source, or None where any finding is an error."""
        refused = any(finding.severity is Severity.ERROR for finding in self.findings)
        return None if refused else self.draft
