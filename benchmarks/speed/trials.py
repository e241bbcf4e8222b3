"""Trials in bulk: simulate and fit 10 000 MMRMs, statsmodels beside us on the same data, a group-sequential design, type I error.

`python benchmarks/speed/trials.py [--quick]` prints a table and writes `benchmarks/results/trials_speed.csv`: wall and
processor seconds, and the load when it ran (wall time means little on a busy machine; processor time does).
"""

from __future__ import annotations

import csv
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fetuin.notice import __version__
from fetuin.trials.analysis.mmrm_many import ManyFits, mmrm_many
from fetuin.trials.designs.group_sequential import design

if TYPE_CHECKING:
    from pair import Pair

OUT = Path(__file__).parents[1] / "results" / "trials_speed.csv"
SEED, VISITS = 20240607, 4
SD, CORRELATION, GONE = 60.0, 0.5, 0.11  # T50 [min]; share of people with a missing visit, as the figures of the peers


def trial(seed: int, index: int, people: int) -> tuple[np.ndarray, np.ndarray]:
    """Baseline [n] and visits [n, 4] of one trial without effect: its numbers depend on seed and index alone."""
    rng = np.random.Generator(np.random.Philox(key=[seed, index]))
    z = rng.standard_normal((people, VISITS + 2), dtype=np.float64)
    y = 250 + SD * (np.sqrt(CORRELATION) * z[:, :1] + np.sqrt(1 - CORRELATION) * z[:, 1:])
    lost = np.flatnonzero(rng.random(people) < GONE)
    y[lost, rng.integers(1, VISITS + 1, len(lost))] = np.nan
    return y[:, 0], y[:, 1:]


def simulate(trials: int, arm: int) -> tuple[np.ndarray, np.ndarray]:
    """Baselines [T, n] and visits [T, n, 4]."""
    base, Y = np.empty((trials, 2 * arm)), np.empty((trials, 2 * arm, VISITS))

    def block(a: int) -> None:
        for i in range(a, min(a + 256, trials)):
            base[i], Y[i] = trial(SEED, i, 2 * arm)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(block, range(0, trials, 256)))
    return base, Y


def whole(trials: int, arm: int) -> ManyFits:
    """Simulate and analyse."""
    base, Y = simulate(trials, arm)
    return mmrm_many(Y, np.arange(2 * arm) % 2, base)


def timed(work, *arguments):  # type: ignore[no-untyped-def]
    """(result, wall s, processor s)."""
    w, c = time.perf_counter(), time.process_time()
    found = work(*arguments)
    return found, time.perf_counter() - w, time.process_time() - c


def statsmodels_fit(base: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """One MixedLM with a random effect for each visit (the nearest it has): (estimate at the last visit, processor s)."""
    import warnings

    import pandas as pd
    import statsmodels.formula.api as smf

    n = len(base)
    t = pd.DataFrame(
        [
            (i, f"V{j}", i % 2, base[i] - base.mean(), y[i, j])
            for i in range(n)
            for j in range(VISITS)
            if np.isfinite(y[i, j])
        ],
        columns=["id", "v", "arm", "x", "y"],
    )
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        f = smf.mixedlm("y ~ 0 + v + v:arm + v:x", t, groups="id", re_formula="0 + v").fit(reml=True)
    return float(f.params[f"v[V{VISITS - 1}]:arm"]), time.process_time() - start


def rows(quick: bool) -> list[list[object]]:
    """The table."""
    trials, few, null = (1000, 1, 2000) if quick else (10_000, 3, 20_000)
    whole(64, 150)  # compiled once, kept on disk
    out: list[list[object]] = []
    found, wall, cpu = timed(whole, trials, 150)
    out.append(
        [
            f"{trials} trials of 2 x 150 x 4 visits: simulate, MMRM, Satterthwaite",
            wall,
            cpu,
            f"not converged: {found.failures or 0}",
        ]
    )
    base, Y = simulate(trials, 150)
    many, wall, fit_cpu = timed(mmrm_many, Y, np.arange(300) % 2, base)
    out.append(["  of which fits with degrees of freedom", wall, fit_cpu, ""])
    each = fit_cpu / trials
    peers = [statsmodels_fit(base[i], Y[i]) for i in range(few)]
    peer = float(np.mean([p[1] for p in peers]))
    off = max(abs(p[0] - many.estimate[i, 0, -1]) for i, p in enumerate(peers))
    out.append(
        [
            f"statsmodels MixedLM, one fit (mean of {few}), no degrees of freedom",
            peer,
            peer,
            f"{peer / each:.0f} times ours; estimates differ by {off:.1e}",
        ]
    )
    small, wall, cpu = timed(whole, null, 12)
    p = small.p[:, 0, -1]
    rate, error = float(np.nanmean(p < 0.05)), float(np.sqrt(0.05 * 0.95 / null))
    out.append(
        [
            f"type I error at 12 an arm, {null} trials",
            wall,
            cpu,
            f"{100 * rate:.2f} % +- {100 * error:.2f} (Monte Carlo SE); not converged: {small.failures or 0}",
        ]
    )
    for name, more in (
        ("3 looks, Lan-DeMets O'Brien-Fleming", {}),
        ("the same with futility, binding", {"futility": "kim_demets", "binding": True}),
    ):
        design("lan_demets_obrien_fleming", looks=[1 / 3, 2 / 3, 1], **more).inflation  # noqa: B018
        _, wall, cpu = timed(
            lambda more=more: [
                design("lan_demets_obrien_fleming", looks=[1 / 3, 2 / 3, 1], **more).inflation for _ in range(10)
            ]
        )
        out.append([f"group-sequential design with its size, {name}", wall / 10, cpu / 10, ""])
    return out


def pairs() -> Iterator[Pair]:
    """An MMRM with degrees of freedom, beside statsmodels on the same trial without them."""
    from pair import Pair

    base, Y = simulate(1000, 150)
    arm = np.arange(300) % 2
    many = mmrm_many(Y, arm, base)

    def theirs() -> None:
        found, _ = statsmodels_fit(base[0], Y[0])
        assert abs(found - many.estimate[0, 0, -1]) < 1e-2

    yield Pair("MMRM, 300 people, 4 visits", "fit", "statsmodels MixedLM", "statsmodels", lambda: mmrm_many(Y, arm, base),
               theirs, 1000, 1, repeats=3)  # fmt: skip


def main() -> None:
    """Print and keep."""
    table = rows("--quick" in sys.argv)
    load = os.getloadavg()[0]
    for what, wall, cpu, note in table:
        print(f"{what:75s} {wall:9.4f} s wall {cpu:9.4f} s cpu  {note}")
    if "--quick" in sys.argv:
        return
    with OUT.open("w", newline="") as f:
        w = csv.writer(f)
        w.writerow(["date", "version", "what", "wall_s", "cpu_s", "note", "processors", "load"])
        for what, wall, cpu, note in table:
            w.writerow(
                [
                    date.today(),
                    __version__,
                    what.strip(),
                    f"{wall:.4f}",
                    f"{cpu:.4f}",
                    note,
                    os.cpu_count(),
                    f"{load:.1f}",
                ]
            )


if __name__ == "__main__":
    main()
