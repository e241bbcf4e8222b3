"""Empirical (sandwich) standard errors, HC0: right although the covariance structure is wrong; normal theory."""

from __future__ import annotations

import numpy as np

from fetuin.trials.analysis.inference.contract import Inference
from fetuin.trials.analysis.mmrm import Fit


def method(fit: Fit) -> Inference:
    """Phi (sum_i X_i' V_i^-1 r_i r_i' V_i^-1 X_i) Phi."""
    meat = np.zeros_like(fit.Phi)
    for k in fit.likelihood.patterns:
        v = np.linalg.inv(fit.sigma[k.group][np.ix_(k.visits, k.visits)])
        score = np.einsum("nkp,kl,nl->np", k.X, v, k.y - k.X @ fit.beta)
        meat += score.T @ score
    return Inference(fit.beta, fit.Phi @ meat @ fit.Phi, lambda L: float("nan"))
