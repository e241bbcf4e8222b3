"""Surrogacy over trials: do treatment effects on the surrogate foretell those on the true endpoint?

Buyse and Molenberghs 2000 (Biostatistics 1:49), in van Houwelingen's (2002, Stat Med 21:589) bivariate form:

    (a_i, b_i) ~ N((A, B), D + O_i),  O_i the known covariance of trial i's two estimates

by maximum likelihood. Trial-level R2 = D_ab^2 / (D_aa D_bb). The surrogate threshold effect (Burzykowski and Buyse 2006, Pharm
Stat 5:173) is the least effect on the surrogate at which the 95 % prediction interval of a new trial's true effect excludes 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fetuin.errors import InputError, NotEnoughDataError, NumericalError
from fetuin.trials.analysis.prentice import CAUTION
from fetuin.trials.analysis.samples import same_length

Array = np.ndarray
LEAST = 5  # trials; fewer carry five parameters nowhere
Z = 1.959963984540054  # normal 97.5 % quantile
FLAT = -12.0  # log of a standard deviation that is nothing, in units of the effects' own
PRECISE = {"ftol": 1e-14, "gtol": 1e-9}


@dataclass(frozen=True)
class TrialLevel:
    """R2 with its 95 % interval (Fisher's z); line of prediction; threshold effects above and below (None: no such effect).

    `predict(a)` is the true effect foretold for a surrogate effect `a`, with its 95 % prediction interval for a new large trial.
    """

    r2: float
    lower: float
    upper: float
    intercept: float
    slope: float
    residual_sd: float
    mean: Array
    D: Array
    coefficients_covariance: Array
    threshold_above: float | None
    threshold_below: float | None
    trials: int
    caution: str = CAUTION

    def predict(self, a: float) -> tuple[float, float, float]:
        """Value, lower, upper."""
        value = self.intercept + self.slope * a
        x = np.array([1.0, a])
        half = Z * float(np.sqrt(x @ self.coefficients_covariance @ x + self.residual_sd**2))
        return value, value - half, value + half


def trial_level(
    surrogate: object, surrogate_se: object, true: object, true_se: object, *, within: object = 0.0
) -> TrialLevel:
    """Effects and standard errors, one value a trial; `within` is the correlation of a trial's two estimates (number or list)."""
    a, sa, b, sb = same_length(surrogate=surrogate, surrogate_se=surrogate_se, true=true, true_se=true_se)
    r = np.broadcast_to(np.asarray(within, float), a.shape)
    if len(a) < LEAST:
        raise NotEnoughDataError("too few trials", where="surrogate", why=f"{len(a)} of at least {LEAST}")
    if min(sa.min(), sb.min()) <= 0 or (np.abs(r) >= 1).any():
        raise InputError(
            "standard errors must be above 0 and correlations within -1 to 1", where="surrogate_se, true_se, within"
        )
    O = np.array([[sa**2, r * sa * sb], [r * sa * sb, sb**2]]).transpose(2, 0, 1)
    y = np.column_stack([a, b])
    unit = y.std(axis=0)
    if (unit == 0).any():
        raise NotEnoughDataError("every trial has the same effect", where="surrogate, true", why="nothing to foretell")
    scale = np.outer(unit, unit)
    theta = _maximise(y / unit, O / scale)
    D = _D(theta) * scale
    mean, V = _mean(y, D + O)
    rho = D[0, 1] / np.sqrt(D[0, 0] * D[1, 1])
    slope = float(D[0, 1] / D[0, 0])
    residual = float(np.sqrt(max(D[1, 1] - slope * D[0, 1], 0.0)))
    spread = _variance_of_slope(theta, y / unit, O / scale) * (unit[1] / unit[0]) ** 2
    at_mean = float(
        np.array([-slope, 1.0]) @ V @ np.array([-slope, 1.0])
    )  # the line's height there; the slope turns about it
    C = np.array([[at_mean + mean[0] ** 2 * spread, -mean[0] * spread], [-mean[0] * spread, spread]])
    width = Z / np.sqrt(len(a) - 3)
    ends = np.tanh(np.arctanh(np.clip(rho, -1 + 1e-12, 1 - 1e-12)) + np.array([-width, width]))
    low, high = (
        (0.0, float((ends**2).max())) if ends[0] < 0 < ends[1] else (float((ends**2).min()), float((ends**2).max()))
    )
    found = TrialLevel(
        float(rho**2), low, high, float(mean[1] - slope * mean[0]), slope, residual, mean, D, C, None, None, len(a)
    )
    above, below = _thresholds(found)
    return TrialLevel(**{**found.__dict__, "threshold_above": above, "threshold_below": below})


def _mean(y: Array, S: Array) -> tuple[Array, Array]:
    W = np.linalg.inv(S)
    V = np.linalg.inv(W.sum(axis=0))
    return V @ np.einsum("nij,nj->i", W, y), V


def _D(theta: Array) -> Array:
    half = np.array([[np.exp(theta[0]), 0.0], [theta[1], np.exp(theta[2])]])
    return half @ half.T


def _minus2(theta: Array, y: Array, O: Array) -> float:
    S = _D(theta) + O
    m, _ = _mean(y, S)
    r = y - m
    return float(np.linalg.slogdet(S)[1].sum() + np.einsum("ni,nij,nj->", r, np.linalg.inv(S), r))


def _maximise(y: Array, O: Array) -> Array:
    """theta of the greatest likelihood; `y` in units of its spread."""
    from scipy.optimize import minimize

    bounds = [(FLAT, 5.0), (-50.0, 50.0), (FLAT, 5.0)]
    tries = [
        minimize(_minus2, [-0.5, r, -0.5], (y, O), "L-BFGS-B", bounds=bounds, options=PRECISE) for r in (-0.3, 0.3)
    ]
    best = min(tries, key=lambda f: float(f.fun))
    if not np.isfinite(best.fun):
        raise NumericalError("the fit did not converge", where="trial level", why=str(best.message))
    return np.asarray(best.x)


def _variance_of_slope(theta: Array, y: Array, O: Array) -> float:
    """Of D_ab / D_aa = theta_1 / exp(theta_0), by the observed information (a parameter at its bound is known)."""
    free = [i for i in range(3) if i == 1 or theta[i] > FLAT + 0.1]
    h, E = 1e-3, np.eye(3)[free] * 1e-3

    def f(d: Array) -> float:
        return _minus2(theta + d, y, O)

    H = np.array([[f(a + b) - f(a - b) - f(b - a) + f(-a - b) for b in E] for a in E]) / (4 * h * h)
    g = np.array([-theta[1], 1.0, 0.0])[free] / np.exp(theta[0])
    return float(2 * g @ np.linalg.pinv(H) @ g)


def _thresholds(found: TrialLevel) -> tuple[float | None, float | None]:
    """Surrogate effects at which the prediction interval just excludes 0: roots of (i + s a)^2 = z^2 (variance at a)."""
    C, i, s = found.coefficients_covariance, found.intercept, found.slope
    quadratic = [s**2 - Z**2 * C[1, 1], 2 * (i * s - Z**2 * C[0, 1]), i**2 - Z**2 * (C[0, 0] + found.residual_sd**2)]
    if quadratic[0] <= 0:
        return None, None  # the slope itself is uncertain: no effect is large enough
    roots = np.roots(quadratic)
    if np.iscomplex(roots).any():
        return None, None
    return float(roots.real.max()), float(roots.real.min())
