"""From bytes to lines of text, with true line numbers whatever the line endings."""

import codecs
import re

from quizapp.domain.formats.complaints import Complaints

MAX_BYTES = 1024 * 1024
"""The largest question file that is read, in bytes."""

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LAST_ASCII = 0x7F

NEWLINE = re.compile(r"\r\n?|\n")
_NEWLINE_BYTES = re.compile(rb"\r\n?|\n")

# Control characters, the separators that YAML takes for line ends and Markdown does not, and the
# two code points that YAML refuses. Tabs are judged later: within code they are content.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")


def decode(data: bytes, complaints: Complaints) -> list[str] | None:
    """The lines of a file without their ends, control characters shown as U+FFFD.

    None, with one complaint, for a file that is too large or no UTF-8: reading on would find
    errors that are not there.
    """
    if len(data) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES // 1024} KiB"
        complaints.add(1, "too-large", message, "divide it into several files")
        return None
    encoding = _wide_encoding(data)
    if encoding:
        # ASCII letters in UTF-16 are sound UTF-8 with a NUL beside each: the NUL is to blame.
        start = 0 if data[0] > _LAST_ASCII else data.index(0)
        _refuse_byte(data, start, f"it looks like {encoding}: save the file as UTF-8", complaints)
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The decoder counts from behind the byte order mark; its own object says where that is.
        start = error.start + len(data) - len(error.object)
        _refuse_byte(data, start, "save the file as UTF-8", complaints)
        return None
    lines = NEWLINE.split(text)
    return [_clean(line, number, complaints) for number, line in enumerate(lines, start=1)]


def _wide_encoding(data: bytes) -> str:
    """UTF-16 or UTF-32 by the first bytes, or ''."""
    beginning = data[:4]
    if b"\0\0" in beginning:
        return "UTF-32"
    return "UTF-16" if b"\0" in beginning or beginning.startswith(_UTF16_MARKS) else ""


def _refuse_byte(data: bytes, start: int, mend: str, complaints: Complaints) -> None:
    line = len(_NEWLINE_BYTES.findall(data[:start])) + 1
    message = f"the byte 0x{data[start]:02X} is not UTF-8 text"
    complaints.add(line, "not-utf8", message, mend)


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
