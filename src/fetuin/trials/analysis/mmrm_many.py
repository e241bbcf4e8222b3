"""The MMRM of many simulated trials at once: `mmrm_many(Y, arm, baseline)`.

    y_ij = visit_j + arm_i x visit_j (+ baseline_i x visit_j) (+ covariates) + e_ij,  e_i ~ N(0, Sigma), Sigma unstructured

fitted by REML with Satterthwaite's degrees of freedom; the same numbers as `mmrm.fit`, thousands of times a second. A trial that
does not converge keeps its row: its numbers are NaN, `status` says why, and `failures` counts.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from fetuin.errors import InputError, LimitError, MissingExtraError

Array = np.ndarray
MOST_VISITS = 10  # 2^m patterns are looked up directly
CHUNK = 64  # trials that a thread takes at a time
REASONS = ("converged", "not converged", "singular design", "too few people")


@dataclass(frozen=True)
class ManyFits:
    """One row a trial. `estimate`, `se`, `df` [trials, arms - 1, visits]: each later arm minus arm 0 at each visit.

    `sigma` [trials, m, m]; `status` [trials], an index into `REASONS`; `steps` Newton steps.
    """

    estimate: Array
    se: Array
    df: Array
    sigma: Array
    status: Array
    steps: Array

    @property
    def converged(self) -> Array:
        """Which trials have numbers."""
        return self.status == 0

    @property
    def failures(self) -> dict[str, int]:
        """How many trials have none, by reason."""
        return {r: int((self.status == i).sum()) for i, r in enumerate(REASONS) if i and (self.status == i).any()}

    @property
    def t(self) -> Array:
        """t statistics."""
        return self.estimate / self.se

    @property
    def p(self) -> Array:
        """Two-sided p-values."""
        return 2 * stdtr(self.df, -np.abs(self.t))

    def interval(self, level: float = 0.95) -> tuple[Array, Array]:
        """Lower and upper ends."""
        half = stdtrit(self.df, 0.5 + level / 2) * self.se
        return self.estimate - half, self.estimate + half


def mmrm_many(
    Y: Array, arm: Array, baseline: Array | None = None, *, covariates: Array | None = None, baseline_by_visit: bool = True,
    workers: int | None = None,
) -> ManyFits:  # fmt: skip
    """Fit every trial of Y [trials, n, visits] (NaN: not seen).

    `arm` [n] or [trials, n]: whole numbers 0, 1, ...; `baseline` alike; `covariates` [n, c] or [trials, n, c], the same effect at
    all visits. `baseline_by_visit` False gives the baseline one slope. The answer does not depend on `workers`.
    """
    try:
        from fetuin.trials.analysis import kernels
    except ImportError:
        raise MissingExtraError("numba", "trial") from None
    Y = _checked(Y)
    T, m = len(Y), Y.shape[2]
    x, covariate, visit, arms = _design(Y, arm, baseline, covariates, baseline_by_visit)
    contrasts = np.eye(len(covariate))[m : m * arms]  # arm a at visit j is column a m + j
    out, beta = np.empty((T, len(contrasts), 3)), np.empty((T, len(covariate)))
    sigma, status, steps = np.empty((T, m, m)), np.empty(T, np.int64), np.empty(T, np.int64)

    def work(a: int) -> None:
        s = slice(a, a + CHUNK)
        people = x[s] if len(x) > 1 else x
        kernels.fit_many(Y[s], people, covariate, visit, contrasts, out[s], beta[s], sigma[s], status[s], steps[s])

    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        list(pool.map(work, range(0, T, CHUNK)))
    estimate, se, df = (np.ascontiguousarray(out[..., i]).reshape(T, arms - 1, m) for i in range(3))
    return ManyFits(estimate, se, df, sigma, status, steps)


def _checked(Y: Array) -> Array:
    Y = np.ascontiguousarray(Y, float)
    if Y.ndim != 3 or 0 in Y.shape:
        raise InputError("trials, people and visits are needed", where="Y", why=f"shape {Y.shape}", fix="[T, n, m]")
    if Y.shape[2] > MOST_VISITS:
        raise LimitError("too many visits", where="Y", why=f"{Y.shape[2]} > {MOST_VISITS}", fix="use `mmrm.fit`")
    if np.isinf(Y).any():
        raise InputError("an infinite response", where="Y", fix="leave it out as NaN, or use a censored analysis")
    return Y


def _design(
    Y: Array, arm: Array, baseline: Array | None, covariates: Array | None, by_visit: bool
) -> tuple[Array, Array, Array, int]:
    """Covariates x [T or 1, n, q] and, for each column of X, its covariate and its visit (-1: all); the number of arms."""
    _, n, m = Y.shape
    arm = _people(arm, Y, "arm")
    arms = int(np.max(arm)) + 1 if arm.size else 0
    whole = (arm == np.floor(arm)).all() and arm.min() >= 0
    if not whole or arms < 2 or any((arm == a).sum(axis=-1).min() < 1 for a in range(arms)):
        raise InputError("an arm is empty", where="arm", why="each of 0, 1, ... needs people", fix="two arms or more")
    parts = [np.ones((1, n)), *(arm == a for a in range(1, arms))]
    if baseline is not None:
        parts.append(_people(baseline, Y, "baseline"))
    inside = len(parts) if by_visit or baseline is None else arms
    extra = np.empty((n, 0)) if covariates is None else np.asarray(covariates, float)
    parts += [_people(extra[..., c], Y, "covariates") for c in range(extra.shape[-1])]
    T = max(len(p) for p in map(np.atleast_2d, parts))
    x = np.stack([np.broadcast_to(np.atleast_2d(p), (T, n)) for p in parts], axis=-1).astype(float)
    if baseline is not None or covariates is not None:
        x[..., arms:] -= x[..., arms:].mean(axis=1, keepdims=True)  # the differences of arms stay; the numbers are tame
    covariate = [a for a in range(inside) for _ in range(m)] + list(range(inside, len(parts)))
    visit = list(range(m)) * inside + [-1] * (len(parts) - inside)
    return np.ascontiguousarray(x), np.array(covariate), np.array(visit), arms


def _people(values: Array, Y: Array, where: str) -> Array:
    values = np.asarray(values, float)
    if values.shape not in ((Y.shape[1],), Y.shape[:2]) or not np.isfinite(values).all():
        raise InputError(
            f"{where} must be a number for every person",
            where=where,
            why=f"shape {values.shape} beside Y {Y.shape}, or a missing value",
            fix="[n] or [trials, n], none missing",
        )
    return values
