"""Reading a folder of question files from disk."""

import os
from collections.abc import Iterator
from pathlib import Path

from quizapp.domain.bank import Bank, assemble
from quizapp.domain.formats.lines import MAX_BYTES

SUFFIX = ".md"


def read_folder(path: Path) -> dict[str, bytes]:
    """The question files of a folder and its subfolders, by name relative to it, in order.

    Hidden files and README.md are left out, and so is what a link leads to outside the folder.
    Of a file too large to be taken, only as much is read as shows that. Raises OSError.
    """
    return {file.relative_to(path).as_posix(): _bytes(file) for file in sorted(_files(path))}


def load(path: Path) -> Bank:
    """The bank of a folder, or of one file, judged beside the other files of its folder.

    Names are relative to the folder. Raises OSError.
    """
    if path.is_dir():
        return assemble(read_folder(path))
    beside = {file.name: _bytes(file) for file in path.parent.glob(f"*{SUFFIX}") if _counts(file)}
    return assemble({**beside, path.name: _bytes(path)}).only(path.name)


def _files(root: Path) -> Iterator[Path]:
    home = root.resolve()
    for folder, subfolders, names in os.walk(root, onerror=_raise):
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        for file in (Path(folder, name) for name in names):
            if _counts(file) and file.resolve().is_relative_to(home):
                yield file


def _raise(error: OSError) -> None:
    raise error


def _counts(file: Path) -> bool:
    is_named = file.suffix == SUFFIX and not file.name.startswith(".")
    return is_named and file.name != "README.md" and file.is_file()


def _bytes(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)
