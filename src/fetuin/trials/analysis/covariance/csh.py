"""Heterogeneous compound symmetry: a variance for each visit, one correlation."""

from __future__ import annotations

import numpy as np

from fetuin.trials.analysis.covariance.contract import Array, Structure, bounded, from_correlation, mean_lag, unbounded


def _even(r: Array, m: int) -> Array:
    return r * (1 - np.eye(m)) + np.eye(m)


structure = Structure(
    size=lambda m: m + 1,
    free=lambda t, at: from_correlation(np.exp(t[:-1]), _even(bounded(t[-1]), len(at))),
    natural=lambda p, at: from_correlation(np.sqrt(p[:-1]), _even(p[-1], len(at))),
    start=lambda s: np.append(0.5 * np.log(np.diag(s)), unbounded(np.mean([mean_lag(s, k) for k in range(1, len(s))]))),
    to_natural=lambda s, at: np.append(np.diag(s), s[0, 1] / np.sqrt(s[0, 0] * s[1, 1])),
    names=lambda m: [*(f"Var({i + 1})" for i in range(m)), "CSH"],
)
