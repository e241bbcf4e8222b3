"""Two methods on the same sera: Passing-Bablok and Deming regression, Bland-Altman agreement, each with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fetuin.errors import InputError, NotEnoughDataError

Interval = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """y = intercept + slope x, with 95 % intervals; `linear_p`: chance of so curved a cloud if it were a line."""

    method: str
    slope: float
    intercept: float
    slope_interval: Interval
    intercept_interval: Interval
    n: int
    linear_p: float | None = None

    @property
    def differs(self) -> bool:
        """Whether the intervals exclude slope 1 or intercept 0."""
        (a, b), (c, d) = self.slope_interval, self.intercept_interval
        return not (a <= 1.0 <= b and c <= 0.0 <= d)


@dataclass(frozen=True)
class Agreement:
    """Bland-Altman: mean of y - x and the limits that hold 95 % of differences, each with its 95 % interval."""

    bias: float
    low: float
    high: float
    bias_interval: Interval
    low_interval: Interval
    high_interval: Interval
    sd: float
    n: int
    trend_p: float


def _pairs(x: Sequence[float], y: Sequence[float], least: int) -> tuple[np.ndarray, np.ndarray]:
    a, b = np.asarray(x, float), np.asarray(y, float)
    if a.shape != b.shape or a.ndim != 1:
        raise InputError(
            f"The methods have {a.size} and {b.size} results.", where="method comparison", why="results are paired"
        )
    if not (np.isfinite(a) & np.isfinite(b)).all():
        raise InputError("A result is missing.", where="method comparison", fix="leave the pair out, and say so")
    if a.size < least or np.ptp(a) == 0.0:
        raise NotEnoughDataError(
            f"A comparison needs {least} pairs that differ; there are {a.size}.", where="method comparison"
        )
    return a, b


def passing_bablok(x: Sequence[float], y: Sequence[float], level: float = 0.95) -> Line:
    """Passing and Bablok 1983: the shifted median of all pairwise slopes; no assumption on the error's distribution.

    Slopes of -1 are left out, pairs with equal x count as infinite with the sign of dy, ties in both are left out.
    Interval by the normal approximation of Kendall's statistic; linearity by their CUSUM test.
    """
    from scipy.stats import norm

    a, b = _pairs(x, y, 5)
    n = a.size
    i, j = np.triu_indices(n, 1)
    dx, dy = a[j] - a[i], b[j] - b[i]
    keep = (dx != 0.0) | (dy != 0.0)
    with np.errstate(divide="ignore"):
        slopes = np.where(
            dx[keep] != 0.0, dy[keep] / np.where(dx[keep] == 0.0, 1.0, dx[keep]), np.sign(dy[keep]) * np.inf
        )
    slopes = np.sort(slopes[slopes != -1.0])
    m, shift = slopes.size, int((slopes < -1.0).sum())
    slope = float(_middle(slopes, shift))
    reach = norm.ppf(0.5 + level / 2.0) * np.sqrt(n * (n - 1) * (2 * n + 5) / 18.0)
    first = int(np.clip(round((m - reach) / 2.0), 1, m))
    last = m - first + 1
    low, high = (float(slopes[np.clip(k + shift, 1, m) - 1]) for k in (first, last))
    intercepts = [float(np.median(b - s * a)) for s in (slope, high, low)]
    line = Line("Passing-Bablok", slope, intercepts[0], (low, high), (intercepts[1], intercepts[2]), n)
    return Line(**{**vars(line), "linear_p": _cusum(a, b, line)})


def _middle(ordered: np.ndarray, shift: int) -> float:
    m = ordered.size
    if m % 2:
        return float(ordered[min((m - 1) // 2 + shift, m - 1)])
    pair = ordered[[min(m // 2 - 1 + shift, m - 1), min(m // 2 + shift, m - 1)]]
    return float(np.mean(pair))


def _cusum(a: np.ndarray, b: np.ndarray, line: Line) -> float:
    """Passing and Bablok's test of linearity: the largest run of signs along the line, as a Kolmogorov statistic."""
    from scipy.stats import kstwobign

    residual = b - line.intercept - line.slope * a
    up, down = int((residual > 0).sum()), int((residual < 0).sum())
    if up == 0 or down == 0:
        return 1.0
    score = np.where(residual > 0, np.sqrt(down / up), np.where(residual < 0, -np.sqrt(up / down), 0.0))
    along = (b + a / line.slope - line.intercept) / np.sqrt(1.0 + 1.0 / line.slope**2)
    walk = np.abs(np.cumsum(score[np.argsort(along, kind="stable")])).max()
    return float(kstwobign.sf(walk / np.sqrt(down + 1)))


