"""Confidence interval of a variance that is a sum or a difference of two mean squares.

A component of variance is a difference of mean squares, so no chi-squared interval holds for it. The modified
large-sample interval (Graybill and Wang 1980 for sums; Ting, Burdick, Graybill, Jeyaratnam and Lu 1990 for differences)
is exact where one of the two vanishes and close to its nominal cover in between.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np


class Term(NamedTuple):
    """`weight` times a mean square with `dof` degrees of freedom."""

    weight: float
    mean_square: float
    dof: int


def cv(variance: float) -> float:
    """CV of a log-normal quantity from the variance of its logarithm."""
    return float(np.sqrt(np.expm1(max(variance, 0.0))))


def variance_interval(first: Term, second: Term, level: float = 0.95) -> tuple[float, float]:
    """Interval of first + second; the weight of `first` is above 0, that of `second` of either sign. Floor 0."""
    a, b = first.weight * first.mean_square, abs(second.weight) * second.mean_square
    alpha = (1.0 - level) / 2.0
    (g1, h1), (g2, h2) = _reach(first.dof, alpha), _reach(second.dof, alpha)
    if second.weight >= 0.0:
        low, high = math.hypot(g1 * a, g2 * b), math.hypot(h1 * a, h2 * b)
        return max(a + b - low, 0.0), a + b + high
    cross_low, cross_high = _cross(first.dof, second.dof, alpha)
    low2 = (g1 * a) ** 2 + (h2 * b) ** 2 + cross_low * a * b
    high2 = (h1 * a) ** 2 + (g2 * b) ** 2 + cross_high * a * b
    return max(a - b - math.sqrt(max(low2, 0.0)), 0.0), max(a - b + math.sqrt(max(high2, 0.0)), 0.0)


def _reach(dof: int, alpha: float) -> tuple[float, float]:
    """How far, in parts of a mean square, its interval reaches down (G) and up (H)."""
    from scipy.stats import chi2

    return 1.0 - dof / float(chi2.isf(alpha, dof)), dof / float(chi2.isf(1.0 - alpha, dof)) - 1.0


def _cross(n1: int, n2: int, alpha: float) -> tuple[float, float]:
    """The cross terms of a difference, downwards and upwards."""
    from scipy.stats import f

    (g1, h1), (g2, h2) = _reach(n1, alpha), _reach(n2, alpha)
    top, bottom = float(f.isf(alpha, n1, n2)), float(f.isf(1.0 - alpha, n1, n2))
    low = ((top - 1.0) ** 2 - (g1 * top) ** 2 - h2**2) / top
    high = ((1.0 - bottom) ** 2 - (h1 * bottom) ** 2 - g2**2) / bottom
    return low, high
