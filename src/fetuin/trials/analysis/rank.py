"""Two samples by ranks: Wilcoxon's test, the chance that a treated value is greater, and Hodges and Lehmann's shift.

The chance P(T > C) + P(T = C) / 2 has the standard error of DeLong 1988 (from placements); the shift is the median of all
differences, its interval inverts the normal approximation of the rank sum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from fetuin.trials.analysis.inference.contract import Test
from fetuin.trials.analysis.samples import pair


@dataclass(frozen=True)
class Rank:
    """p of Wilcoxon's test (ties averaged); `chance` tested against 1/2; shift with 95 % interval, response units."""

    p: float
    chance: Test
    shift: float
    lower: float
    upper: float


def rank(treated: object, control: object, *, level: float = 0.95) -> Rank:
    """Treated against control."""
    a, b = pair(treated, control)
    p = float(stats.mannwhitneyu(a, b, alternative="two-sided", method="asymptotic", use_continuity=False).pvalue)
    wins = (a[:, None] > b).astype(float) + 0.5 * (a[:, None] == b)
    se = float(np.sqrt(wins.mean(axis=1).var(ddof=1) / len(a) + wins.mean(axis=0).var(ddof=1) / len(b)))
    d = np.sort((a[:, None] - b).ravel())
    z = float(stats.norm.ppf(0.5 + level / 2))
    n1, n2 = len(a), len(b)
    _, ties = np.unique(np.concatenate([a, b]), return_counts=True)
    n = n1 + n2
    spread = np.sqrt(n1 * n2 / 12 * (n + 1 - float((ties**3 - ties).sum()) / (n * (n - 1))))
    k = max(round(n1 * n2 / 2 - z * spread), 1)
    chance = (
        Test.of(float(wins.mean()), se, level=level, null=0.5)
        if se > 0
        else Test(float(wins.mean()), 0.0, float("nan"), *[float("nan")] * 4)
    )
    return Rank(p, chance, float(np.median(d)), float(d[k - 1]), float(d[len(d) - k]))
