"""First-order autoregressive: one variance, r^|i-j|."""

from __future__ import annotations

import numpy as np

from fetuin.trials.analysis.covariance.contract import Structure, bounded, lags, mean_lag, unbounded

structure = Structure(
    size=lambda m: 2,
    free=lambda t, at: np.exp(2 * t[0]) * bounded(t[1]) ** lags(len(at)),
    natural=lambda p, at: p[1] * p[0] ** lags(len(at)),
    start=lambda s: np.array([0.5 * np.log(np.mean(np.diag(s))), unbounded(mean_lag(s, 1))]),
    to_natural=lambda s, at: np.array([s[0, 1] / s[0, 0], s[0, 0]]),
    names=lambda m: ["AR(1)", "Residual"],
)
