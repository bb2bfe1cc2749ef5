"""Everything there is to say about a bank: what refuses a file, and what weakens a question."""

from collections import defaultdict
from dataclasses import dataclass

from quizapp.domain.bank import Bank
from quizapp.domain.findings import Finding, Severity
from quizapp.domain.flaws import WaivedFinding, check_bank
from quizapp.domain.questions import Deck


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, by file and line, and the flaws that authors decided to keep."""

    findings: tuple[Finding, ...]
    waived: tuple[WaivedFinding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings for which files are refused."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    def by_file(self) -> dict[str, list[Finding]]:
        """The findings of each file that has any."""
        found: defaultdict[str, list[Finding]] = defaultdict(list)
        for finding in self.findings:
            found[finding.file].append(finding)
        return dict(found)


def check(bank: Bank) -> Report:
    """Read errors of all files, and item-writing flaws of the decks that have none."""
    decks = [(file.name, file.document) for file in bank.files if isinstance(file.document, Deck)]
    flaws = check_bank(decks)
    return Report(tuple(sorted((*bank.findings, *flaws.findings))), flaws.waived)
