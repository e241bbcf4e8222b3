"""Fisher's combination test: the product of stage-wise p-values with powers w_k, against bounds of one level at every stage.

-sum w_k ln p_k is a walk whose steps are exponential under the null hypothesis (Bauer and Koehne 1994; Wassmer 1999). "Equal
alpha": each stage alone has the same level, chosen so that together they spend alpha. Chances of crossing later are smooth in
the walk's place, so they are carried backwards on Chebyshev nodes; no simulation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.polynomial import chebyshev, legendre
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from fetuin.errors import InputError
from fetuin.trials.designs.inverse_normal import MOST_ALPHA, WIDE
from fetuin.trials.designs.stage_means import StageMeans

Array = np.ndarray
NODES, DEGREE = 80, 40
_X, _W = legendre.leggauss(NODES)


@dataclass(frozen=True)
class FisherTest:
    """`t`: planned information fractions; weights are sqrt of each stage's information beside the first's."""

    t: Array
    alpha: float

    def __post_init__(self) -> None:
        t = np.asarray(self.t, float)
        if len(t) < 1 or t[0] <= 0 or (np.diff(t) <= 0).any() or abs(t[-1] - 1) > 1e-6:
            raise InputError("information fractions must rise to 1", where="t", why=f"{t.tolist()}")
        if not 0 < self.alpha < 1:
            raise InputError("an impossible error rate", where="alpha", why=f"{self.alpha}", fix="between 0 and 0.5")

    @property
    def weights(self) -> Array:
        """Powers of the p-values; the first is 1."""
        steps = np.diff(np.append(0.0, self.t))
        return np.sqrt(steps / steps[0])

    @cached_property
    def bounds(self) -> Array:
        """-ln of the critical values: the walk rejects at or above them."""
        return self._at(self.alpha)

    @property
    def critical(self) -> Array:
        """Of the product itself, as rpact prints."""
        return np.exp(-self.bounds)

    def _at(self, alpha: float) -> Array:
        w = self.weights

        def bounds(level: float) -> Array:
            return np.array([_tail_bound(w[:k], level) for k in range(1, len(w) + 1)])

        if len(w) == 1:
            return bounds(alpha)
        found = brentq(lambda a: _spent(w, bounds(np.exp(a))) - alpha, np.log(alpha / len(w) / 2), np.log(alpha))
        return bounds(float(np.exp(found)))

    def walk(self, data: StageMeans, null: float = 0.0) -> Array:
        """-sum w ln p at each stage seen."""
        if data.stages > len(self.t):
            raise InputError("more stages than planned", where="data", why=f"{data.stages} of {len(self.t)}")
        return -np.cumsum(self.weights[: data.stages] * np.log(np.maximum(data.p(null), 1e-300)))

    def conditional_rejection(self, s: float, stage: int) -> float:
        """P(rejecting later | walk at s after `stage`) under the null hypothesis."""
        return float(_later(self.weights, self.bounds, stage, np.zeros(len(self.t)))[-1](np.array([s]))[0])

    def conditional_power(self, s: float, stage: int, shifts: Array) -> Array:
        """P(rejected by each later stage | s); `shifts`: expected normal scores of the later stages' own data."""
        shift = np.concatenate([np.zeros(stage), np.asarray(shifts, float)])
        out = []
        for k in range(stage + 1, len(self.t) + 1):
            chance = _later(self.weights[:k], self.bounds[:k], stage, shift[:k])[-1]
            out.append(float(chance(np.array([s]))[0]))
        return np.array(out)

    def repeated_interval(self, data: StageMeans, stage: int) -> tuple[float, float]:
        """Interval of the difference, valid at every stage together; each end is a one-sided test's."""
        b, so_far = float(self.bounds[stage - 1]), data.overall
        at, reach = float(so_far.effect[stage - 1]), WIDE * float(so_far.se[stage - 1])
        turned = StageMeans(data.n2, data.n1, data.m2, data.m1, data.s2, data.s1)

        def end(d: StageMeans, middle: float) -> float:
            def off(null: float) -> float:
                return float(self.walk(d, null)[stage - 1]) - b

            return float(brentq(off, middle - reach, middle + reach, xtol=1e-11))

        return end(data, at), -end(turned, -at)

    def final_p(self, s: float, stage: int) -> float:
        """P(rejecting earlier, or a walk of at least s at `stage`) under the null hypothesis: earlier is more extreme."""
        return _spent(self.weights[:stage], np.append(self.bounds[: stage - 1], s))

    def repeated_p(self, s: float, stage: int) -> float:
        """The least level at which `stage` rejects; at most 0.5."""

        def off(alpha: float) -> float:
            return s - float(self._at(alpha)[stage - 1])

        low, high = 1e-10, MOST_ALPHA - 1e-6
        if off(low) >= 0:
            return low
        return float(brentq(off, low, high, xtol=1e-9)) if off(high) > 0 else MOST_ALPHA


