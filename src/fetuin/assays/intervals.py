"""Two further intervals of T50, for wells where the delta method is doubted: profile likelihood and bootstrap.

Both keep the reads that the robust fit kept, and both know that neighbouring reads are correlated.
"""

from __future__ import annotations

import numpy as np

from fetuin.assays import start
from fetuin.assays.fit import RULES, Rules, Work, begin, kernels, over_rows, prepare
from fetuin.assays.fit import _model as model_named
from fetuin.assays.plate_fit import PlateFit


def _restored(fit: PlateFit, rules: Rules = RULES) -> Work:
    """The work arrays of a finished fit: same parameters, same reads, same noise."""
    work = prepare(fit.plate, rules)
    rows = np.arange(len(fit.plate))
    for name in set(fit.model):
        begin(work, rows[[m == name for m in fit.model]], model_named(name), rules)
    work.p[:], work.state[:], work.sd[:] = fit.parameters, fit.state, fit.sd
    work.shape[:], work.extra[:] = fit.shape, fit.extra
    for row, free in enumerate(fit.free):
        work.free[row, : len(free)], work.n_free[row] = free, len(free)
    work.low[:] = np.minimum(work.low, work.p)
    work.high[:] = np.maximum(work.high, work.p)
    return work


def _deviance(work: Work) -> np.ndarray:
    """Sum of squares of the used reads plus the priors, per well."""
    z = np.empty(work.y.shape[1])
    out = np.empty(work.p.shape[0])
    for row in range(out.size):
        kernels().residuals(
            work.shape[row], work.extra[row], work.p[row], work.t[row], work.y[row], work.sd[row], work.state[row], z
        )
        free = work.free[row, : work.n_free[row]]
        prior = (work.p[row, free] - work.mean[row, free]) * work.isd[row, free]
        out[row] = np.nansum(np.square(z)) + np.square(prior).sum()
    return out


def profile(
    fit: PlateFit, level: float = 0.95, steps: int = 14, threads: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Profile-likelihood interval of T50 [min] per well: lower and upper bound.

    T50 is held at values ever farther from the estimate and the rest fitted again, until the deviance has risen by
    what chance allows (t squared times the variance of the well, the correlation of reads included). Bounds that are
    not reached within eight standard errors are infinite.
    """
    from scipy.stats import t as student

    work = _restored(fit)
    n, rows = len(fit.plate), np.arange(len(fit.plate))
    dof = np.maximum(fit.used - np.array([len(f) for f in fit.free]), 2)
    # with correlated reads the deviance at one standard error is not scale^2 but this much of it
    plain = np.full_like(fit.covariance, np.nan)
    over_rows(kernels().covariance_rows, rows, (*work.arrays(), 0.0, plain), threads)
    place = np.array([f.index(4) for f in fit.free])
    unit = np.sqrt(np.maximum(plain[rows, place, place], 1e-300))
    bar = np.square(student.ppf(0.5 + level / 2.0, dof) * fit.se / unit)
    base, best = _deviance(work), fit.parameters.copy()
    for row in range(n):  # T50 is no longer free
        free = [k for k in fit.free[row] if k != 4]
        work.free[row, : len(free)], work.n_free[row] = free, len(free)
    sides = []
    for sign in (-1.0, 1.0):
        inner, outer = np.zeros(n), np.full(n, np.inf)
        reach = 2.0 * fit.se
        for _ in range(steps):
            work.p[:] = best
            work.p[:, 4] = np.clip(fit.t50 + sign * reach, work.low[:, 4], work.high[:, 4])
            over_rows(kernels().refit_rows, rows, (*work.arrays(), work.low, work.high, 25), threads)
            above = _deviance(work) - base >= bar
            outer, inner = np.where(above, np.minimum(outer, reach), outer), np.where(above, inner, reach)
            reach = np.where(np.isfinite(outer), 0.5 * (inner + outer), np.minimum(2.0 * reach, 8.0 * fit.se))
        sides.append(fit.t50 + sign * outer)
    return sides[0], sides[1]


def bootstrap(
    fit: PlateFit, replicates: int = 200, seed: int = 0, level: float = 0.95, threads: int | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Residual bootstrap of T50 [min] per well: lower bound, upper bound, and all replicates (replicates, n_wells).

    The residuals are made white with the plate's lag-one correlation, drawn with replacement within the well, made
    correlated again and added to the fitted curve; each such plate is fitted from the parameters found. Seeded.
    """
    rng = np.random.default_rng(seed)
    work = _restored(fit)
    rows = np.arange(len(fit.plate))
    fitted = np.array([fit.curve(int(r), work.t[r]) for r in rows])
    used = fit.state == start.USED
    z = np.where(used, fit.residual, 0.0)
    innovation = z[:, 1:] - fit.rho * z[:, :-1]
    innovation = innovation - innovation.mean(axis=1, keepdims=True)
    swell = fit.scale * np.sqrt(1.0 - fit.rho**2) / np.maximum(innovation.std(axis=1), 1e-12)
    innovation = innovation * swell[:, None]
    n, points = z.shape
    out = np.empty((replicates, n))
    work.state[fit.state == start.ABOVE] = start.ABOVE
    for k in range(replicates):
        drawn = np.take_along_axis(innovation, rng.integers(0, points - 1, (n, points)), axis=1)
        noise = _correlated(drawn, fit.rho)
        work.y[:] = np.where(fit.state == start.ABOVE, work.y, fitted + noise * fit.sd)
        work.p[:] = fit.parameters
        over_rows(kernels().refit_rows, rows, (*work.arrays(), work.low, work.high, 12), threads)
        out[k] = work.p[:, 4]
    tail = 50.0 * (1.0 - level)
    low, high = np.percentile(out, [tail, 100.0 - tail], axis=0)
    return low, high, out


def _correlated(white: np.ndarray, rho: float) -> np.ndarray:
    from scipy.signal import lfilter

    first = white[:, :1] / np.sqrt(1.0 - rho**2)
    rest, _ = lfilter([1.0], [1.0, -rho], white[:, 1:], axis=1, zi=rho * first)
    return np.concatenate([first, rest], axis=1)
