"""What a worker keeps in memory, as Linux counts it."""

import sys
from pathlib import Path

from benchmarks.figures import Bounds, Figure, figure

PROC = Path("/proc")
UNDER_LOAD = Bounds(must=110.0)


def figures(server: int) -> list[Figure]:
    """Resident and proportional memory of the largest worker below this process, in MB.

    Empty where there is no Linux to ask.
    """
    if sys.platform != "linux":
        return []
    workers = [_kilobytes(process) for process in _children(server)]
    return [
        figure(f"memory of a worker under load, {name}", "MB", [largest / 1e3], bounds)
        for name, bounds in (("Rss", UNDER_LOAD), ("Pss", None))
        for largest in [max(worker[name] for worker in workers) * 1.024]
    ]


def _children(parent: int) -> list[Path]:
    return [process for process in PROC.glob("[0-9]*") if _parent(process) == parent]


def _parent(process: Path) -> int:
    try:
        status = (process / "status").read_text()
    except OSError:  # it ended meanwhile
        return 0
    return int(status.partition("PPid:")[2].split()[0])


def _kilobytes(process: Path) -> dict[str, int]:
    """Lines such as `Rss:  81232 kB`, by name, in units of 1024 bytes."""
    lines = (process / "smaps_rollup").read_text().splitlines()[1:]
    return {
        name: int(amount.split()[0]) for name, _, amount in (line.partition(":") for line in lines)
    }
