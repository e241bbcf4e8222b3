"""Linear regression of a response that is sometimes known only to lie below or above a limit (Tobin 1958).

    y* = X beta + sigma e;  seen: y*;  left-censored: y* <= y;  right-censored: y* >= y

Maximum likelihood in Olsen's (1978) parameters beta / sigma and 1 / sigma, in which it is concave: Newton finds the one
maximum. A T50 beyond the last read and a calcium score of 0 are such responses: neither a number nor missing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr

from fetuin.errors import InputError, NotEnoughDataError, NumericalError
from fetuin.trials.analysis.inference.contract import Test

Array = np.ndarray
STEPS, SETTLED = 100, 1e-12


@dataclass(frozen=True)
class CensoredRegression:
    """`beta` [p], `sigma`, covariance of beta [p, p] (observed information), log likelihood, numbers of censored rows."""

    beta: Array
    sigma: float
    V: Array
    log_likelihood: float
    below: int
    above: int

    def test(self, L: Array) -> Test:
        """The contrast L beta, by normal theory."""
        return Test.of(float(L @ self.beta), float(np.sqrt(L @ self.V @ L)))


def censored_regression(y: object, X: object, censored: object) -> CensoredRegression:
    """`y` [n], design `X` [n, p]; `censored` [n]: 0 seen, -1 the truth is at most y, 1 the truth is at least y."""
    y, X, c = np.asarray(y, float), np.atleast_2d(np.asarray(X, float)), np.asarray(censored, float)
    if X.shape[0] != len(y) or len(c) != len(y) or not (np.isfinite(y).all() and np.isfinite(X).all()):
        raise InputError(
            "rows are incomplete", where="y, X, censored", why=f"{len(y)}, {X.shape}, {len(c)}", fix="no NaN"
        )
    if not np.isin(c, (-1.0, 0.0, 1.0)).all():
        raise InputError("an unknown kind of censoring", where="censored", why=f"{np.unique(c)}", fix="-1, 0 or 1")
    p, seen = X.shape[1], c == 0
    if np.linalg.matrix_rank(X[seen]) < p or seen.sum() <= p:
        raise NotEnoughDataError("too few responses are seen", where="y", why=f"{int(seen.sum())} for {p} parameters")
    scale = float(y[seen].std()) or 1.0
    theta, value = _maximise(y / scale, X, c)
    h = float(theta[p])
    covariance = np.linalg.inv(-_derivatives(theta, y / scale, X, c)[2])
    J = np.hstack([np.eye(p) / h, -theta[:p, None] / h**2]) * scale  # of beta = scale * delta / h
    seen_jacobian = -float(seen.sum()) * np.log(scale)
    return CensoredRegression(
        theta[:p] / h * scale,
        scale / h,
        J @ covariance @ J.T,
        value + seen_jacobian,
        int((c < 0).sum()),
        int((c > 0).sum()),
    )


def _maximise(y: Array, X: Array, c: Array) -> tuple[Array, float]:
    seen = c == 0
    beta = np.linalg.lstsq(X[seen], y[seen], rcond=None)[0]
    h = 1 / max(float((y[seen] - X[seen] @ beta).std()), 1e-3)
    theta = np.append(beta * h, h)
    value, g, H = _derivatives(theta, y, X, c)
    for _ in range(STEPS):
        step = np.linalg.solve(H, g)
        if -g @ step < SETTLED:
            return theta, value
        scale = 1.0
        while scale > 1e-10:
            new = theta - scale * step
            if new[-1] > 0:
                found = _derivatives(new, y, X, c)
                if found[0] >= value - 1e-12:
                    break
            scale /= 2
        theta, (value, g, H) = new, found
    raise NumericalError(
        "the fit did not converge", where="censored regression", fix="check for a column that separates"
    )


def _derivatives(theta: Array, y: Array, X: Array, c: Array) -> tuple[float, Array, Array]:
    """Log likelihood, gradient and Hessian by (delta, h): z = h y - X delta."""
    h = theta[-1]
    z = h * y - X @ theta[:-1]
    rows = np.hstack([-X, y[:, None]])  # dz / dtheta
    s = np.where(c < 0, 1.0, -1.0) * z  # left: ln Phi(z); right: ln Phi(-z)
    seen = c == 0
    mills = np.exp(-0.5 * s**2 - 0.5 * np.log(2 * np.pi) - log_ndtr(s))
    value = float(np.where(seen, np.log(h) - 0.5 * z**2 - 0.5 * np.log(2 * np.pi), log_ndtr(s)).sum())
    first = np.where(seen, -z, np.where(c < 0, mills, -mills))
    second = np.where(seen, -1.0, -mills * (s + mills))
    g, H = rows.T @ first, (rows * second[:, None]).T @ rows
    g[-1] += seen.sum() / h
    H[-1, -1] -= seen.sum() / h**2
    return value, g, H