def _tail_bound(w: Array, level: float) -> float:
    """b with P(sum w_k E_k >= b) = level for unit exponentials E_k."""
    top = float(w.sum()) * (5 - np.log(level)) + 10
    return float(brentq(lambda b: _tail(w, b) - level, 0, top, xtol=1e-13))


def _tail(w: Array, b: float) -> float:
    from scipy.stats import gamma

    if np.ptp(w) < 1e-9:
        return float(gamma(len(w), scale=w[0]).sf(b))
    far = np.full(len(w), b)  # nobody stops early: the last stage's bound beyond which nothing is left
    return _spent(w, far)


def _spent(w: Array, b: Array) -> float:
    """P(ever reaching the bounds) from 0 under the null hypothesis."""
    return float(_later(w, b, 0, np.zeros(len(w)))[-1](np.zeros(1))[0])


def _survival(x: Array, w: float, shift: float) -> Array:
    """P(-w ln p >= x) where p = 1 - Phi(Z), Z ~ N(shift, 1)."""
    p = np.exp(-np.maximum(x, 0) / w)
    return np.where(x <= 0, 1.0, p if shift == 0 else ndtr(shift + ndtri(p)))


def _later(w: Array, b: Array, stage: int, shifts: Array) -> list[Any]:
    """Functions of the walk's place: P(ever rejecting after each stage K-1, ..., `stage`)."""
    chain: list[Any] = [lambda s: np.zeros_like(s)]
    for k in range(len(w) - 1, stage - 1, -1):
        after = chain[-1]

        def here(s: Array, k: int = k, after: object = after) -> Array:
            gap = np.maximum(b[k] - s, 0.0)
            direct = _survival(b[k] - s, w[k], shifts[k])
            if k == len(w) - 1:
                return direct
            # the step's distribution F on [0, gap], by parts in its probability u = P(step >= x)
            low = _survival(gap, w[k], shifts[k])
            u = low[:, None] + (1 - low[:, None]) * (_X + 1) / 2
            x = np.minimum(_step(u, w[k], shifts[k]), gap[:, None])
            return direct + (1 - low) / 2 * (after(s[:, None] + x) @ _W)  # type: ignore[operator]

        chain.append(_smooth(here, b[k - 1]) if k > stage else here)
    return chain


def _step(u: Array, w: float, shift: float) -> Array:
    """x with P(step >= x) = u."""
    return -w * np.log(u) if shift == 0 else -w * np.log(np.maximum(ndtr(ndtri(u) - shift), 1e-300))


def _smooth(f: object, top: float) -> object:
    """The function on [0, top] as a Chebyshev series."""
    nodes = np.cos(np.pi * (np.arange(DEGREE + 1) + 0.5) / (DEGREE + 1))
    c = chebyshev.chebfit(nodes, f((nodes + 1) * top / 2), DEGREE)  # type: ignore[operator]
    return lambda s: chebyshev.chebval(2 * s / top - 1, c)
