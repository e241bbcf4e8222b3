"""Group-sequential design: bounds that keep the error over several looks, and what they cost.

Information is in units of the fixed design's: theta = 1 makes E Z at full information the drift. Conventions are those of
rpact and East: one-sided alpha, or two-sided symmetric with alpha for both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtri

from fetuin.errors import InputError, NumericalError
from fetuin.trials.designs import recursion
from fetuin.trials.designs.boundaries import family

Array = np.ndarray
HIGH = 12.0  # a bound that nobody crosses


@dataclass(frozen=True)
class GroupSequential:
    """Looks at information fractions `t`, critical values, futility bounds or None, and what was asked for."""

    t: Array
    critical: Array
    futility: Array | None
    alpha: float
    beta: float
    sided: int
    binding: bool

    def _low(self, binding: bool) -> Array | None:
        if self.sided == 2:
            return -self.critical
        if self.futility is None or not binding:
            return None
        return np.append(self.futility, -np.inf)

    def crossing(self, theta: float, *, futility: bool = True) -> recursion.Crossing:
        """First crossings for drift theta = E Z at full information. Two-sided: upper and lower both reject."""
        return recursion.crossing(self.t, self.critical, self._low(futility), theta)

    @property
    def alpha_spent(self) -> Array:
        """Error spent by each look, both sides together where two-sided."""
        c = self.crossing(0.0, futility=self.binding)
        return np.cumsum(c.upper + (c.lower if self.sided == 2 else 0))

    @property
    def stage_levels(self) -> Array:
        """One-sided level of each look alone."""
        from scipy.special import ndtr

        return ndtr(-self.critical)

    def power(self, theta: float) -> float:
        """Probability of rejection in the right direction: above, for theta > 0."""
        return self.crossing(theta).power

    def drift(self) -> float:
        """E Z at full information that gives power 1 - beta."""
        return float(brentq(lambda d: self.power(d) - (1 - self.beta), 0.1, 20, xtol=1e-12))

    @property
    def shift(self) -> float:
        """Information at the last look in units of the effect: drift squared."""
        return self.drift() ** 2

    @property
    def fixed(self) -> float:
        """The same for a trial of one look."""
        return float((ndtri(1 - self.alpha / self.sided) + ndtri(1 - self.beta)) ** 2)

    @property
    def inflation(self) -> float:
        """Maximum size beside that of one look."""
        return self.shift / self.fixed

    def expected_fraction(self, theta: float) -> float:
        """Expected information at stopping, as a share of the maximum."""
        c = self.crossing(theta)
        stop = (c.upper + c.lower)[:-1]
        return float(stop @ self.t[:-1] + (1 - stop.sum()) * self.t[-1])

    def asn_ratio(self, share: float) -> float:
        """Expected size beside that of one look when the true effect is `share` of the planned one."""
        return self.inflation * self.expected_fraction(share * self.drift())


def design(
    boundary: str, *, looks: list[float] | Array, alpha: float = 0.025, sided: int = 1, beta: float = 0.1,
    parameter: float | None = None, futility: str | None = None, futility_parameter: float | None = None, binding: bool = False,
) -> GroupSequential:  # fmt: skip
    """A design by the name of its efficacy boundary (a file of `boundaries/`) and, one-sided, of its beta spending.

    `looks` are information fractions that rise to 1. Refused where it cannot be.
    """
    t = _checked(looks, alpha, sided, beta)
    if futility is not None:
        if sided == 2:
            raise InputError(
                "futility needs a one-sided design",
                where="sided",
                why="two-sided symmetric bounds have no side to give up",
                fix="use sided = 1",
            )
        return _with_futility(
            family(boundary), family(futility), t, alpha, beta, parameter, futility_parameter, binding
        )
    critical = _critical(family(boundary), t, alpha, sided, parameter, None)
    return GroupSequential(t, critical, None, alpha, beta, sided, binding)


def _checked(looks: list[float] | Array, alpha: float, sided: int, beta: float) -> Array:
    t = np.asarray(looks, float)
    if len(t) < 1 or (np.diff(t) <= 0).any() or t[0] <= 0 or abs(t[-1] - 1) > 1e-6:
        raise InputError(
            "information fractions must rise to 1", where="looks", why=f"{t.tolist()}", fix="for example [0.5, 1]"
        )
    if not (0 < alpha < 0.5 and 0 < beta < 1 and sided in (1, 2)):
        raise InputError(
            "an impossible error rate",
            where="alpha, beta, sided",
            why=f"{alpha}, {beta}, {sided}",
            fix="alpha below 0.5, beta in (0, 1), sided 1 or 2",
        )
    if 1 - beta <= alpha:
        raise InputError(
            "the power is below alpha", where="beta", why=f"power {1 - beta:g}, alpha {alpha:g}", fix="raise the power"
        )
    return t


def _critical(f: object, t: Array, alpha: float, sided: int, parameter: float | None, low: Array | None) -> Array:
    if hasattr(f, "spend"):
        return _by_spending(t, _steps_of(sided * f.spend(t, alpha / sided, parameter)), sided, low)
    if hasattr(f, "fixed"):
        head = f.fixed(t, parameter)
        return _solve(lambda c: np.append(head, c), t, alpha, sided, low)
    shape = f.shape(t, parameter)  # type: ignore[attr-defined]
    return _solve(lambda c: c * shape, t, alpha, sided, low)


def _error(critical: Array, t: Array, sided: int, low: Array | None) -> float:
    c = recursion.crossing(t, critical, -critical if sided == 2 else low)
    return float(c.upper.sum() + (c.lower.sum() if sided == 2 else 0))


def _solve(bounds: Callable[[float], Array], t: Array, alpha: float, sided: int, low: Array | None) -> Array:
    def off(c: float) -> float:
        return _error(bounds(c), t, sided, low) - alpha

    if off(HIGH) > 0:
        raise InputError(
            "the early bounds spend more than alpha",
            where="boundary",
            why=f"{_error(bounds(HIGH), t, sided, low):.4g} is spent before the last look",
            fix="raise them",
        )
    return bounds(float(brentq(off, 0.05, HIGH, xtol=1e-13)))


def _next_bound(walk: recursion.Walk, t: float, error: float, sided: int) -> float:
    """The bound that spends `error` at a look."""
    if error <= 1e-15:
        return HIGH

    def off(c: float) -> float:
        p = recursion.beyond(walk, t, c, 0.0)
        return p + (recursion.below(walk, t, -c, 0.0) if sided == 2 else 0) - error

    return float(brentq(off, -HIGH, HIGH, xtol=1e-13)) if off(-HIGH) > 0 else -HIGH


def _by_spending(t: Array, errors: Array, sided: int, low: Array | None) -> Array:
    walk, out = recursion.start(), []
    for k, (i, e) in enumerate(zip(t, errors)):
        c = _next_bound(walk, i, e, sided)
        out.append(c)
        a = -c if sided == 2 else (-np.inf if low is None else low[k])
        walk = recursion.go_on(walk, i, a, c, 0.0)
    return np.array(out)


def _with_futility(
    f: object, g: object, t: Array, alpha: float, beta: float, fp: float | None, gp: float | None, binding: bool
) -> GroupSequential:
    """Bounds such that the last futility bound meets the last critical value, at the drift that gives 1 - beta."""
    spent = np.diff(np.append(0, g.spend(t, beta, gp)))  # type: ignore[attr-defined]

    free = None if binding else _critical(f, t, alpha, 1, fp, None)

    def bounds(drift: float) -> tuple[Array, Array]:
        if free is not None:
            return free, _futility(t, free, spent, drift)
        if hasattr(f, "spend"):
            return _side_by_side(t, _steps_of(f.spend(t, alpha, fp)), spent, drift)
        return _settled(lambda low: _critical(f, t, alpha, 1, fp, low), t, spent, drift)

    def gap(drift: float) -> float:
        critical, low = bounds(drift)
        return float(low[-1] - critical[-1])

    start = ndtri(1 - alpha) + ndtri(1 - beta)
    try:
        drift = float(brentq(gap, 0.8 * start, 3 * start, xtol=1e-11))
    except ValueError:
        raise NumericalError(
            "no design has this power",
            where="beta spending",
            why="futility and efficacy never meet",
            fix="lower beta's early spending",
        ) from None
    critical, low = bounds(drift)
    return GroupSequential(t, critical, low[:-1], alpha, beta, 1, binding)


def _steps_of(spent: Array) -> Array:
    """Error of each look of a cumulative spending; refused where it falls."""
    steps = np.diff(np.append(0, spent))
    if (steps < -1e-12).any():
        raise InputError(
            "spending is not monotone",
            where="parameter",
            why=f"{np.round(spent, 6).tolist()}",
            fix="choose another parameter",
        )
    return steps


def _side_by_side(t: Array, errors: Array, lost: Array, drift: float) -> tuple[Array, Array]:
    """Binding bounds of two spending functions in one pass: a look's bounds depend on earlier looks alone."""
    null, other, upper, lower = recursion.start(), recursion.start(), [], []
    for i, e, b in zip(t, errors, lost):
        c, a = _next_bound(null, i, e, 1), _next_futility(other, i, b, drift)
        upper.append(c)
        lower.append(a)
        null = recursion.go_on(null, i, min(a, c - 1e-9), c, 0.0)
        other = recursion.go_on(other, i, min(a, c - 1e-9), c, drift)
    return np.array(upper), np.array(lower)