def deming(x: Sequence[float], y: Sequence[float], ratio: float = 1.0, level: float = 0.95) -> Line:
    """Deming regression; `ratio`: error variance of y over that of x. Intervals by the jackknife (Linnet 1990)."""
    from scipy.stats import t as student

    a, b = _pairs(x, y, 5)
    if not ratio > 0.0:
        raise InputError(f"A ratio of error variances of {ratio} is not above 0.", where="Deming regression")
    slope, intercept = _deming(a, b, ratio)
    n = a.size
    left = np.array([_deming(np.delete(a, k), np.delete(b, k), ratio) for k in range(n)])
    pseudo = n * np.array([slope, intercept]) - (n - 1) * left
    reach = student.ppf(0.5 + level / 2.0, n - 2) * pseudo.std(axis=0, ddof=1) / np.sqrt(n)
    return Line(
        "Deming", slope, intercept, (slope - reach[0], slope + reach[0]), (intercept - reach[1], intercept + reach[1]), n
    )  # fmt: skip


def _deming(a: np.ndarray, b: np.ndarray, ratio: float) -> tuple[float, float]:
    u, v = a - a.mean(), b - b.mean()
    xx, yy, xy = float(u @ u), float(v @ v), float(u @ v)
    if xy == 0.0:
        raise NotEnoughDataError(
            "The methods are not related: Deming regression has no line.", where="method comparison"
        )
    slope = (yy - ratio * xx + np.sqrt((yy - ratio * xx) ** 2 + 4.0 * ratio * xy**2)) / (2.0 * xy)
    return float(slope), float(b.mean() - slope * a.mean())


def bland_altman(x: Sequence[float], y: Sequence[float], level: float = 0.95, *, log: bool = False) -> Agreement:
    """Bland and Altman 1986: bias and limits of agreement of y - x with intervals (of the ratio where `log`).

    Intervals of the limits use their standard error sqrt(1/n + z^2 / (2 (n - 1))) SD. `trend_p`: chance of so strong a
    relation between difference and mean; where it is small, use the ratio.
    """
    from scipy.stats import linregress, norm
    from scipy.stats import t as student

    a, b = _pairs(x, y, 3)
    if log and not ((a > 0) & (b > 0)).all():
        raise InputError("A ratio needs results above 0.", where="Bland-Altman")
    if log:
        a, b = np.log(a), np.log(b)
    d, n = b - a, a.size
    bias, sd, z = float(d.mean()), float(d.std(ddof=1)), float(norm.ppf(0.975))
    t = float(student.ppf(0.5 + level / 2.0, n - 1))
    near, far = t * sd / np.sqrt(n), t * sd * np.sqrt(1.0 / n + z * z / (2.0 * (n - 1)))
    low, high = bias - z * sd, bias + z * sd
    p = float(linregress(0.5 * (a + b), d).pvalue)
    back = np.exp if log else (lambda v: v)
    pair = lambda c, r: (float(back(c - r)), float(back(c + r)))
    return Agreement(
        float(back(bias)), float(back(low)), float(back(high)), pair(bias, near), pair(low, far), pair(high, far), sd, n, p
    )  # fmt: skip
