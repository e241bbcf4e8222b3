"""A mechanistic trial: 2 x 150 virtual haemodialysis patients, a year, 1 000 replicates from a bank, the bank included.

`python benchmarks/speed/trial_bank.py [--n 1000] [--size 400] [--workers 2]` appends one line to benchmarks/results/trial_bank.csv.
Bar: at most 10 minutes on 2 cores. CPU seconds are those of this process and its workers; wall is what the clock says,
with the load of the machine beside it.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from fetuin.notice import __version__
from fetuin.trials.run import run_trial
from fetuin.trials.study import read_table

OUT = Path(__file__).resolve().parents[1] / "results" / "trial_bank.csv"
BAR = 600.0  # s


def study(size: int) -> dict:
    """The shipped CAC question with 300 patients and quarterly scans, analysed by MMRM."""
    table = read_table("sevelamer_calcium_cac")
    table["design"]["randomised"] = 300
    table["visits"]["days"] = [0, 91, 182, 273, 364]
    table["endpoint"]["analysis"] = "mmrm"
    table["patients"]["size"] = size
    return table


def cpu() -> float:
    """CPU seconds of this process and of the workers that have ended."""
    return sum(
        u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def main() -> None:
    """Measure and append."""
    p = argparse.ArgumentParser()
    for name, default in (("--n", 1000), ("--size", 400), ("--workers", 2)):
        p.add_argument(name, type=int, default=default)
    a = p.parse_args()
    marks: dict[str, float] = {}
    load = os.getloadavg()[0]

    def watch(what: str, done: int, total: int, power: object) -> None:
        marks.setdefault(what, time.monotonic())

    begun, used = time.monotonic(), cpu()
    with tempfile.TemporaryDirectory() as folder:
        result = run_trial(study(a.size), a.n, 1, out=Path(folder) / "run", workers=a.workers, watch=watch)
    wall, spent = time.monotonic() - begun, cpu() - used
    row = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}", "version": __version__, "patients": 300, "years": 1, "replicates": a.n, "bank": a.size,
        "workers": a.workers, "wall_s": round(wall, 1), "bank_wall_s": round(marks["trials"] - begun, 1), "cpu_s": round(spent, 1),
        "cpu_s_over_2_cores": round(spent / 2, 1), "load_before": round(load, 1), "bar_s": BAR, "power": round(result["power"].value, 3),
    }  # fmt: skip
    new = not OUT.exists()
    with OUT.open("a", encoding="utf-8", newline="") as f:
        writer = csv.DictWriter(f, list(row))
        if new:
            writer.writeheader()
        writer.writerow(row)
    print(row)


if __name__ == "__main__":
    main()
