"""Progressors by Hokanson's rule: sqrt(volume) rose by 2.5 mm^1.5 or more, beyond what a rescan may do by chance.

Hokanson 2004 (Am J Roentgenol 182:1327). The arms' shares of progressors are compared: difference with Newcombe's (1998,
method 10) interval, and Fisher's exact test.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from fetuin.errors import InputError
from fetuin.trials.analysis.calcium_log import scores

THRESHOLD = 2.5  # mm^1.5, Hokanson 2004


@dataclass(frozen=True)
class Progressors:
    """Progressors and people of each arm; treated minus control share with 95 % interval; two-sided exact p."""

    treated: tuple[int, int]
    control: tuple[int, int]
    difference: float
    lower: float
    upper: float
    p: float


def progressed(baseline: object, follow_up: object, threshold: float = THRESHOLD) -> np.ndarray:
    """Who progressed: volumes in mm3."""
    return np.sqrt(np.asarray(follow_up, float)) - np.sqrt(np.asarray(baseline, float)) >= threshold


def hokanson(
    baseline: object, follow_up: object, treated: object, *, threshold: float = THRESHOLD, level: float = 0.95
) -> Progressors:
    """Calcium volumes [mm3] at both scans; `treated` 1 or 0."""
    b, f, z = scores(baseline, follow_up, treated)
    if not threshold > 0:
        raise InputError("the threshold must be above 0", where="threshold", why=f"{threshold} mm^1.5")
    who = progressed(b, f, threshold)
    (x1, n1), (x2, n2) = (int(who[z].sum()), int(z.sum())), (int(who[~z].sum()), int((~z).sum()))
    p1, p2 = x1 / n1, x2 / n2
    (l1, u1), (l2, u2) = _wilson(x1, n1, level), _wilson(x2, n2, level)
    d = p1 - p2
    lower = d - float(np.hypot(p1 - l1, u2 - p2))
    upper = d + float(np.hypot(u1 - p1, p2 - l2))
    p = float(stats.fisher_exact([[x1, n1 - x1], [x2, n2 - x2]])[1])
    return Progressors((x1, n1), (x2, n2), d, lower, upper, p)


def _wilson(x: int, n: int, level: float) -> tuple[float, float]:
    z = float(stats.norm.ppf(0.5 + level / 2))
    p = x / n
    centre, half = p + z**2 / (2 * n), z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return float((centre - half) / (1 + z**2 / n)), float((centre + half) / (1 + z**2 / n))
