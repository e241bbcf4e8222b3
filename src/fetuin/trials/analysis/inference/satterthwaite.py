"""Satterthwaite: df = 2 (L Phi L')^2 / (g' A g), g the gradient of L Phi L' by the covariance parameters.

A is the inverse of the observed information of theta. The value does not depend on how the covariance is parametrised.
For several contrasts: eigenvectors of L Phi L', then Fai and Cornelius 1996, as SAS does.
"""

from __future__ import annotations

import numpy as np

from fetuin.trials.analysis.inference.contract import Array, Inference
from fetuin.trials.analysis.mmrm import Fit


def gradients_of_phi(fit: Fit) -> Array:
    """dPhi/dtheta [t, p, p] = Phi (X' V^-1 dV V^-1 X) Phi."""
    like = fit.likelihood
    D = like.derivatives(fit.theta)
    out = np.zeros((len(fit.theta), like.p, like.p))
    for k in like.patterns:
        v = np.linalg.inv(fit.sigma[k.group][np.ix_(k.visits, k.visits)])
        m = v @ D[:, k.group][:, k.visits][:, :, k.visits] @ v
        out += np.einsum("tkl,klpq->tpq", m, k.XX)
    return fit.Phi @ out @ fit.Phi


def covariance_of_theta(fit: Fit) -> Array:
    """Inverse of the observed information: minus 2 ln L has twice its Hessian."""
    return 2 * np.linalg.inv(fit.likelihood.hessian(fit.theta))


def method(fit: Fit) -> Inference:
    """Model-based standard errors with Satterthwaite's degrees of freedom."""
    dPhi, A = gradients_of_phi(fit), covariance_of_theta(fit)

    def one(L: Array) -> float:
        g = np.einsum("p,tpq,q->t", L, dPhi, L)
        return float(2 * (L @ fit.Phi @ L) ** 2 / (g @ A @ g))

    def df(L: Array) -> float:
        if L.ndim == 1 or len(L) == 1:
            return one(L.reshape(-1))
        _, vectors = np.linalg.eigh(L @ fit.Phi @ L.T)
        each = np.array([one(row) for row in vectors.T @ L])
        total = sum(v / (v - 2) for v in each if v > 2)
        q = len(L)
        return float(2 * total / (total - q)) if total > q else 0.0

    return Inference(fit.beta, fit.Phi, df)
