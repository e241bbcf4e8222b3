"""Thousands of virtual persons: chunk after chunk to disk, with only their ends kept in memory.

Candidate k of a seed is one person however the work is cut. Each chunk becomes one NetCDF file, written whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.errors import NotEnoughDataError
from fetuin.knowledge.population import population
from fetuin.physiology.trajectory import Trajectory
from fetuin.simulation.population import candidates, plausible
from fetuin.simulation.scenario import Scenario
from fetuin.simulation.simulate import day_zero, simulate_many

CHUNK = 512
RTOL = 1e-4
KEPT = ("calcium", "calcium_ionised", "phosphate", "magnesium", "bicarbonate", "pth", "calcitriol", "calcidiol", "fgf23",
        "egfr", "urine_calcium", "urine_phosphate", "si_ocp", "bmd_spine", "bmd_hip", "gland")  # fmt: skip


def stream(
    name: str, n: int, seed: int, plan: Scenario, days: float, out: Path | None, most_rejected: float = 0.8
) -> Iterator[dict[str, Any]]:
    """Simulate `n` plausible persons of a population; after each chunk its progress, at the end the summary.

    The last item has `final` (5th, 50th, 95th percentile of every curve), `failures`, `rejected` and `files`.
    """
    spec, source = population(name), candidates(name, seed)
    times = np.append(np.arange(0.0, days, 7.0), days)
    done, seen, rejected, failures, files, ends = 0, 0, 0, [], [], []  # type: ignore[var-annotated]
    tag = hashlib.sha256(repr((name, seed, plan, days)).encode()).hexdigest()[:10]
    while done < n:
        batch = [next(source) for _ in range(min(CHUNK, n - done))]
        seen += len(batch)
        kept = [p for p, values in day_zero(batch, RTOL) if plausible(spec, values)]
        rejected += len(batch) - len(kept)
        if rejected > most_rejected * max(seen, 50):
            raise NotEnoughDataError(f"population {name}: {rejected} of {seen} candidates are not plausible.",
                                     fix="widen [[plausible]], or mend [[varies]]")  # fmt: skip
        if not kept:
            continue
        found = simulate_many(kept, plan, days, times=times, rtol=RTOL, failures="collect")
        failures += found.failures
        ends.append(np.array([np.atleast_2d(found[k])[:, -1] for k in KEPT]))
        if out is not None:
            files.append(str(_written(found, out / f"people_{tag}_{len(files):04d}.nc")))
        done += len(kept)
        yield {"done": done, "n": n}
    last = np.concatenate(ends, axis=1)
    final = {
        k: dict(zip(("p05", "median", "p95"), map(float, np.percentile(v, (5, 50, 95))))) for k, v in zip(KEPT, last)
    }
    yield {"done": done, "n": last.shape[1], "days": days, "final": final, "failures": failures, "rejected": rejected,
           "files": files}  # fmt: skip


def _written(t: Trajectory, path: Path) -> Path:
    small = Trajectory(t.times, {k: t.curves[k] for k in KEPT}, t.units, t.labels, t.title, t.failures)
    part = path.with_suffix(".part")
    small.to_netcdf(part)
    part.replace(path)
    return path
