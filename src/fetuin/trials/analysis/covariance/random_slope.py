"""A line for each person: random intercept and slope, and independent error. V_i = Z G Z' + s^2 I, Z = [1, time].

Not a structure of SAS's REPEATED statement: the names are those of RANDOM (UN(1,1), UN(2,1), UN(2,2) and Residual).
"""

from __future__ import annotations

import numpy as np

from fetuin.trials.analysis.covariance.contract import Array, Structure

TIMES = 0.5  # first guess of the slope's SD: this share of the intercept's, per unit of time


def _build(g00: Array, g10: Array, g11: Array, s2: Array, at: Array) -> Array:
    time = at[..., 0]
    a, b = time[..., :, None], time[..., None, :]
    return g00 + g10 * (a + b) + g11 * a * b + s2 * np.eye(time.shape[-1])


def _free(t: Array, at: Array) -> Array:
    l00, l11 = np.exp(t[0]), np.exp(t[2])
    return _build(l00**2, l00 * t[1], t[1] ** 2 + l11**2, np.exp(2 * t[3]), at)


def _to_natural(s: Array, at: Array) -> Array:
    """Least squares is exact: the matrix is linear in the four parameters. Needs three visits."""
    basis = [_build(e[0], e[1], e[2], e[3], at) for e in np.eye(4)]
    return np.linalg.lstsq(np.array([b.ravel() for b in basis]).T, s.ravel(), rcond=None)[0]


def _start(s: Array) -> Array:
    sd = 0.5 * np.log(np.mean(np.diag(s)) / 2)
    return np.array([sd, 0.0, sd + np.log(TIMES), sd])


structure = Structure(
    size=lambda m: 4,
    free=_free,
    natural=lambda p, at: _build(p[0], p[1], p[2], p[3], at),
    start=_start,
    to_natural=_to_natural,
    names=lambda m: ["UN(1,1)", "UN(2,1)", "UN(2,2)", "Residual"],
    spatial=True,
)
