"""Conditional power: the chance of rejecting at a later look, given what has been seen.

For a group-sequential design on sample size n (information is n, theta is the effect with E Z = theta sqrt(n)), and for a
two-stage design that combines stage-wise statistics with the planned weights.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from fetuin.trials.designs import recursion
from fetuin.trials.designs.group_sequential import GroupSequential


def conditional_power(design: GroupSequential, n_fixed: float, look: int, z: float, theta: float) -> float:
    """P(upper bound crossed after `look` (from 1) | Z = z there) for a fixed-design size `n_fixed` and effect `theta`."""
    n = design.t * n_fixed * design.inflation
    walk = recursion.Walk(np.array([z]), np.ones(1), float(n[look - 1]))
    low = -design.critical if design.sided == 2 else np.full(len(n), -np.inf)
    total = 0.0
    for k in range(look, len(n)):
        total += recursion.beyond(walk, float(n[k]), float(design.critical[k]), theta)
        walk = recursion.go_on(walk, float(n[k]), float(low[k]), float(design.critical[k]), theta)
    return total


def two_stage(design: GroupSequential, z1: float, n2: float, theta: float) -> float:
    """Second stage of size `n2`, combined as sqrt(t) Z1 + sqrt(1 - t) Z2 with the planned first fraction t."""
    t = float(design.t[0])
    needed = (design.critical[1] - np.sqrt(t) * z1) / np.sqrt(1 - t)
    return float(ndtr(theta * np.sqrt(n2) - needed))
