"""Thousands of virtual persons: chunk after chunk to disk, with only their ends kept in memory.

Candidate k of a seed is one person however the work is cut. Each chunk becomes one NetCDF file, written whole; a chunk
whose file is there already is read, not computed again, so that a run that was stopped goes on where it stood.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.errors import NotEnoughDataError
from fetuin.knowledge.population import population
from fetuin.physiology.parameters import defaults
from fetuin.physiology.trajectory import Trajectory
from fetuin.simulation.population import candidates, plausible
from fetuin.simulation.scenario import Scenario
from fetuin.simulation.simulate import day_zero, simulate_many
from fetuin.versions import versions

CHUNK = 512
RTOL = 1e-4
KEPT = ("calcium", "calcium_ionised", "phosphate", "magnesium", "bicarbonate", "pth", "calcitriol", "calcidiol", "fgf23",
        "egfr", "urine_calcium", "urine_phosphate", "si_ocp", "bmd_spine", "bmd_hip", "gland")  # fmt: skip


@dataclass(frozen=True)
class Chunk:
    """The ends (curves, people) of a chunk, what was tried and lost, and the first candidate of the next chunk."""

    ends: np.ndarray
    tried: int
    rejected: int
    following: int
    failures: tuple[str, ...]


def stream(
    name: str, n: int, seed: int, plan: Scenario, days: float, out: Path | None, most_rejected: float = 0.8
) -> Iterator[dict[str, Any]]:
    """Simulate `n` plausible persons of a population; after each chunk its progress, at the end the summary.

    The last item has `final` (5th, 50th, 95th percentile of every curve), `failures`, `rejected`, `files`, and how many
    chunks were found on disk (`resumed`). Raises NotEnoughDataError where too few candidates are plausible.
    """
    key = repr((name, seed, plan, days, versions(), sorted(defaults().items()), population(name)))
    tag = hashlib.sha256(key.encode()).hexdigest()[:10]
    chunks: list[Chunk] = []
    files: list[str] = []
    first = done = resumed = 0
    while done < n:
        wanted = min(CHUNK, n - done)
        path = out / f"people_{tag}_{first:06d}_{wanted}.nc" if out is not None else None
        if path is not None and path.exists():
            chunk, resumed = _read(path), resumed + 1
        else:
            chunk = _computed(name, wanted, seed, first, plan, days, path)
        if path is not None and chunk.ends.shape[1]:
            files.append(str(path))
        chunks.append(chunk)
        first, done = chunk.following, done + chunk.ends.shape[1]
        _enough(name, chunks, most_rejected)
        yield {"done": done, "n": n}
    last = np.concatenate([c.ends for c in chunks], axis=1)
    final = {
        k: dict(zip(("p05", "median", "p95"), map(float, np.percentile(v, (5, 50, 95))))) for k, v in zip(KEPT, last)
    }
    yield {"done": done, "n": last.shape[1], "days": days, "seed": seed, "final": final, "resumed": resumed,
           "failures": [f for c in chunks for f in c.failures], "rejected": sum(c.rejected for c in chunks),
           "files": files}  # fmt: skip


def _enough(name: str, chunks: list[Chunk], most_rejected: float) -> None:
    rejected, tried = sum(c.rejected for c in chunks), sum(c.tried for c in chunks)
    if rejected > most_rejected * max(tried, 50):
        raise NotEnoughDataError(f"population {name}: {rejected} of {tried} candidates are not plausible.",
                                 fix="widen [[plausible]], or mend [[varies]]")  # fmt: skip


def _computed(name: str, wanted: int, seed: int, first: int, plan: Scenario, days: float, path: Path | None) -> Chunk:
    """Candidates from `first` on, kept where plausible, simulated, and written where a path is given."""
    people = list(islice(candidates(name, seed, first=first), wanted))
    following = int(people[-1].name.rpartition(" ")[2]) + 1
    kept = [p for p, values in day_zero(people, RTOL) if plausible(population(name), values)]
    rejected = len(people) - len(kept)
    if not kept:
        return Chunk(np.zeros((len(KEPT), 0)), len(people), rejected, following, ())
    times = np.append(np.arange(0.0, days, 7.0), days)
    found = simulate_many(kept, plan, days, times=times, rtol=RTOL, failures="collect")
    ends = np.array([np.atleast_2d(found.curves[k])[:, -1] for k in KEPT])
    chunk = Chunk(ends, len(people), rejected, following, found.failures)
    if path is not None:
        _write(found, chunk, path)
    return chunk


def _write(t: Trajectory, chunk: Chunk, path: Path) -> None:
    """One chunk as NetCDF, under its name only when it is whole."""
    small = Trajectory(t.times, {k: t.curves[k] for k in KEPT}, t.units, t.labels, t.title, t.failures)
    notes = {"tried": chunk.tried, "rejected": chunk.rejected, "following": chunk.following,
             "failures": "\n".join(chunk.failures)}  # fmt: skip
    part = path.with_suffix(".part")
    small.to_xarray().assign_attrs(notes).to_netcdf(part, engine="h5netcdf")
    part.replace(path)


def _read(path: Path) -> Chunk:
    """What is kept in memory of a chunk on disk."""
    import xarray as xr

    with xr.open_dataset(path, engine="h5netcdf") as d:
        ends = np.array([d[k].values[:, -1] for k in KEPT])
        lost = tuple(f for f in str(d.attrs["failures"]).split("\n") if f)
        return Chunk(ends, int(d.attrs["tried"]), int(d.attrs["rejected"]), int(d.attrs["following"]), lost)
