"""Compound symmetry: one variance, one covariance (SAS prints CS = covariance and Residual = the rest)."""

from __future__ import annotations

import numpy as np

from fetuin.trials.analysis.covariance.contract import Array, Structure, bounded, mean_lag, unbounded


def _free(t: Array, at: Array) -> Array:
    m = len(at)
    return np.exp(2 * t[0]) * (bounded(t[1]) * (1 - np.eye(m)) + np.eye(m))


structure = Structure(
    size=lambda m: 2,
    free=_free,
    natural=lambda p, at: p[0] * np.ones((len(at), len(at))) + p[1] * np.eye(len(at)),
    start=lambda s: np.array(
        [0.5 * np.log(np.mean(np.diag(s))), unbounded(np.mean([mean_lag(s, k) for k in range(1, len(s))]))]
    ),
    to_natural=lambda s, at: np.array([s[0, 1], s[0, 0] - s[0, 1]]),
    names=lambda m: ["CS", "Residual"],
)
