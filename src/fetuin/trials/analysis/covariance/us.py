"""Unstructured: every variance and covariance its own. Free form: D L L' D, L unit lower triangular, D = exp."""

from __future__ import annotations

import numpy as np

from fetuin.trials.analysis.covariance.contract import Array, Structure


def _size(m: int) -> int:
    return m * (m + 1) // 2


def _free(theta: Array, at: Array) -> Array:
    m = len(at)
    lower = np.eye(m, dtype=theta.dtype)
    lower[np.tril_indices(m, -1)] = theta[m:]
    half = np.exp(theta[:m])[:, None] * lower
    return half @ half.T


def _natural(phi: Array, at: Array) -> Array:
    m = len(at)
    out = np.zeros((m, m), phi.dtype)
    i, j = np.tril_indices(m)
    out[i, j] = phi
    out[j, i] = phi
    return out


def _start(sample: Array) -> Array:
    half = np.linalg.cholesky(sample)
    d = np.diag(half)
    return np.concatenate([np.log(d), (half / d[:, None])[np.tril_indices(len(d), -1)]])


structure = Structure(
    _size, _free, _natural, _start, lambda s, at: s[np.tril_indices(len(at))],
    lambda m: [f"UN({i + 1},{j + 1})" for i, j in zip(*np.tril_indices(m))],
)  # fmt: skip
