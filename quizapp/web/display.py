"""How someone likes to read: theme, contrast and text size, kept in a cookie of its own.

The server writes them into the page, so that nothing flashes and nothing needs a script.
"""

from dataclasses import dataclass
from functools import lru_cache

from flask import Response, current_app, request

COOKIE = "display"
THEMES = ("system", "light", "dark")
CONTRASTS = ("normal", "high")
SIZES = (100, 112, 125, 150, 200)
"""Text sizes in per cent, smallest first."""


@dataclass(frozen=True, slots=True)
class Display:
    """Reading preferences; `size` is an index into SIZES."""

    theme: str = "system"
    contrast: str = "normal"
    size: int = 0


@lru_cache(maxsize=64)
def parse(text: str) -> Display:
    """The preferences in a cookie; what is not understood falls back to the default."""
    theme, contrast, size = (*text.split("."), "", "", "")[:3]
    return Display(
        theme=theme if theme in THEMES else "system",
        contrast=contrast if contrast in CONTRASTS else "normal",
        size=int(size) if size in {str(i) for i in range(len(SIZES))} else 0,
    )


def current() -> Display:
    """The preferences of this request."""
    return parse(request.cookies.get(COOKIE, ""))


def keep(response: Response, chosen: Display) -> None:
    """Set the cookie for a year."""
    response.set_cookie(
        COOKIE,
        f"{chosen.theme}.{chosen.contrast}.{chosen.size}",
        max_age=365 * 24 * 3600,
        httponly=False,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
