"""Which files are taken in the browser, and under which names."""

import re
import unicodedata
from pathlib import PurePosixPath

from quizapp.domain.formats.complaints import Complaints
from quizapp.domain.formats.lines import NEWLINE, decode

SUFFIX = ".md"
LONGEST_NAME = 80
"""The longest file name that is taken, in characters, with its suffix."""

MOST_FILES = 40
"""The most files that are taken at a time."""

_ABOUT = "readme"
_UNFIT = re.compile(r"[^\w.-]+")


def file_name(given: str) -> str:
    """The name to keep a file under: without folders, with "-" for what does not suit an address.

    An ending other than .md stays, for `obstacle` to refuse.
    """
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", given)[-1]).strip()
    path = PurePosixPath(name)
    suffix = SUFFIX if path.suffix.lower() == SUFFIX else path.suffix
    stem = name.removesuffix(path.suffix) if path.suffix else name
    return _UNFIT.sub("-", stem).strip("-.") + suffix


def name_problem(name: str) -> str | None:
    """What is wrong with a name that `file_name` made, with the mend; None where it is fit."""
    stem = name.removesuffix(SUFFIX)
    if stem == name or not stem:
        return "the name does not end in .md: give it a name such as rivers.md"
    if stem.lower() == _ABOUT:
        return "README.md is never a question file: give it another name"
    if len(name) > LONGEST_NAME:
        return f"the name is longer than {LONGEST_NAME} characters: give it a shorter one"
    return None


def obstacle(name: str, data: bytes) -> str | None:
    """Why a file cannot even become a draft, with its mend, or None where it can.

    `name` is as `file_name` made it. What is wrong with the questions in it is no obstacle.
    """
    if problem := name_problem(name):
        return f"{name[:LONGEST_NAME] or 'a file'}: {problem}"
    if not data.strip():
        return f"{name}: the file is empty: choose one with questions in it"
    complaints = Complaints(name)
    if decode(data, complaints) is None:
        return str(complaints.findings()[0])
    if b"\0" in data:
        return f"{name}: this is no text file: export it as text (UTF-8) and upload that"
    return None


def as_text(data: bytes) -> str:
    """What a file without an obstacle says, for an editor: line ends as \\n, no byte order mark."""
    return NEWLINE.sub("\n", data.decode("utf-8-sig"))


def edited(data: bytes, text: str) -> bytes:
    """The file with a text that comes back from an editor; the same bytes where it is the same."""
    lines = NEWLINE.sub("\n", text)
    return data if lines == as_text(data) else lines.encode()
