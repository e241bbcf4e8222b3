"""What a trial reads of virtual patients: true curves [people, days] by name, from their trajectories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from fetuin.errors import InputError

if TYPE_CHECKING:
    from fetuin.physiology.trajectory import Trajectory
    from fetuin.simulation.person import Person

Array = np.ndarray


def read(name: str, t: Trajectory, people: Sequence[Person], seed: int, index: Sequence[int]) -> Array:
    """The curve of a reading; `index` numbers the people within the seed, so that a person's own part stays theirs."""
    if name == "t50":
        return t50(t, people, seed, index)
    if name == "phosphate":
        return np.atleast_2d(t["phosphate"])
    raise InputError(f"virtual patients have no {name} yet.", where="endpoint.kind", why="no curve of the body gives it",
                     fix="patients.generator = 'statistical'")  # fmt: skip


def t50(t: Trajectory, people: Sequence[Person], seed: int, index: Sequence[int]) -> Array:
    """T50 [min] that the chemistry of the serum predicts, with what chemistry does not say as a person's constant.

    The same form and slopes as `assays.prediction`; fetuin-A and citrate are not simulated and stay in the constant.
    """
    from fetuin.assays.mixture import MIXTURE
    from fetuin.assays.prediction import Spread, published
    from fetuin.assays.serum import Between, Reference

    r, mean = Reference(), published().mean
    albumin = np.array([p.parameters.get("plasma.albumin", r.albumin) for p in people])[:, None]
    own = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0,))).standard_normal(
        max(index, default=0) + 1
    )[list(index)]
    width = np.hypot(Spread().person, mean[4] * Between().fetuin_a)
    rows = {k: np.atleast_2d(t[k]) for k in ("phosphate", "calcium", "magnesium", "bicarbonate")}
    log = mean[0] + width * own[:, None] + mean[5] * (albumin - r.albumin)
    log = log + mean[1] * np.log(MIXTURE.phosphate(rows["phosphate"]) / MIXTURE.phosphate(r.phosphate))  # type: ignore[arg-type]
    log = log + mean[2] * np.log(MIXTURE.calcium(rows["calcium"]) / MIXTURE.calcium(r.calcium))  # type: ignore[arg-type]
    log = log + mean[3] * (rows["magnesium"] - r.magnesium) + mean[6] * (rows["bicarbonate"] - r.bicarbonate)
    return np.exp(log)