def _settled(
    critical_for: Callable[[Array | None], Array], t: Array, spent: Array, drift: float
) -> tuple[Array, Array]:
    """Binding bounds of a shape, by turns until neither moves."""
    critical = critical_for(None)
    for _ in range(100):
        low = _futility(t, critical, spent, drift)
        new = critical_for(np.append(np.minimum(low[:-1], critical[:-1] - 1e-9), -np.inf))
        if np.abs(new - critical).max() < 1e-11:
            break
        critical = new
    return critical, low


def _next_futility(walk: recursion.Walk, t: float, error: float, drift: float) -> float:
    """The lower bound that spends `error` of beta at a look."""

    def off(a: float) -> float:
        return recursion.below(walk, t, a, drift) - error

    if off(-HIGH) < 0 < off(HIGH):
        return float(brentq(off, -HIGH, HIGH, xtol=1e-13))
    return -HIGH if off(-HIGH) >= 0 else HIGH


def _futility(t: Array, critical: Array, errors: Array, drift: float) -> Array:
    """Lower bounds that spend `errors` of beta at this drift."""
    walk, out = recursion.start(), []
    for i, c, e in zip(t, critical, errors):
        a = _next_futility(walk, i, e, drift)
        out.append(a)
        walk = recursion.go_on(walk, i, min(a, c - 1e-9), c, drift)
    return np.array(out)


def by_spending(
    looks: Sequence[float], spent: Sequence[float], *, sided: int = 1, beta: float = 0.1
) -> GroupSequential:
    """A design whose error `spent` by each look is given; both sides together where two-sided."""
    t, e = _checked(list(looks), float(spent[-1]), sided, beta), np.asarray(spent, float)
    if len(e) != len(t) or (np.diff(np.append(0, e)) < -1e-12).any():
        raise InputError(
            "spending is not monotone",
            where="spent",
            why=f"{e.tolist()} at {t.tolist()}",
            fix="errors that never fall, one a look",
        )
    return GroupSequential(
        t, _by_spending(t, np.diff(np.append(0, e)), sided, None), None, float(e[-1]), beta, sided, False
    )
