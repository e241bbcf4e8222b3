"""Spatial Gaussian: one variance, correlation exp(-(distance / range)^2)."""

from __future__ import annotations

import numpy as np

from fetuin.trials.analysis.covariance.contract import Array, Structure, mean_lag
from fetuin.trials.analysis.covariance.sp_exp import distances

structure = Structure(
    size=lambda m: 2,
    free=lambda t, at: np.exp(2 * t[0]) * np.exp(-((distances(at) * np.exp(-t[1])) ** 2)),
    natural=lambda p, at: p[1] * np.exp(-((distances(at) / p[0]) ** 2)),
    start=lambda s: np.array(
        [0.5 * np.log(np.mean(np.diag(s))), -0.5 * np.log(-np.log(np.clip(mean_lag(s, 1), 0.1, 0.9)))]
    ),
    to_natural=lambda s, at: np.array([_range(s, at), s[0, 0]]),
    names=lambda m: ["SP(GAU)", "Residual"],
    spatial=True,
)


def _range(s: Array, at: Array) -> float:
    d = distances(at)
    i = np.unravel_index(np.argmax(d), d.shape)
    return float(d[i] / np.sqrt(-np.log(s[i] / s[0, 0])))
