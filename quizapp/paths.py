"""Where the folders that ship with the app lie."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """The shipped folder `name`: inside the package (a wheel), else beside it (a checkout).

    Raises FileNotFoundError where it is in neither.
    """
    for place in (PACKAGE, PACKAGE.parent):
        folder = place / name
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"{name}/ is neither in {PACKAGE} nor beside it: reinstall quizapp")
