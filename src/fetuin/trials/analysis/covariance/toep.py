"""Toeplitz: one variance, one correlation for each lag. Not every theta is a covariance; the optimiser steps back."""

from __future__ import annotations

import numpy as np

from fetuin.trials.analysis.covariance.contract import Array, Structure, bounded, lags, mean_lag, unbounded


def band(r: Array, m: int) -> Array:
    """Correlations by lag, 1 on the diagonal."""
    return np.concatenate([np.ones(1, r.dtype), r])[lags(m)]


structure = Structure(
    size=lambda m: m,
    free=lambda t, at: np.exp(2 * t[0]) * band(bounded(t[1:]), len(at)),
    natural=lambda p, at: p[lags(len(at))],
    start=lambda s: np.append(
        0.5 * np.log(np.mean(np.diag(s))), [unbounded(0.8 * mean_lag(s, k)) for k in range(1, len(s))]
    ),
    to_natural=lambda s, at: s[0].copy(),
    names=lambda m: ["Residual", *(f"TOEP({k + 1})" for k in range(1, m))],
)
