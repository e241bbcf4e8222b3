"""Speed of the speciation beside PHREEQC through phreeqpython, the same sera and the same constants in one run.

    python benchmarks/speed/speciation.py

One million random sera on two cores, free ions and every saturation index; the best of three runs. phreeqpython solves
300 of the same sera one by one (solution, free calcium, its saturation indices), and 300 in one string, the faster
counts. The bars: 5 s, 200 times. The figures go to benchmarks/results/speciation.csv.
"""

from __future__ import annotations

import csv
import os
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("NUMBA_NUM_THREADS", "2")

import numpy as np

from fetuin.chemistry.constant_tables import table
from fetuin.chemistry.phreeqc import database, solution
from fetuin.chemistry.speciation import speciate
from fetuin.notice import __version__

if TYPE_CHECKING:
    from pair import Pair

RESULTS = Path(__file__).resolve().parents[1] / "results" / "speciation.csv"
RANGES = {
    "pH": (7.1, 7.6), "HCO3": (10, 40), "Na": (125, 150), "K": (3, 7), "Ca_tot": (1.5, 3.5), "Mg_tot": (0.4, 2.0),
    "P_i": (0.3, 4.0), "SO4": (0.2, 1.2), "citrate": (0.03, 0.4), "lactate": (0.5, 4), "albumin_gL": (15, 50),
    "globulin_gL": (20, 45),
}  # fmt: skip


def sera(n: int) -> dict[str, np.ndarray]:
    """Random sera."""
    rng = np.random.default_rng(5)
    return {k: rng.uniform(low, high, n) for k, (low, high) in RANGES.items()}


def ours(n: int) -> tuple[float, float]:
    """(wall, CPU) seconds of one call, compiled already, best of three."""
    many = sera(n)
    speciate(sera(10))
    best = []
    for _ in range(3):
        wall, cpu = time.perf_counter(), time.process_time()
        solved = speciate(many)
        assert solved.saturation_indices.shape[0] == n
        assert solved.converged.all()
        best.append((time.perf_counter() - wall, time.process_time() - cpu))
    return min(b[0] for b in best), min(b[1] for b in best)


def theirs(n: int) -> tuple[float, float]:
    """phreeqpython's seconds per serum: (one by one, many in one string), best of three, same constants."""
    from phreeqpython import PhreeqPython

    folder = Path(tempfile.mkdtemp())
    (folder / "t.dat").write_text(database(table()))
    pp = PhreeqPython(database="t.dat", database_directory=folder)
    assert not pp.ip.get_error_string()
    drawn = sera(n)
    texts = [solution({k: float(v[i]) for k, v in drawn.items()}, table(), number=i + 1) for i in range(n)]
    single, batch = [], []
    for _ in range(3):
        start = time.process_time()
        for i, text in enumerate(texts):
            pp.ip.run_string(text)
            s = pp.get_solution(i + 1)
            assert s.species["Ca+2"] > 0
            assert len(s.phases) > 5
        single.append((time.process_time() - start) / n)
        start = time.process_time()
        pp.ip.run_string("\n".join(texts))
        batch.append((time.process_time() - start) / n)
    return min(single), min(batch)


def pairs() -> Iterator[Pair]:
    """A million sera a call, and phreeqpython at its faster way, all sera in one string; free ions and indices of both."""
    from pair import Pair
    from phreeqpython import PhreeqPython

    folder = Path(tempfile.mkdtemp())
    (folder / "t.dat").write_text(database(table()))
    pp = PhreeqPython(database="t.dat", database_directory=folder)
    many, few = sera(200_000), {k: v[:300] for k, v in sera(200_000).items()}
    text = "\n".join(solution({k: float(v[i]) for k, v in few.items()}, table(), number=i + 1) for i in range(300))
    yield Pair("speciation", "serum", "PHREEQC (phreeqpython)", "phreeqpython", lambda: speciate(many),
               lambda: pp.ip.run_string(text), len(many["pH"]), 300)  # fmt: skip


def main() -> None:
    n = 1_000_000
    single, batch = theirs(300)
    wall, cpu = ours(n)
    peer = min(single, batch)
    figures = [
        ("one million sera, wall", wall, "s"), ("one million sera, CPU over all threads", cpu, "s"),
        ("per serum, wall on two cores", 1e6 * wall / n, "us"), ("phreeqpython one by one, per serum", 1e6 * single, "us"),
        ("phreeqpython in one string, per serum", 1e6 * batch, "us"), ("ratio, wall on two cores", peer / (wall / n), "x"),
        ("ratio, CPU of one core each", peer / (cpu / n), "x"), ("load of the machine", os.getloadavg()[0], "1"),
    ]  # fmt: skip
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("w", newline="") as f:
        writer = csv.writer(f)
        writer.writerow(["date", "version", "figure", "value", "unit"])
        for name, value, unit in figures:
            writer.writerow([date.today(), __version__, name, f"{value:.4g}", unit])
            print(f"{name:42} {value:12.4g} {unit}")


if __name__ == "__main__":
    main()
