"""The Chromium that browser tests drive: the machine's own, since none is downloaded."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")

QUIET = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def chromium_path() -> str:
    """The path of the browser, `QUIZAPP_CHROMIUM` first. Raises RuntimeError where none is."""
    named = os.environ.get("QUIZAPP_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise RuntimeError(
            "no Chromium for the browser tests: install one (Debian: apt install chromium), "
            "or set QUIZAPP_CHROMIUM to the path of yours"
        )
    return found


def chromium_flags() -> list[str]:
    """What keeps the browser to itself; root cannot have Chromium's sandbox."""
    return [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else [*QUIET]
