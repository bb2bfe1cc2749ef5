"""Collecting what is wrong with one file, so that all of it is told in one run."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches

from quizapp.domain.findings import Finding, Severity
from quizapp.domain.formats.consequences import only_causes

MAX_FINDINGS = 200
"""The most findings told about one file: beyond that it is no question file."""


class Refusal(Exception):
    """A value that cannot be taken, before it is known at which line it stands."""

    def __init__(self, rule: str, message: str, mend: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.mend = mend


class Complaints:
    """The errors of one file, in the order of its lines."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._findings: list[Finding] = []

    def add(self, line: int, rule: str, message: str, mend: str) -> None:
        """Note one error; `line` counts from 1."""
        finding = Finding(self._file, line, rule, Severity.ERROR, message, mend)
        self._findings.append(finding)

    def refuse(self, line: int, refusal: Refusal) -> None:
        """Note a refused value at its line."""
        self.add(line, refusal.rule, refusal.message, refusal.mend)

    def findings(self, begins: Sequence[int] = ()) -> tuple[Finding, ...]:
        """All errors by line, without repeats and mere consequences; the last one counts those
        beyond the limit. `begins` are the lines of the file's headings, in order.
        """
        ordered = only_causes(sorted(set(self._findings)), begins)
        told, rest = ordered[:MAX_FINDINGS], ordered[MAX_FINDINGS:]
        if rest:
            told.append(
                Finding(
                    self._file,
                    rest[0].line,
                    "too-many-errors",
                    Severity.ERROR,
                    f"{len(rest)} more errors follow",
                    "mend the ones above and check again",
                )
            )
        return tuple(told)


def likeliest(name: str, known: Collection[str]) -> str | None:
    """The known name that was probably meant by an unknown one."""
    close = get_close_matches(name.lower(), sorted(known), n=1)
    return close[0] if close else None


def instead_of(name: str, known: Collection[str]) -> str:
    """What to write instead of an unknown name: the likeliest known one, or the whole list."""
    meant = likeliest(name, known)
    if meant:
        return f"write `{meant}` if that was meant"
    return "use one of " + ", ".join(sorted(known))
