"""Platform: treatments enter and leave, the control arm is shared.

Each treatment is compared with the controls randomised while it was open (concurrent controls), adjusted for the period, so a
drift of the population over time does not bias it (Lee and Wason 2020, BMC Med Res Methodol 20:165). Non-concurrent controls
may be borrowed through the period effects of a linear model, which assumes the drift is the same in all arms. Treatments tested
together are corrected by Dunnett's (1955) test or not at all (separate questions), which must be said in advance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from fetuin.errors import InputError, NotEnoughDataError
from fetuin.trials.analysis.inference.contract import Test

Array = np.ndarray
CONTROL = 0


@dataclass(frozen=True)
class Comparison:
    """One treatment against control: the test and the numbers behind it."""

    treatment: int
    test: Test
    treated: int
    controls: int


def compare(y: object, arm: object, period: object, *, concurrent: bool = True) -> list[Comparison]:
    """Each treatment (1, 2, ...) minus control (0), adjusted for the period; `concurrent` False borrows earlier controls.

    `period` counts the stretches of time in which the set of open arms was the same.
    """
    v, a, p = np.asarray(y, float), np.asarray(arm, int), np.asarray(period, int)
    if not (len(v) == len(a) == len(p)) or not np.isfinite(v).all() or a.min() < CONTROL or not (a == CONTROL).any():
        raise InputError("response, arm and period of every person are needed, with controls", where="y, arm, period")
    return [_one(k, v, a, p, concurrent) for k in sorted(set(a.tolist()) - {CONTROL})]


def _one(k: int, y: Array, arm: Array, period: Array, concurrent: bool) -> Comparison:
    open_ = np.unique(period[arm == k])
    keep = np.isin(period, open_) & np.isin(arm, (CONTROL, k)) if concurrent else np.ones(len(y), bool)
    controls = (arm == CONTROL) & keep
    if controls.sum() < 2 or (arm == k).sum() < 2:
        raise NotEnoughDataError(
            "too few people", where=f"treatment {k}", why=f"{int(controls.sum())} controls while it was open"
        )
    arms, periods = sorted(set(arm[keep].tolist()) - {CONTROL}), np.unique(period[keep])
    X = np.column_stack([*(arm[keep] == j for j in arms), *(period[keep] == j for j in periods)]).astype(float)
    if np.linalg.matrix_rank(X) < X.shape[1]:
        raise NotEnoughDataError(
            "a period has no control", where=f"treatment {k}", why="arm and time cannot be told apart"
        )
    gram = np.linalg.inv(X.T @ X)
    b = gram @ X.T @ y[keep]
    df = int(keep.sum()) - X.shape[1]
    s2 = float(((y[keep] - X @ b) ** 2).sum()) / df
    i = arms.index(k)
    test = Test.of(float(b[i]), math.sqrt(s2 * gram[i, i]), df)
    return Comparison(k, test, int((arm == k).sum()), int(controls.sum()))


def dunnett_level(treatments: int, *, alpha: float = 0.05, controls_per_treated: float = 1.0) -> float:
    """Two-sided level of each comparison so that all together keep `alpha`: they share a control, so they correlate."""
    if treatments < 1 or not 0 < alpha < 0.5 or not controls_per_treated > 0:
        raise InputError(
            "an impossible family", where="treatments, alpha", why=f"{treatments}, {alpha}, {controls_per_treated}"
        )
    if treatments == 1:
        return alpha
    root = 1 / math.sqrt(controls_per_treated)  # Z_k = (sqrt(c) X_k - Y) / sqrt(1 + c), c controls for each treated
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    weights = weights / weights.sum()

    def kept(z: float) -> float:
        s = math.sqrt(1 + root**2)
        inside = stats.norm.cdf(z * s - root * nodes) - stats.norm.cdf(-z * s - root * nodes)
        return float(weights @ inside**treatments)

    from scipy.optimize import brentq

    z = brentq(lambda q: kept(q) - (1 - alpha), 1.0, 6.0, xtol=1e-12)
    return float(2 * stats.norm.sf(z))


def best_control_share(treatments: int) -> float:
    """Controls for each treated that make all comparisons most precise: the root of the number of open treatments."""
    return math.sqrt(treatments)


def rejection(effect: float, trials: int, rng: np.random.Generator) -> float:
    """Share of simulated platforms in which any of two treatments rejects at Dunnett's 5 %.

    The second opens half-way, while the population drifts by half an SD: 25 people an arm and period, SD 60.
    """
    level, hits = dunnett_level(2), 0
    arm = np.repeat([0, 1, 0, 1, 2, 0, 2], 25)
    period = np.repeat([0, 0, 1, 1, 1, 2, 2], 25)
    for _ in range(trials):
        y = rng.normal(250 + 30 * period + effect * (arm > 0), 60)
        hits += min(c.test.p for c in compare(y, arm, period)) < level
    return hits / trials
