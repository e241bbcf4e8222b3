"""Looks at the data: at each, those who entered first are analysed and compared with the bound; the trial stops or goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from fetuin.trials.estimators import Analysed, Estimates

if TYPE_CHECKING:
    from fetuin.trials.designs.group_sequential import GroupSequential

Array = np.ndarray


@dataclass(frozen=True)
class Verdict:
    """One row a trial [T], at the look where it ended (from 0).

    success: rejected in the direction of benefit; harm: rejected in the other; futile: stopped at the futility bound;
    low, high: the fixed-sample interval; converged: the final analysis has an answer.
    """

    estimate: Array
    se: Array
    df: Array
    low: Array
    high: Array
    p: Array
    look: Array
    success: Array
    harm: Array
    futile: Array
    converged: Array
    unconverged_looks: Array


def upper_tail(x: Array, df: Array) -> Array:
    """P(t > x); the normal one where df is not finite."""
    finite = np.isfinite(df)
    return np.where(finite, stdtr(np.where(finite, df, 1.0), -x), ndtr(-x))


def half_width(e: Estimates, level: float) -> Array:
    """Half of the interval of confidence `level`."""
    finite = np.isfinite(e.df)
    q = np.where(finite, stdtrit(np.where(finite, e.df, 1.0), 0.5 + level / 2), ndtri(0.5 + level / 2))
    return q * e.se


def monitor(
    seen: Sequence[Analysed], estimate: Callable[[Analysed], Estimates], plan: GroupSequential, direction: int
) -> Verdict:
    """Analyse at each look, what is `seen` there, until a bound is crossed."""
    T = len(seen[0].treated)
    level = 1 - plan.alpha if plan.sided == 2 else 1 - 2 * plan.alpha
    out = {k: np.full(T, np.nan) for k in ("estimate", "se", "df", "low", "high", "p")}
    look, going = np.full(T, len(plan.t) - 1), np.ones(T, bool)
    flags = {k: np.zeros(T, bool) for k in ("success", "harm", "futile", "converged")}
    missed = np.zeros(T, int)
    for k, d in enumerate(seen):
        e = estimate(d)
        ok, last = e.converged, k == len(plan.t) - 1
        with np.errstate(invalid="ignore", divide="ignore"):
            z = direction * e.estimate / e.se
        better, worse = upper_tail(z, e.df), upper_tail(-z, e.df)
        bound = float(plan.stage_levels[k])
        success, harm = ok & (better < bound), ok & (plan.sided == 2) & (worse < bound)
        futile = (
            ok & ~success & (ndtri(1 - better) < plan.futility[k])
            if plan.futility is not None and not last
            else np.zeros(T, bool)
        )
        ends = going & (success | harm | futile | last)
        half = half_width(e, level)
        p = better if plan.sided == 1 else 2 * np.minimum(better, worse)
        for name, value in zip(out, (e.estimate, e.se, e.df, e.estimate - half, e.estimate + half, p)):
            out[name] = np.where(ends & ok, value, out[name])
        for name, flag in zip(flags, (success, harm, futile, ok)):
            flags[name] |= ends & flag
        missed += going & ~ok
        look, going = np.where(ends, k, look), going & ~ends
        if not going.any():
            break
    return Verdict(**out, look=look, **flags, unconverged_looks=missed)
