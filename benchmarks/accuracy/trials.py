"""Published trials beside what their published inputs predict: one table.

`python benchmarks/accuracy/trials.py [--n 4000] [--facts FILE.json]` writes benchmarks/results/trial_replication.csv.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from fetuin.trials.replication import read_published, replicate_all, shipped
from fetuin.trials.replication.words import said

OUT = Path(__file__).resolve().parents[1] / "results" / "trial_replication.csv"


def main() -> None:
    """Replicate and write."""
    p = argparse.ArgumentParser()
    p.add_argument("--n", type=int, default=4000)
    p.add_argument("--facts", type=Path)
    a = p.parse_args()
    records = read_published(a.facts) if a.facts else shipped()
    with OUT.open("w", encoding="utf-8", newline="") as f:
        writer = csv.writer(f)
        writer.writerow(("trial", "recipe", "published", "by_calculation", "simulated", "power", "agrees", "why"))
        for r in replicate_all(records, a.n, 1):
            row = (
                r.id,
                r.recipe,
                said(r.published),
                said(r.expected),
                said(r.simulated),
                "" if r.power is None else f"{r.power:.3f}",
                r.agrees,
                r.why,
            )
            writer.writerow(row)
            print(*row[:7], sep=" | ")


if __name__ == "__main__":
    main()
