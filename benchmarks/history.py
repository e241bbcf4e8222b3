"""The history of the comparisons with peers: what was measured when, where, with which versions, and what was lost since.

`results/history.csv` is only appended to. A *loss* is a comparison whose whole interval lies more than a tenth below the middle of
the run before it on the same processor. A loss that is understood gets its reason in the column `note`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "results" / "history.csv"
COLUMNS = ("date", "processor", "cores", "load", "python", "code", "knowledge", "models", "part", "item", "peer", "peer_version",
           "ours_us", "theirs_us", "ratio", "ratio_low", "ratio_high", "repeats", "limit_us", "limit_because", "note")  # fmt: skip
LOST = 0.9  # a ratio that falls by less is the machine's mood

Row = dict[str, str]


@dataclass(frozen=True)
class Loss:
    """A comparison that got worse between two runs on the same processor."""

    before: Row
    now: Row

    def __str__(self) -> str:
        """One line for people."""
        b, n = self.before, self.now
        return (f"{n['part']} beside {n['peer']}: {n['ratio']} ({n['ratio_low']} to {n['ratio_high']}) on {n['date']}, "
                f"was {b['ratio']} on {b['date']}, {n['processor']}")  # fmt: skip


def read(file: Path = FILE) -> list[Row]:
    """Every row, oldest first; none where there is no file."""
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def append(rows: Iterable[Row], file: Path = FILE) -> None:
    """Add rows at the end."""
    new = not file.exists()
    with file.open("a", encoding="utf-8", newline="") as f:
        writer = csv.DictWriter(f, COLUMNS, lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerows(rows)


def losses(rows: list[Row]) -> list[Loss]:
    """Losses of the last row of each comparison and processor against the one before, but for those with a note."""
    series: dict[tuple[str, ...], list[Row]] = {}
    for r in rows:
        series.setdefault((r["part"], r["item"], r["peer"], r["processor"]), []).append(r)
    pairs = [(s[-2], s[-1]) for s in series.values() if len(s) > 1]
    return [Loss(b, n) for b, n in pairs if not n["note"] and float(n["ratio_high"]) < LOST * float(b["ratio"])]
