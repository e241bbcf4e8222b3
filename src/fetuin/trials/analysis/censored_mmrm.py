"""MMRM of a response with censored visits: a T50 beyond the last read is "at least that long", at every visit.

    y_ij = visit_j + arm_i x visit_j + baseline_i x visit_j + e_ij,  e_i ~ N(0, Sigma), Sigma unstructured

Censored visits are drawn from their law above the limit given the person's other visits and the parameters (data
augmentation, Tanner and Wong 1987; truncated draws, Geweke 1991), each completed table is analysed by the MMRM, and the tables
are combined by Rubin's rules. Missing visits stay missing: valid under missing at random. Priors are those of `posterior_draws`.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from fetuin.errors import InputError, NotEnoughDataError, NumericalError
from fetuin.trials.analysis.inference.contract import Test
from fetuin.trials.analysis.mmrm_many import mmrm_many
from fetuin.trials.analysis.multiple_imputation import rubin
from fetuin.trials.analysis.posterior_draws import inverse_wishart, means_given

Array = np.ndarray
CHAINS, BURN_IN, THIN = 10, 60, 6  # chains; sweeps; sweeps between two tables kept: assumptions


def censored_mmrm(
    Y: Array, censored: Array, arm: Array, baseline: Array, *, imputations: int = 100, seed: int = 1
) -> Test:
    """Arm 1 minus arm 0 at the last visit.

    Y [n, m], NaN: not seen; censored [n, m]: the truth is at least Y; arm [n] of 0 and 1; baseline [n].
    """
    Y, censored, arm, baseline = _checked(Y, censored, arm, baseline)
    rng = np.random.default_rng([seed, 2])
    completed = Y[None]
    if censored.any():
        try:
            completed = _completed(Y, censored, arm, baseline, -(-imputations // CHAINS), rng)[:imputations]
        except np.linalg.LinAlgError as error:
            raise NumericalError("the covariance is singular", where="censored_mmrm", why="a visit is determined by others",
                                 fix="look for a visit that was carried forward") from error  # fmt: skip
    found = mmrm_many(completed, arm.astype(int), baseline)
    if not found.converged.all():
        raise NotEnoughDataError(
            "an imputed table has no fit",
            where="censored_mmrm",
            why=str(found.failures),
            fix="more people, or fewer visits",
        )
    estimates, variances, df = found.estimate[:, 0, -1], found.se[:, 0, -1] ** 2, float(found.df[:, 0, -1].mean())
    if len(estimates) == 1:
        return Test.of(float(estimates[0]), float(found.se[0, 0, -1]), df)
    return rubin(estimates, variances, df)


def _checked(Y: Array, censored: Array, arm: Array, baseline: Array) -> tuple[Array, Array, Array, Array]:
    Y, arm, baseline = (np.asarray(a, float) for a in (Y, arm, baseline))
    if Y.ndim != 2 or np.shape(censored) != Y.shape or arm.shape != Y.shape[:1] or baseline.shape != Y.shape[:1]:
        raise InputError("the tables differ in shape", where="censored_mmrm", why=f"Y {Y.shape}, censored {np.shape(censored)}, arm {arm.shape}",
                         fix="Y and censored [n, m]; arm and baseline [n]")  # fmt: skip
    if not np.isin(arm, (0, 1)).all() or not np.isfinite(baseline).all():
        raise InputError(
            "an arm that is not 0 or 1, or a missing baseline", where="censored_mmrm", fix="leave such people out"
        )
    return Y, np.asarray(censored, bool) & np.isfinite(Y), arm, baseline


def _completed(Y: Array, censored: Array, arm: Array, baseline: Array, each: int, rng: np.random.Generator) -> Array:
    """Y with its censored visits drawn [CHAINS x each, n, m]."""
    n, m = Y.shape
    columns = np.column_stack([np.ones(n), arm, baseline - baseline.mean()])
    X = np.einsum("nc,jk->njkc", columns, np.eye(m)).reshape(n, m, 3 * m)
    XX = np.einsum("nkp,nlq->klpq", X, X)
    full = np.tile(np.where(np.isfinite(Y), Y, np.nanmean(Y, axis=0)), (CHAINS, 1, 1))
    start = np.linalg.lstsq(columns, full[0], rcond=None)[0]
    betas = np.tile(start.T.ravel(), (CHAINS, 1))
    r = full[0] - columns @ start
    prior = r.T @ r / n
    sigmas, kept = np.tile(prior, (CHAINS, 1, 1)), []
    for sweep in range(BURN_IN + THIN * each):
        mean = np.einsum("nkp,cp->cnk", X, betas, optimize=True)
        for j in range(m):
            _draw(full, mean, sigmas, j, Y[:, j], censored[:, j], rng)
        r = full - mean
        sigmas = inverse_wishart(np.swapaxes(r, 1, 2) @ r + prior, n + m + 2, rng)
        betas = means_given(full, X, XX, sigmas, rng)
        if sweep >= BURN_IN and (sweep - BURN_IN) % THIN == THIN - 1:
            kept.append(np.where(np.isfinite(Y), full, np.nan))
    return np.concatenate(kept)


def _draw(full: Array, mean: Array, S: Array, j: int, y: Array, cut: Array, rng: np.random.Generator) -> None:
    """Visit j of those who lack it, or above the limit of those censored, given their other visits; in place."""
    rows = np.flatnonzero(cut | ~np.isfinite(y))
    if not len(rows):
        return
    others = np.delete(np.arange(S.shape[1]), j)
    slope = np.linalg.solve(S[:, others[:, None], others], S[:, others, j][..., None])[..., 0]
    own = S[:, j, j] - np.einsum("co,co->c", slope, S[:, others, j])
    if not (own > 0).all():
        raise np.linalg.LinAlgError("a visit is determined by others")
    sd = np.sqrt(own)[:, None]
    centre = mean[:, rows, j] + np.einsum("cno,co->cn", (full - mean)[:, rows][:, :, others], slope)
    low = np.where(cut[rows], y[rows], -np.inf)
    above = ndtr((centre - low) / sd)  # P(beyond the limit): 1 for a missing visit
    u = rng.uniform(size=centre.shape)
    full[:, rows, j] = np.maximum(centre - sd * ndtri(np.clip(u * above, 1e-300, 1 - 1e-16)), low)
