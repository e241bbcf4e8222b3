"""Kenward-Roger 1997: standard errors corrected for the estimated covariance, and degrees of freedom.

    Phi_A = Phi + 2 Phi [ sum_ij W_ij (Q_ij - P_i Phi P_j - R_ij / 4) ] Phi

The term R (second derivatives of Sigma) depends on the parametrisation. `natural` uses the parameters that SAS prints, so
this agrees with SAS `ddfm=kr`; `free` uses our unconstrained ones, those of R's mmrm. Without R: `kenward_roger_linear`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from fetuin.trials.analysis.inference.contract import Array, Inference
from fetuin.trials.analysis.inference.satterthwaite import covariance_of_theta
from fetuin.trials.analysis.mmrm import Fit

STEP = 1e-5


def _parametrisation(fit: Fit, natural: bool) -> tuple[Array, Callable[[Array], Array]]:
    if not natural or (fit.structure.spatial and len(fit.groups) > 1):
        return fit.theta, fit.likelihood.sigma
    size, m = fit.structure.size(len(fit.visits)), len(fit.visits)

    def sigma(phi: Array) -> Array:
        if fit.structure.spatial:  # one unit a person
            return fit.structure.natural(phi, fit.at)
        return np.array(
            [fit.structure.natural(phi[g * size : (g + 1) * size], np.arange(m)) for g in range(len(fit.groups))]
        )

    return fit.natural, sigma


def _second(fit: Fit, phi: Array, sigma: Callable[[Array], Array]) -> Array:
    """d2Sigma/dphi2 [t, t, groups, m, m]: central differences of exact first derivatives."""
    out = []
    for i in range(len(phi)):
        h = STEP * max(1.0, abs(phi[i]))
        up, down = phi.copy(), phi.copy()
        up[i] += h
        down[i] -= h
        out.append((fit.likelihood.derivatives(up, sigma) - fit.likelihood.derivatives(down, sigma)) / (2 * h))
    return np.array(out)


def _covariance(fit: Fit, phi: Array, sigma: Callable[[Array], Array]) -> Array:
    """Covariance of the parameters: the inverse of the observed information, as SAS and mmrm take it.

    In phi itself, not carried over from theta: where SAS stops is not quite the maximum, and there the Hessian is no tensor.
    """
    if phi is fit.theta:
        return covariance_of_theta(fit)
    return 2 * np.linalg.inv(dataclasses.replace(fit.likelihood, sigma=sigma).hessian(phi))


def adjusted(fit: Fit, *, linear: bool, natural: bool = True) -> tuple[Array, Array, Array]:
    """(Phi_A, W = covariance of the parameters, P [t, p, p])."""
    phi, sigma = _parametrisation(fit, natural)
    like, Phi, t = fit.likelihood, fit.Phi, len(phi)
    D = like.derivatives(phi, sigma)
    D2 = None if linear else _second(fit, phi, sigma)
    P, Q, R = np.zeros((t, like.p, like.p)), np.zeros((t, t, like.p, like.p)), np.zeros((t, t, like.p, like.p))
    for k in like.patterns:
        v = np.linalg.inv(fit.sigma[k.group][np.ix_(k.visits, k.visits)])
        d = D[:, k.group][:, k.visits][:, :, k.visits]
        vd = v @ d
        P -= np.einsum("tkl,klpq->tpq", vd @ v, k.XX)
        triple = np.einsum("ikl,jlm->ijkm", vd, vd @ v)
        Q += np.einsum("ijkl,klpq->ijpq", triple, k.XX)
        if D2 is not None:
            d2 = D2[:, :, k.group][:, :, k.visits][:, :, :, k.visits]
            R += np.einsum("ijkl,klpq->ijpq", v @ d2 @ v, k.XX)
    W = _covariance(fit, phi, sigma)
    middle = np.einsum("ij,ijpq->pq", W, Q - np.einsum("ipq,qr,jrs->ijps", P, Phi, P) - R / 4)
    middle = (middle + middle.T) / 2
    return Phi + 2 * Phi @ middle @ Phi, W, P


def degrees_of_freedom(fit: Fit, W: Array, P: Array, L: Array) -> tuple[float, float]:
    """(denominator df, scale lambda of F) for L [q, p]."""
    L = np.atleast_2d(L)
    q, Phi = len(L), fit.Phi
    theta = L.T @ np.linalg.solve(L @ Phi @ L.T, L)
    M = np.array([theta @ Phi @ p @ Phi for p in P])
    trace = np.trace(M, axis1=1, axis2=2)
    A1 = float(trace @ W @ trace)
    A2 = float(np.einsum("ij,ipq,jqp->", W, M, M))
    B = (A1 + 6 * A2) / (2 * q)
    g = ((q + 1) * A1 - (q + 4) * A2) / ((q + 2) * A2)
    below = 3 * q + 2 * (1 - g)
    c1, c2, c3 = g / below, (q - g) / below, (q + 2 - g) / below
    mean = 1 / (1 - A2 / q)
    variance = 2 / q * (1 + c1 * B) / ((1 - c2 * B) ** 2 * (1 - c3 * B))
    rho = variance / (2 * mean**2)
    m = 4 + (q + 2) / (q * rho - 1)
    return float(m), float(m / (mean * (m - 2)))


def make(fit: Fit, *, linear: bool, natural: bool = True) -> Inference:
    """The inference with or without the second derivatives of Sigma."""
    V, W, P = adjusted(fit, linear=linear, natural=natural)

    def scale(L: Array) -> float:
        return degrees_of_freedom(fit, W, P, L)[1] if np.atleast_2d(L).shape[0] > 1 else 1.0

    return Inference(fit.beta, V, lambda L: degrees_of_freedom(fit, W, P, L)[0], scale)


def method(fit: Fit) -> Inference:
    """Kenward-Roger as SAS `ddfm=kr`."""
    return make(fit, linear=False)
