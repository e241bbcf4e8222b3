"""Do two readers agree? Kappa for grades, intraclass correlation for scores, limits of agreement for differences.

Notation of Shrout and Fleiss, Psychol Bull 1979;86:420, intervals of McGraw and Wong, Psychol Methods 1996;1:30; kappa and
its standard error of Fleiss, Cohen and Everitt, Psychol Bull 1969;72:323.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from fetuin.errors import NotEnoughDataError

Weights = Literal["none", "linear", "quadratic"]


@dataclass(frozen=True)
class Estimate:
    """A statistic with its 95 % interval and the number of subjects; NaN where the data do not vary."""

    value: float
    low: float
    high: float
    n: int


def kappa(a: Sequence[int], b: Sequence[int], *, weights: Weights = "none") -> Estimate:
    """Agreement of two readers beyond chance on grades; `weights` forgive near misses."""
    if len(a) != len(b) or len(a) < 2:
        raise NotEnoughDataError("kappa needs two gradings of the same subjects", why=f"{len(a)} and {len(b)} grades")
    grades = sorted(set(a) | set(b))
    n, k = len(a), len(grades)
    if k < 2:
        return Estimate(math.nan, math.nan, math.nan, n)
    table = np.zeros((k, k))
    for x, y in zip(a, b):
        table[grades.index(x), grades.index(y)] += 1 / n
    values = np.array(grades, float)
    far = np.abs(values[:, None] - values[None]) / (values[-1] - values[0])
    w = {"none": (far == 0).astype(float), "linear": 1 - far, "quadratic": 1 - far**2}[weights]
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    seen, chance = float((w * table).sum()), float((w * np.outer(rows, columns)).sum())
    if chance >= 1:
        return Estimate(math.nan, math.nan, math.nan, n)
    value = (seen - chance) / (1 - chance)
    mean_row, mean_column = w @ columns, rows @ w
    spread = (table * (w - (mean_row[:, None] + mean_column[None]) * (1 - value)) ** 2).sum()
    se = math.sqrt(max(float(spread) - (value - chance * (1 - value)) ** 2, 0.0) / n) / (1 - chance)
    return Estimate(value, value - 1.96 * se, min(value + 1.96 * se, 1.0), n)


def icc(scores: np.ndarray, *, model: Literal["agreement", "consistency"] = "agreement") -> Estimate:
    """Single-reader intraclass correlation of `scores` [subjects, readers]: ICC(2,1) agreement or ICC(3,1) consistency."""
    from scipy.stats import f

    x = np.asarray(scores, float)
    n, k = x.shape
    if n < 2 or k < 2:
        raise NotEnoughDataError("an intraclass correlation needs two subjects and two readers", why=f"{n} and {k}")
    grand = x.mean()
    rows = k * float(((x.mean(axis=1) - grand) ** 2).sum()) / (n - 1)
    columns = n * float(((x.mean(axis=0) - grand) ** 2).sum()) / (k - 1)
    error = (float(((x - grand) ** 2).sum()) - rows * (n - 1) - columns * (k - 1)) / ((n - 1) * (k - 1))
    if rows <= 0:
        return Estimate(math.nan, math.nan, math.nan, n)
    if error <= 1e-12 * rows and (model == "consistency" or columns <= 1e-12 * rows):
        return Estimate(1.0, 1.0, 1.0, n)
    if model == "consistency":
        ratio, df = rows / error, (n - 1, (n - 1) * (k - 1))
        low, high = ratio / f.ppf(0.975, *df), ratio * f.ppf(0.975, *df[::-1])
        return Estimate((ratio - 1) / (ratio + k - 1), (low - 1) / (low + k - 1), (high - 1) / (high + k - 1), n)
    value = (rows - error) / (rows + (k - 1) * error + k * (columns - error) / n)
    a, b = k * value / (n * (1 - value)), 1 + k * value * (n - 1) / (n * (1 - value))
    v = (a * columns + b * error) ** 2 / ((a * columns) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1)))
    up, down = f.ppf(0.975, n - 1, v), f.ppf(0.975, v, n - 1)
    low = n * (rows - up * error) / (up * (k * columns + (k * n - k - n) * error) + n * rows)
    high = n * (down * rows - error) / (k * columns + (k * n - k - n) * error + n * down * rows)
    return Estimate(float(value), float(low), float(high), n)


def limits_of_agreement(a: Sequence[float], b: Sequence[float]) -> Estimate:
    """Mean difference b - a with the 95 % limits within which single differences lie (Bland and Altman)."""
    d = np.asarray(b, float) - np.asarray(a, float)
    if len(d) < 2:
        raise NotEnoughDataError("limits of agreement need two pairs", why=f"{len(d)} pair")
    half = 1.96 * float(d.std(ddof=1))
    return Estimate(float(d.mean()), float(d.mean()) - half, float(d.mean()) + half, len(d))
