"""What a covariance structure offers.

`free(theta, at)` is the covariance matrix from unconstrained parameters: whatever theta is, the matrix is a covariance
(or nearly: see each file), so that an optimiser may roam. `natural(phi, at)` is the same from the parameters that SAS
PROC MIXED prints; derivatives by `phi` are those of its Kenward-Roger correction. Both accept complex numbers, for exact
derivatives by complex steps. `at` is the position of each visit: 0, 1, 2, ... or coordinates [m, d] for spatial ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Structure:
    """Number of parameters for m visits, the two parametrisations, a start, and the names SAS prints."""

    size: Callable[[int], int]
    free: Callable[[Array, Array], Array]
    natural: Callable[[Array, Array], Array]
    start: Callable[[Array], Array]  # sample covariance [m, m] -> theta
    to_natural: Callable[[Array, Array], Array]  # covariance [m, m], positions -> phi
    names: Callable[[int], list[str]]
    spatial: bool = False


def bounded(x: Any) -> Any:
    """The real line to (-1, 1): x / sqrt(1 + x^2)."""
    return x / np.sqrt(1 + x * x)


def unbounded(r: Any) -> Any:
    """The inverse of `bounded`, kept off the ends."""
    r = np.clip(r, -0.98, 0.98)
    return r / np.sqrt(1 - r * r)


def lags(m: int) -> Array:
    """|i - j| for m visits."""
    i = np.arange(m)
    return np.abs(i[:, None] - i[None, :])


def from_correlation(sd: Array, correlation: Array) -> Array:
    """sd_i r_ij sd_j."""
    return sd[:, None] * correlation * sd[None, :]


def mean_lag(sample: Array, lag: int) -> float:
    """Mean correlation at a lag of a sample covariance."""
    d = np.sqrt(np.diag(sample))
    r = sample / np.outer(d, d)
    return float(np.mean(np.diag(r, lag))) if len(sample) > lag else 0.0
