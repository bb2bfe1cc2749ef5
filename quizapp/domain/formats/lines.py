"""From bytes to lines of text, with true line numbers whatever the line endings."""

import re

from quizapp.domain.formats.complaints import Complaints

MAX_BYTES = 1024 * 1024
"""The largest question file that is read, in bytes."""

NEWLINE = re.compile(r"\r\n?|\n")
_NEWLINE_BYTES = re.compile(rb"\r\n?|\n")

# Control characters, the separators that YAML takes for line ends and Markdown does not, and the
# two code points that YAML refuses. Tabs are judged later: within code they are content.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")


def decode(data: bytes, complaints: Complaints) -> list[str]:
    """The lines of a file without their ends, what is not text shown as U+FFFD."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse_bytes(data, error, complaints)
        text = data.decode("utf-8-sig", errors="replace")
    lines = NEWLINE.split(text)
    return [_clean(line, number, complaints) for number, line in enumerate(lines, start=1)]


def _refuse_bytes(data: bytes, error: UnicodeDecodeError, complaints: Complaints) -> None:
    # The decoder counts from behind the byte order mark; its own object says where that is.
    start = error.start + len(data) - len(error.object)
    line = len(_NEWLINE_BYTES.findall(data[:start])) + 1
    complaints.add(
        line,
        "not-utf8",
        f"the byte 0x{data[start]:02X} is not UTF-8 text",
        "save the file as UTF-8",
    )


def _clean(line: str, number: int, complaints: Complaints) -> str:
    found = _FORBIDDEN.search(line)
    if not found:
        return line
    complaints.add(
        number,
        "control-character",
        f"the control character U+{ord(found.group()):04X} stands at column {found.start() + 1}",
        "delete it",
    )
    return _FORBIDDEN.sub("\ufffd", line)


def trimmed(lines: list[str]) -> str:
    """The lines as one text, without blank lines before and after."""
    written = [number for number, line in enumerate(lines) if line.strip()]
    if not written:
        return ""
    return "\n".join(lines[written[0] : written[-1] + 1]).rstrip()
