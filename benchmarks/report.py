"""The figures for people and for machines."""

import json
import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict

from benchmarks.figures import Figure

HEADINGS = ("figure", "median", "quartiles", "must", "aim", "reached", "ours / baseline")


def as_json(figures: Sequence[Figure]) -> str:
    """One object: where it was measured, and the figures with whether they reach their bounds."""
    return json.dumps(
        {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            "processors": os.cpu_count(),
            "figures": [
                asdict(figure)
                | {"reaches_must": figure.reaches_must, "reaches_aim": figure.reaches_aim}
                for figure in figures
            ],
        },
        indent=2,
        ensure_ascii=False,
    )


def as_table(figures: Sequence[Figure]) -> str:
    """A line a figure."""
    rows = [HEADINGS, *map(_row, figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _row(figure: Figure) -> tuple[str, ...]:
    return (
        figure.name,
        f"{figure.median:.3g} {figure.unit}".rstrip(),
        f"{figure.low:.3g} to {figure.high:.3g}",
        _bound(figure, figure.must),
        _bound(figure, figure.aim),
        _reached(figure),
        figure.detail,
    )


def _bound(figure: Figure, bound: float | None) -> str:
    if bound is None:
        return "-"
    return f"{'>=' if figure.at_least else '<='} {bound:g}"


def _reached(figure: Figure) -> str:
    if figure.reaches_must is None:
        return "-"
    if not figure.reaches_must:
        return "NO"
    return "aim" if figure.reaches_aim else "must"
