"""What a check has to say about a question file, built for the person who mends it."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs: an error refuses the file, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing to mend: where it stands, which rule, what is wrong, how to mend it.

    `line` counts from 1. `file` is the name under which the file was given.
    """

    file: str
    line: int
    rule: str
    severity: Severity
    message: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}, {self.mend}"

    def as_dict(self) -> dict[str, str | int]:
        """The finding as plain JSON values, keys as in the command line's `--json`."""
        return {
            "file": self.file,
            "line": self.line,
            "rule": self.rule,
            "severity": self.severity.value,
            "message": self.message,
            "mend": self.mend,
        }
