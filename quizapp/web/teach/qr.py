"""QR codes as one path, so that they are plain SVG without styles."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import segno

BORDER = 4
"""Modules of white around a code, as its standard asks."""


@dataclass(frozen=True, slots=True)
class QrCode:
    """`size` is its width in modules with the border, `path` draws the dark ones."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """The code of a text, readable with up to 15 per cent of it spoiled."""
    rows = list(segno.make_qr(text, error="m").matrix)
    return QrCode(len(rows) + 2 * BORDER, "".join(_runs(rows)))


def _runs(rows: list[bytearray]) -> Iterator[str]:
    for y, row in enumerate(rows):
        x = 0
        for is_dark, run in groupby(row):
            width = len(list(run))
            if is_dark:
                yield f"M{x + BORDER} {y + BORDER}h{width}v1h-{width}z"
            x += width
