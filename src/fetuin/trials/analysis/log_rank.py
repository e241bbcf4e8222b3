"""Log-rank test of two survival curves, in strata if named (Mantel 1966; Peto 1972); weights of Fleming and Harrington.

At each event time: observed minus expected events of the treated, hypergeometric variance. Exact for ties.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from fetuin.errors import NotEnoughDataError
from fetuin.trials.analysis.samples import same_length, two_arms

Array = np.ndarray


@dataclass(frozen=True)
class LogRank:
    """z (negative: fewer events in the treated), two-sided p, observed and expected events of the treated, variance."""

    z: float
    p: float
    observed: float
    expected: float
    variance: float

    @property
    def peto_hazard_ratio(self) -> float:
        """exp((O - E) / V): near the hazard ratio where that is not far from 1."""
        return float(np.exp((self.observed - self.expected) / self.variance))


def log_rank(
    time: object, event: object, treated: object, *, stratum: object = None, rho: float = 0.0, gamma: float = 0.0
) -> LogRank:
    """`event` 1 where it happened at `time`, 0 where censored; weights S^rho (1 - S)^gamma, S pooled just before."""
    t, e, z = same_length(time=time, event=event, treated=treated)
    arm = two_arms(z)
    groups = np.zeros(len(t)) if stratum is None else np.unique(np.asarray(stratum).astype(str), return_inverse=True)[1]
    O = E = V = 0.0
    for g in np.unique(groups):
        s = groups == g
        for part in _steps(t[s], e[s], arm[s], rho, gamma):
            O, E, V = O + part[0], E + part[1], V + part[2]
    if V == 0:
        raise NotEnoughDataError("no event tells the arms apart", where="event", why="the variance is 0")
    score = (O - E) / np.sqrt(V)
    return LogRank(float(score), float(2 * ndtr(-abs(score))), O, E, V)


def _steps(t: Array, e: Array, arm: Array, rho: float, gamma: float) -> list[tuple[float, float, float]]:
    out, S = [], 1.0
    for at in np.unique(t[e == 1]):
        risk, now = t >= at, (t == at) & (e == 1)
        n, n1, d, d1 = risk.sum(), (risk & arm).sum(), now.sum(), (now & arm).sum()
        w = S**rho * (1 - S) ** gamma
        v = d * n1 / n * (n - n1) / n * (n - d) / (n - 1) if n > 1 else 0.0
        out.append((w * d1, w * d * n1 / n, w * w * v))
        S *= 1 - d / n
    return out
