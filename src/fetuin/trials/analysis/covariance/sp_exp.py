"""Spatial exponential: one variance, correlation exp(-distance / range) between the visits' coordinates."""

from __future__ import annotations

import numpy as np

from fetuin.trials.analysis.covariance.contract import Array, Structure, mean_lag


def distances(at: Array) -> Array:
    """Euclidean distances of coordinates [..., m, d] as [..., m, m]."""
    return np.sqrt(((at[..., :, None, :] - at[..., None, :, :]) ** 2).sum(-1))


structure = Structure(
    size=lambda m: 2,
    free=lambda t, at: np.exp(2 * t[0]) * np.exp(-distances(at) * np.exp(-t[1])),
    natural=lambda p, at: p[1] * np.exp(-distances(at) / p[0]),
    start=lambda s: np.array([0.5 * np.log(np.mean(np.diag(s))), -np.log(-np.log(np.clip(mean_lag(s, 1), 0.1, 0.9)))]),
    to_natural=lambda s, at: np.array([_range(s, at), s[0, 0]]),
    names=lambda m: ["SP(EXP)", "Residual"],
    spatial=True,
)


def _range(s: Array, at: Array) -> float:
    d = distances(at)
    i = np.unravel_index(np.argmax(d), d.shape)
    return float(-d[i] / np.log(s[i] / s[0, 0]))
