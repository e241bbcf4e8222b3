"""First-order autoregressive with a variance for each visit."""

from __future__ import annotations

import numpy as np

from fetuin.trials.analysis.covariance.contract import Structure, bounded, from_correlation, lags, mean_lag, unbounded

structure = Structure(
    size=lambda m: m + 1,
    free=lambda t, at: from_correlation(np.exp(t[:-1]), bounded(t[-1]) ** lags(len(at))),
    natural=lambda p, at: from_correlation(np.sqrt(p[:-1]), p[-1] ** lags(len(at))),
    start=lambda s: np.append(0.5 * np.log(np.diag(s)), unbounded(mean_lag(s, 1))),
    to_natural=lambda s, at: np.append(np.diag(s), s[0, 1] / np.sqrt(s[0, 0] * s[1, 1])),
    names=lambda m: [*(f"Var({i + 1})" for i in range(m)), "ARH(1)"],
)
