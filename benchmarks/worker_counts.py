"""The same run with 1, 2 and 3 workers: every bit of what comes out is the same.

    python benchmarks/worker_counts.py

`cohort assess`, `cohort simulate` and `trial simulate` by processes, the ensemble of a calibrated person by threads. Writes
benchmarks/results/worker_counts.csv: one row a verb and count, with the first digits of the hash of all that came out.
"""

from __future__ import annotations

import csv
import hashlib
import pickle
import sys
import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from kill_campaign import STUDY, outputs, people

RESULTS = Path(__file__).resolve().parent / "results" / "worker_counts.csv"
COUNTS = (1, 2, 3)
MEMBERS = 40


def cohort(verb: str, n: int, facts: int) -> Callable[[int, Path], Any]:
    """A cohort verb over `n` people, some facts a chunk."""

    def run(workers: int, scratch: Path) -> Any:
        from fetuin.cohorts.run import run

        table = people(scratch / f"{verb}.csv", n)
        out = scratch / f"{verb}-{workers}"
        for _ in run(verb, table, out, {"setting": "general", "facts_a_part": facts, "days": 20}, workers=workers):
            pass
        return outputs(out)

    return run


def trial(workers: int, _: Path) -> Any:
    """Replicates of a study: every number of its rows."""
    from fetuin.trials.run import run_trial

    found = run_trial(STUDY, n=600, seed=3, workers=workers)
    return [{k: v.tobytes() for k, v in rows.items()} for s in found.scenarios for rows in (s.rows, s.null)]


def ensemble(workers: int, _: Path) -> Any:
    """Members of a calibrated person: their parameters, and their courses for eight weeks."""
    import numpy as np

    from fetuin.engine import solve
    from fetuin.records.record import Observation, Record
    from fetuin.simulation.individual import individual
    from fetuin.simulation.scenario import Scenario

    begin = datetime(2024, 1, 1)
    values = tuple(
        Observation(name, value + 0.03 * k, unit, begin + timedelta(days=30 * k))
        for k in range(5)
        for name, value, unit in (("phosphate", 1.6, "mmol/L"), ("calcium", 2.3, "mmol/L"), ("pth", 30.0, "pmol/L"))
    )
    solve.available_processors = lambda: workers
    who = individual(Record(id="a", observations=values), seed=1, members=MEMBERS)
    t = who.forward(Scenario(), 56.0, times=np.arange(0.0, 57.0, 7.0))
    return [sorted(m.parameters.items()) for m in who.members], [
        t[k].tobytes() for k in ("phosphate", "calcium", "pth")
    ]


VERBS: dict[str, Callable[[int, Path], Any]] = {
    "cohort assess": cohort("assess", 3000, 300), "cohort simulate": cohort("simulate", 120, 20), "trial simulate": trial,
    "calibration ensemble": ensemble,
}  # fmt: skip


def main() -> int:
    """All verbs with all counts."""
    from fetuin.notice import __version__

    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for verb, run in VERBS.items():
            first = ""
            for workers in COUNTS:
                digest = hashlib.sha256(pickle.dumps(run(workers, Path(scratch)), protocol=5)).hexdigest()
                first = first or digest
                rows.append({"date": date.today().isoformat(), "version": __version__, "verb": verb, "workers": workers, "n": 1,
                             "sha256": digest[:16], "different": int(digest != first)})  # fmt: skip
                print(rows[-1], flush=True)
    with RESULTS.open("w", encoding="utf-8", newline="") as f:
        out = csv.DictWriter(f, list(rows[0]), lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
    return int(any(r["different"] for r in rows))


if __name__ == "__main__":
    sys.exit(main())
