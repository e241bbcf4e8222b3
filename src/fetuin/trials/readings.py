"""What a trial reads of virtual patients: true curves [people, days] by name, from their trajectories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from fetuin.physiology.trajectory import Trajectory

Array = np.ndarray
CURVES = {"t50": "t50", "phosphate": "phosphate", "cac": "coronary_volume"}
"""Reading of a trial -> curve of the body."""


def read(name: str, t: Trajectory, seed: int, index: Sequence[int]) -> Array:
    """The curve of a reading; `index` numbers the people within the seed, so that a person's own part stays theirs."""
    found = np.atleast_2d(t[CURVES[name]])
    return found * own(seed, index)[:, None] if name == "t50" else found


def own(seed: int, index: Sequence[int]) -> Array:
    """The part of T50 that the simulated chemistry does not say: a constant factor of each person.

    Chemistry leaves `Spread.person` open on ln T50; fetuin-A, which differs between people and is not drawn, the rest.
    """
    from fetuin.chemistry.ripening import Spread, published
    from fetuin.chemistry.ripening_serum import Between

    width = float(np.hypot(Spread().person, published().mean[4] * Between().fetuin_a))
    draws = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0,))).standard_normal(
        max(index, default=0) + 1
    )
    return np.exp(width * draws[list(index)])
