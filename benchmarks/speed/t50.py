"""Fit of one plate, 384 wells x 145 reads: fetuin beside SciPy soft-L1 and lmfit, in one run on one plate.

`python benchmarks/speed/t50.py` prints the table and writes `benchmarks/results/t50_speed.csv`. The peers get a
five-parameter curve with good start values from us; they fit fewer terms (no CPP1 rise, drift or settling) and decide
nothing about flags or censoring.
"""

from __future__ import annotations

import csv
import os
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fetuin.assays import start
from fetuin.assays.fit_plate import fit_plate
from fetuin.assays.intervals import bootstrap
from fetuin.assays.simulate_plate import simulate
from fetuin.assays.t50 import measure
from fetuin.notice import __version__

if TYPE_CHECKING:
    from pair import Pair

OUT = Path(__file__).parents[1] / "results" / "t50_speed.csv"


def richards(t: np.ndarray, base: float, height: float, t50: float, lw: float, lg: float) -> np.ndarray:
    w, g = np.exp(lw), np.exp(np.clip(lg, -3, 3))
    m = t50 + w * np.log(2.0 ** (1.0 / g) - 1.0)
    return base + height * np.exp(-g * np.logaddexp(0.0, -(t - m) / w))


def timed(work: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Least wall time and least processor time [s]."""
    walls, cpus = [], []
    for _ in range(repeats):
        w, c = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - w)
        cpus.append(time.process_time() - c)
    return min(walls), min(cpus)


def peers(plate) -> dict[str, Callable[[], object]]:  # type: ignore[no-untyped-def]
    import lmfit
    from scipy.optimize import least_squares

    t, y = plate.minutes, plate.reads
    seen = start.start(t, start.smooth(y))
    p0 = np.stack(
        [seen.low, seen.high - seen.low, seen.t50, np.log(seen.quartiles / 2.3), np.full(len(y), -0.2)], axis=1
    )

    def scipy_soft_l1() -> None:
        for i in range(len(y)):
            least_squares(
                lambda p, i=i: (richards(t[i], *p) - y[i]) / 500.0, p0[i], loss="soft_l1", x_scale=np.abs(p0[i]) + 0.1
            )

    model = lmfit.Model(richards)

    def with_lmfit() -> None:
        names = ("base", "height", "t50", "lw", "lg")
        for i in range(len(y)):
            model.fit(y[i], t=t[i], **dict(zip(names, p0[i])))

    return {"SciPy least_squares, soft L1, 5PL": scipy_soft_l1, "lmfit, 5PL": with_lmfit}


def pairs() -> Iterator[Pair]:
    """Robust fits of a whole plate, beside the same curve well by well."""
    from pair import Pair

    plate = simulate(11, "full").plate
    for name, work in peers(plate).items():
        yield Pair(
            "T50 fits", "plate of 384 wells", name, name.split()[0].lower(), lambda: fit_plate(plate), work, repeats=3
        )


def main() -> None:
    plate = simulate(11, "full").plate
    fit = fit_plate(plate)
    measure(plate)
    bootstrap(fit, 2)
    rows = [("fetuin, robust 5PL with delta interval", *timed(lambda: fit_plate(plate), 15))]
    rows.append(("fetuin, whole measurement with flags", *timed(lambda: measure(plate), 5)))
    rows += [(name, *timed(work, 2)) for name, work in peers(plate).items()]
    rows.append(("fetuin, bootstrap of the plate, 200 replicates", *timed(lambda: bootstrap(fit, 200), 1)))
    base = rows[0][1]
    with OUT.open("w", newline="", encoding="utf-8") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["date", "version", "what", "wall_s", "cpu_s", "times_fetuin", "processors"])
        for name, wall, cpu in rows:
            print(f"{name:50} {wall:8.3f} s wall {cpu:8.3f} s cpu {wall / base:7.1f} x")
            out.writerow(
                [date.today(), __version__, name, f"{wall:.4f}", f"{cpu:.4f}", f"{wall / base:.2f}", os.cpu_count()]
            )


if __name__ == "__main__":
    main()
