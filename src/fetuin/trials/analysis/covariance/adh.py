"""Heterogeneous ante-dependence, first order (SAS ANTE(1)): a variance for each visit, a correlation for each step."""

from __future__ import annotations

import numpy as np

from fetuin.trials.analysis.covariance.ad import chain, neighbours
from fetuin.trials.analysis.covariance.contract import Structure, bounded, from_correlation, unbounded

structure = Structure(
    size=lambda m: 2 * m - 1,
    free=lambda t, at: from_correlation(np.exp(t[: len(at)]), chain(bounded(t[len(at) :]))),
    natural=lambda p, at: from_correlation(np.sqrt(p[: len(at)]), chain(p[len(at) :])),
    start=lambda s: np.append(0.5 * np.log(np.diag(s)), unbounded(neighbours(s))),
    to_natural=lambda s, at: np.append(np.diag(s), neighbours(s)),
    names=lambda m: [*(f"Var({i + 1})" for i in range(m)), *(f"Rho({k})" for k in range(1, m))],
)
