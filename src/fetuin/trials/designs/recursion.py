"""Crossing probabilities of a group-sequential test, by Armitage, McPherson and Rowe's recursion.

Z_k sqrt(I_k) is a random walk with drift theta I_k: between looks it gains theta dI and variance dI. The density of those
who have not stopped is carried from look to look on Gauss-Legendre nodes of the continuation region; no simulation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

Array = np.ndarray
NODES = 120  # of each look; results change by less than 1e-12 from 80 on
FAR = 9.0  # standard deviations beyond which a density is nothing

_X, _W = np.polynomial.legendre.leggauss(NODES)


@dataclass(frozen=True)
class Crossing:
    """Probability of stopping above the upper and below the lower bound, first at each look."""

    upper: Array
    lower: Array

    @property
    def power(self) -> float:
        """Probability of ever crossing the upper bound."""
        return float(self.upper.sum())


@dataclass(frozen=True)
class Walk:
    """People still in the trial after some look: nodes z, weights x density, and the information there."""

    z: Array
    mass: Array
    information: float


def start() -> Walk:
    """Before the first look: everybody at 0 information."""
    return Walk(np.zeros(1), np.ones(1), 0.0)


def beyond(walk: Walk, information: float, bound: float, theta: float) -> float:
    """P(still in, then Z > bound at `information`)."""
    d = information - walk.information
    mean = walk.z * np.sqrt(walk.information) + theta * d
    return float(walk.mass @ ndtr((mean - bound * np.sqrt(information)) / np.sqrt(d)))


def below(walk: Walk, information: float, bound: float, theta: float) -> float:
    """P(still in, then Z < bound at `information`)."""
    d = information - walk.information
    mean = walk.z * np.sqrt(walk.information) + theta * d
    return float(walk.mass @ ndtr((bound * np.sqrt(information) - mean) / np.sqrt(d)))


def go_on(walk: Walk, information: float, lower: float, upper: float, theta: float) -> Walk:
    """Those with lower <= Z <= upper at `information`."""
    centre = theta * np.sqrt(information)
    a, b = max(lower, centre - FAR), min(upper, centre + FAR)
    if a >= b:
        return Walk(np.zeros(1), np.zeros(1), information)
    z = (b - a) / 2 * _X + (a + b) / 2
    d = information - walk.information
    step = (z[:, None] * np.sqrt(information) - walk.z * np.sqrt(walk.information) - theta * d) / np.sqrt(d)
    density = np.exp(-0.5 * step**2) / np.sqrt(2 * np.pi) * np.sqrt(information / d) @ walk.mass
    return Walk(z, (b - a) / 2 * _W * density, information)


def crossing(information: Array, upper: Array, lower: Array | None, theta: float = 0.0) -> Crossing:
    """First crossings at each look for drift `theta` (E Z_k = theta sqrt(I_k)). `lower` None: no lower bound.

    A bound of inf (-inf) at a look means no test there. At the last look those below `upper` do not count as crossing
    below unless `lower` is given.
    """
    low = np.full(len(upper), -np.inf) if lower is None else np.asarray(lower, float)
    walk, above, under = start(), [], []
    for i, u, a in zip(information, upper, low):
        above.append(beyond(walk, i, u, theta))
        under.append(below(walk, i, a, theta) if np.isfinite(a) else 0.0)
        walk = go_on(walk, i, a, u, theta)
    return Crossing(np.array(above), np.array(under))
