"""Parallel groups: people stay on the arm they are given; means, baseline-adjusted or not, shares, rates or times to event.

Sizes are those of `sample_size*.py`, raised for dropout and rounded up by arm; a baseline that correlates by r with the response
leaves 1 - r^2 of its variance (Borm 2007, J Clin Epidemiol 60:1234).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from fetuin.errors import InputError
from fetuin.trials.designs import sample_size


@dataclass(frozen=True)
class ParallelGroup:
    """People analysed and randomised of each arm (treated, control), and the power they give."""

    analysed: tuple[int, int]
    randomised: tuple[int, int]
    power: float


def means(
    delta: float, sd: float, *, alpha: float = 0.05, sided: int = 2, power: float = 0.9, ratio: float = 1.0, correlation: float = 0.0,
    dropout: float = 0.0, normal: bool = False,
) -> ParallelGroup:  # fmt: skip
    """`correlation` of baseline and response for ANCOVA (0: none); `ratio` treated to control; `normal` without the t-test's few more."""
    refuse(alpha, power, dropout, ratio)
    if not (delta != 0 and sd > 0 and -1 < correlation < 1):
        raise InputError("an impossible effect", where="delta, sd, correlation", why=f"{delta}, {sd}, {correlation}")
    left = sd * math.sqrt(1 - correlation**2)
    total = sample_size.means(delta, left, alpha=alpha, sided=sided, power=power, ratio=ratio, normal=normal)
    n1, n2 = math.ceil(total * ratio / (1 + ratio) - 1e-9), math.ceil(total / (1 + ratio) - 1e-9)
    shift = abs(delta) / left / math.sqrt(1 / n1 + 1 / n2)
    reached = float(stats.nct(n1 + n2 - 2, shift).sf(stats.t(n1 + n2 - 2).isf(alpha / sided)))
    return ParallelGroup((n1, n2), (_raised(n1, dropout), _raised(n2, dropout)), reached)


def refuse(alpha: float, power: float, dropout: float = 0.0, ratio: float = 1.0) -> None:
    """A design that cannot be is refused with the reason."""
    if not 0 < alpha < 0.5 or not 0 < power < 1:
        raise InputError(
            "an impossible error rate", where="alpha, power", why=f"{alpha}, {power}", fix="for example 0.05 and 0.9"
        )
    if power <= alpha:
        raise InputError(
            "the power is below alpha", where="power", why=f"power {power}, alpha {alpha}", fix="raise the power"
        )
    if not 0 <= dropout < 1:
        raise InputError("an impossible dropout", where="dropout", why=f"{dropout}", fix="a share from 0 to below 1")
    if not ratio > 0:
        raise InputError("one arm is empty", where="ratio", why=f"{ratio}", fix="treated to control, above 0")


def _raised(n: int, dropout: float) -> int:
    return math.ceil(n / (1 - dropout) - 1e-9)


def rejection(effect: float, trials: int, rng: np.random.Generator) -> float:
    """Share of simulated trials that reject at 5 %: 20 an arm, SD 60, Welch's t-test."""
    a, b = rng.normal(250 + effect, 60, (trials, 20)), rng.normal(250, 60, (trials, 20))
    return float((stats.ttest_ind(a, b, axis=1, equal_var=False)[1] < 0.05).mean())
