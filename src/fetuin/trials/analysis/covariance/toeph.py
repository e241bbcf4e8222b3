"""Heterogeneous Toeplitz: a variance for each visit, one correlation for each lag."""

from __future__ import annotations

import numpy as np

from fetuin.trials.analysis.covariance.contract import Array, Structure, bounded, from_correlation, mean_lag, unbounded
from fetuin.trials.analysis.covariance.toep import band


def _to_natural(s: Array, at: Array) -> Array:
    d = np.sqrt(np.diag(s))
    return np.concatenate([d**2, (s / np.outer(d, d))[0, 1:]])


structure = Structure(
    size=lambda m: 2 * m - 1,
    free=lambda t, at: from_correlation(np.exp(t[: len(at)]), band(bounded(t[len(at) :]), len(at))),
    natural=lambda p, at: from_correlation(np.sqrt(p[: len(at)]), band(p[len(at) :], len(at))),
    start=lambda s: np.append(0.5 * np.log(np.diag(s)), [unbounded(0.8 * mean_lag(s, k)) for k in range(1, len(s))]),
    to_natural=_to_natural,
    names=lambda m: [*(f"Var({i + 1})" for i in range(m)), *(f"TOEPH({k})" for k in range(1, m))],
)
