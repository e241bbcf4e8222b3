"""Student's t-test of the outcome, equal variances."""

from __future__ import annotations

import numpy as np

from fetuin.trials.estimators.contract import Analysed, Estimates

Array = np.ndarray


def estimate(d: Analysed) -> Estimates:
    """Difference of means."""
    return compare(d.treated, d.outcome)


def compare(treated: Array, y: Array) -> Estimates:
    """Difference of the means of `y` [T, n] between treated 1 and 0."""
    sums = []
    for g in (1, 0):
        use = (treated == g) & np.isfinite(y)
        n = use.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(use, y, 0.0).sum(axis=1) / n
            square = np.where(use, (y - mean[:, None]) ** 2, 0.0).sum(axis=1)
        sums.append((n, mean, square))
    (n1, m1, s1), (n0, m0, s0) = sums
    df = (n1 + n0 - 2).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        se = np.sqrt((s1 + s0) / df * (1 / n1 + 1 / n0))
    bad = (n1 < 1) | (n0 < 1) | (df < 1)
    return Estimates(np.where(bad, np.nan, m1 - m0), np.where(bad, np.nan, se), df)
