"""The project's own files: everything in the checkout that git would not ignore."""

import os
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IGNORED = [".git", *(ROOT / ".gitignore").read_text().replace("/instance/*", "").split()]


def is_ignored(name: str) -> bool:
    """Whether .gitignore names a file or folder of this name (the `!` lines do not)."""
    return any(fnmatch(name, pattern.strip("/")) for pattern in IGNORED)


def project_files(*under: str, suffix: str = "") -> Iterator[Path]:
    """Files of the checkout, or of these folders of it, whose names end in `suffix`."""
    for start in [ROOT / part for part in under] or [ROOT]:
        for folder, folders, files in os.walk(start):
            folders[:] = [name for name in folders if not _is_apart(Path(folder, name))]
            yield from (
                Path(folder, name)
                for name in files
                if name.endswith(suffix) and not is_ignored(name)
            )


def shown(path: Path) -> str:
    """The path as people write it: from the root of the checkout."""
    return path.relative_to(ROOT).as_posix()


def _is_apart(folder: Path) -> bool:
    return is_ignored(folder.name) or folder == ROOT / "instance"
