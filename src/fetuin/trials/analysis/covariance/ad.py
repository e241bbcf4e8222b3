"""Ante-dependence, first order: one variance, the correlation of two visits is the product of those between."""

from __future__ import annotations

import numpy as np

from fetuin.trials.analysis.covariance.contract import Array, Structure, bounded, unbounded


def chain(r: Array) -> Array:
    """Correlations of neighbours [m - 1] to the whole matrix [m, m]."""
    m = len(r) + 1
    out = np.eye(m, dtype=r.dtype)
    for i in range(m):
        for j in range(i + 1, m):
            out[i, j] = out[j, i] = out[i, j - 1] * r[j - 1]
    return out


def neighbours(s: Array) -> Array:
    """Correlations of neighbouring visits of a covariance."""
    d = np.sqrt(np.diag(s))
    return np.diag(s, 1) / (d[1:] * d[:-1])


structure = Structure(
    size=lambda m: m,
    free=lambda t, at: np.exp(2 * t[0]) * chain(bounded(t[1:])),
    natural=lambda p, at: p[0] * chain(p[1:]),
    start=lambda s: np.append(0.5 * np.log(np.mean(np.diag(s))), unbounded(neighbours(s))),
    to_natural=lambda s, at: np.append(s[0, 0], neighbours(s)),
    names=lambda m: ["Residual", *(f"Rho({k})" for k in range(1, m))],
)
