"""The estimates that SAS PROC MIXED prints: where its iteration stops, not where the likelihood is greatest.

PROC MIXED starts from MIVQUE0 and takes Newton steps until g' H^-1 g / |f| < 1e-8 (option CONVH), f without its constant
(N - p) ln 2 pi: so the criteria of its iteration histories come out to every printed digit. The last digits of its listings
depend on that stop. For the unstructured covariance the same steps give the same digits. For structures that are not linear
the steps are Newton's in the parameters that SAS prints (traced back from the digits of its listings for CSH and AR(1): the
objective and the criterion of the steps before the stop come out), but the start is not documented and was not found, so
where SAS stops is known only to lie within its criterion: `left_open` says how far a number may then be from its value at the
maximum. Our own fits go on to the maximum.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from fetuin.errors import NumericalError
from fetuin.trials.analysis.mmrm import Fit

Array = np.ndarray
CONVH = 1e-8  # SAS/STAT documentation, PROC MIXED statement
LINEAR = ("us",)  # the start of the others is not documented, or the residual variance is profiled
SLOPE = 1e-4  # step in theta for the slope of a printed number
MOST = 50


def mivque0(fit: Fit) -> Array:
    """Minimum-variance quadratic unbiased estimates at V = I: solves tr(M D_i M D_j) phi_j = r' D_i r for phi."""
    X, subject, m = fit.design.X, fit.subject, len(fit.visits)
    which = fit.visit_index
    size = fit.structure.size(m)
    M = np.eye(len(X)) - X @ np.linalg.pinv(X)
    r = M @ fit.design.y
    same = subject[:, None] == subject[None, :]
    D = [fit.structure.natural(e, np.arange(m))[np.ix_(which, which)] * same for e in np.eye(size)]
    MD = [M @ d for d in D]
    A = np.array([[np.sum(a * b.T) for b in MD] for a in MD])
    return np.linalg.solve(A, np.array([r @ d @ r for d in D]))


def as_sas(fit: Fit) -> Fit:
    """The same model at the point where SAS stops; the fit itself where its structure is not linear."""
    if fit.covariance not in LINEAR or len(fit.groups) > 1:
        return fit
    m = len(fit.visits)

    def sigma(phi: Array) -> Array:
        return fit.structure.natural(phi, np.arange(m))[None]

    like = dataclasses.replace(fit.likelihood, sigma=sigma)
    phi = mivque0(fit)
    for _ in range(MOST):
        g, H = like.gradient(phi), like.hessian(phi)
        step = np.linalg.solve(H, g)
        if abs(g @ step) < CONVH * _without_constant(fit, like.minus2(phi)):
            return _at(fit, sigma(phi)[0])
        phi = phi - step
    raise NumericalError("SAS's iteration did not settle", where=fit.covariance, fix="use the fit itself")


def _without_constant(fit: Fit, minus2: float) -> float:
    n = fit.likelihood.n - (fit.likelihood.p if fit.likelihood.reml else 0)
    return abs(minus2 - n * float(np.log(2 * np.pi)))


def left_open(fit: Fit, numbers: Callable[[Fit], Array]) -> Array:
    """How far each of `numbers(fit)` may be from its value at the maximum where SAS stops; 0 where its path is known.

    The criterion confines theta to the ellipsoid d' H d <= CONVH |f|; the widest change of a number with slope s on it is
    sqrt(CONVH |f| s' H^-1 s).
    """
    if fit.covariance in LINEAR and len(fit.groups) == 1:
        return np.zeros(len(numbers(fit)))
    room = CONVH * _without_constant(fit, fit.minus2)
    steps = SLOPE * np.eye(len(fit.theta))
    slopes = np.array([(numbers(_moved(fit, e)) - numbers(_moved(fit, -e))) / (2 * SLOPE) for e in steps])
    H = fit.likelihood.hessian(fit.theta)
    return np.sqrt(room * np.einsum("tk,tk->k", slopes, np.linalg.solve(H, slopes)))


def _moved(fit: Fit, step: Array) -> Fit:
    theta = fit.theta + step
    S = fit.likelihood.sigma(theta)
    solved = fit.likelihood.solve(S)
    assert solved is not None
    return dataclasses.replace(fit, theta=theta, sigma=S, beta=solved[0], Phi=solved[1])


def _at(fit: Fit, S: Array) -> Fit:
    theta = _theta(fit, S)
    solved = fit.likelihood.solve(S[None])
    assert solved is not None
    return dataclasses.replace(
        fit, theta=theta, sigma=S[None], beta=solved[0], Phi=solved[1], minus2=fit.likelihood.minus2(theta)
    )


def _theta(fit: Fit, S: Array) -> Array:
    """Unconstrained parameters of a covariance that has the structure: Newton on the matrix itself."""
    from scipy.optimize import least_squares

    at = np.arange(len(S))
    found = least_squares(
        lambda t: (fit.structure.free(t, at) - S).ravel(), fit.theta, xtol=1e-15, ftol=1e-15, gtol=1e-15
    )
    return np.asarray(found.x)
