"""Cox's proportional hazards: the hazard ratio of each column, ties by Efron's method (Cox 1972; Efron 1977), in strata if named."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fetuin.errors import InputError, NotEnoughDataError, NumericalError
from fetuin.trials.analysis.inference.contract import Test
from fetuin.trials.analysis.ratio import Ratio
from fetuin.trials.analysis.samples import same_length

Array = np.ndarray
STEPS, SETTLED = 50, 1e-12
UNRELATED = 1e12  # condition number of the information above which columns are not told apart
LOST = 1e-6  # share of a column's information at 0 below which its hazard ratio runs away


@dataclass(frozen=True)
class Cox:
    """Log hazard ratios `beta` [p], covariance [p, p], partial log likelihood at beta and at 0, events."""

    beta: Array
    V: Array
    log_likelihood: float
    null_log_likelihood: float
    events: int

    def hazard_ratio(self, column: int = 0) -> Ratio:
        """Of one unit of a column of X."""
        return Ratio(Test.of(float(self.beta[column]), float(np.sqrt(self.V[column, column]))))


def cox(time: object, event: object, X: object, *, stratum: object = None) -> Cox:
    """`X` [n] or [n, p]: the arm first by custom, then covariates."""
    t, e = same_length(time=time, event=event)
    x = np.asarray(X, float)
    x = x[:, None] if x.ndim == 1 else x
    if x.ndim != 2 or len(x) != len(t) or not np.isfinite(x).all() or not np.isin(e, (0.0, 1.0)).all() or t.min() < 0:
        raise InputError(
            "rows are incomplete", where="time, event, X", fix="times of 0 or more, events 0 or 1, no NaN in X"
        )
    if not e.any():
        raise NotEnoughDataError("no event", where="event", why="every time is censored")
    centred = x - x.mean(axis=0)
    if np.linalg.matrix_rank(centred) < x.shape[1]:
        raise InputError(
            "the design is singular", where="X", why="a column is constant or a sum of others", fix="drop it"
        )
    groups = np.zeros(len(t)) if stratum is None else np.unique(np.asarray(stratum).astype(str), return_inverse=True)[1]
    strata = [_sorted(t[groups == g], e[groups == g], centred[groups == g]) for g in np.unique(groups)]
    beta = np.zeros(x.shape[1])
    start, _, whole = _sum(strata, beta)
    for _ in range(STEPS):
        value, g, H = _sum(strata, beta)
        if (np.diag(H) <= LOST * np.diag(whole)).any() or np.linalg.cond(H) > UNRELATED:
            break
        step = np.linalg.solve(H, g)
        if abs(g @ step) < SETTLED:
            return Cox(beta, np.linalg.inv(H), float(value), float(start), int(e.sum()))
        scale = 1.0
        while _sum(strata, beta + scale * step)[0] < value - 1e-12 and scale > 1e-8:
            scale /= 2
        beta = beta + scale * step
    raise NumericalError(
        "the fit did not converge",
        where="Cox",
        why="a column separates those with events, or the risk sets do not tell columns apart",
    )


def _sorted(t: Array, e: Array, x: Array) -> tuple[Array, Array, Array]:
    order = np.argsort(-t, kind="stable")
    return t[order], e[order], x[order]


def _sum(strata: list[tuple[Array, Array, Array]], beta: Array) -> tuple[float, Array, Array]:
    parts = [_efron(*s, beta) for s in strata]
    return sum(p[0] for p in parts), sum(p[1] for p in parts), sum(p[2] for p in parts)  # type: ignore[return-value]


def _efron(t: Array, e: Array, x: Array, beta: Array) -> tuple[float, Array, Array]:
    """Partial log likelihood, its gradient and information; times fall, so risk sets are running sums."""
    eta = x @ beta
    r = np.exp(eta)
    xx = x[:, :, None] * x[:, None, :]
    s0, s1, s2 = np.cumsum(r), np.cumsum(r[:, None] * x, axis=0), np.cumsum(r[:, None, None] * xx, axis=0)
    dead = np.flatnonzero(e == 1)
    _, first, group, count = np.unique(-t[dead], return_index=True, return_inverse=True, return_counts=True)
    k = (np.arange(len(dead)) - first[group]) / count[group]  # Efron: the share of the tied who are already gone
    end = (np.searchsorted(-t, -t[dead], side="right") - 1)[first][group]
    tied0, tied1, tied2 = (
        np.add.reduceat(v, first) for v in (r[dead], r[dead, None] * x[dead], r[dead, None, None] * xx[dead])
    )
    a0 = s0[end] - k * tied0[group]
    m = (s1[end] - k[:, None] * tied1[group]) / a0[:, None]
    a2 = (s2[end] - k[:, None, None] * tied2[group]) / a0[:, None, None]
    value = float(eta[dead].sum() - np.log(a0).sum())
    return value, x[dead].sum(axis=0) - m.sum(axis=0), a2.sum(axis=0) - m.T @ m
