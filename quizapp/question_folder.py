"""Reading a folder of question files from disk."""

import os
from collections.abc import Iterator
from pathlib import Path

from quizapp.domain.bank import Bank, assemble
from quizapp.domain.findings import Finding, Severity
from quizapp.domain.formats.lines import MAX_BYTES

SUFFIX = ".md"
ABOUT = "readme.md"


def read_folder(path: Path) -> dict[str, bytes]:
    """The question files of a folder and its subfolders, by name relative to it, in order.

    Hidden files and README.md are left out, and so is what a link leads to outside the folder.
    Of a file too large to be taken, only as much is read as shows that. Raises OSError.
    """
    return {
        entry.relative_to(path).as_posix(): _bytes(entry)
        for entry in _candidates(path)
        if not _obstacle(entry, path)
    }


def left_out(path: Path) -> Iterator[Finding]:
    """Warnings of what an author may take for question files of a folder, and is not read.

    Raises OSError.
    """
    for entry in _candidates(path):
        if obstacle := _obstacle(entry, path):
            name = entry.relative_to(path).as_posix()
            yield Finding(name, 1, "left-out", Severity.WARNING, *obstacle)


def load(path: Path) -> Bank:
    """The bank of a folder, or of one file, judged beside the other files of its folder.

    Names are relative to the folder. Raises OSError.
    """
    if path.is_dir():
        return assemble(read_folder(path), left_out(path))
    beside = {
        file.name: _bytes(file)
        for file in path.parent.iterdir()
        if _is_named(file) and file.is_file()
    }
    return assemble({**beside, path.name: _bytes(path)}).only(path.name)


def _candidates(root: Path) -> list[Path]:
    """All that is named like a question file in a folder and its subfolders, and links to folders,
    which are not followed; in order.
    """
    found: list[Path] = []
    for folder, subfolders, names in os.walk(root, onerror=_raise):
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        entries = [Path(folder, name) for name in (*subfolders, *names)]
        found += [entry for entry in entries if _is_named(entry) or _is_linked_folder(entry)]
    return sorted(found)


def _raise(error: OSError) -> None:
    raise error


def _is_named(entry: Path) -> bool:
    name = entry.name.lower()
    return name.endswith(SUFFIX) and not name.startswith(".") and name != ABOUT


def _is_linked_folder(entry: Path) -> bool:
    return entry.is_symlink() and entry.is_dir()


def _obstacle(entry: Path, root: Path) -> tuple[str, str] | None:
    """Why a candidate is not read, and how to mend that; None where it is."""
    if _is_linked_folder(entry):
        return "links to folders are not followed", "put a copy of the folder in its place"
    if entry.is_dir():
        return "this is a folder, though named like a question file", "take `.md` off its name"
    if not entry.is_file():
        return "there is no file behind this name", "put one in its place, or delete the name"
    if not entry.resolve().is_relative_to(root.resolve()):
        message = "the link leads out of the question folder, and is not followed"
        return message, "put a copy of the file in its place"
    return None


def _bytes(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)
