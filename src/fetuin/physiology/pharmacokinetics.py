r"""One-compartment kinetics that any therapy may use, solved by hand: no state of the body is spent on a drug.

.. math:: A(t) = D\,F\,\frac{k_a}{k_a - k_e}\left(e^{-k_e t} - e^{-k_a t}\right)

for one dose D; doses add up. D in any unit of amount, rates 1/d, time d. A very large k_a is a bolus.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

BOLUS = 1e6  # /d: as good as at once


def rate(half_life: float) -> float:
    """The rate constant [1/d] of a half-life [d]."""
    return math.log(2.0) / half_life


def amount(t: float, absorbed: float, lost: float) -> float:
    """What is in the body at `t` [d] after one dose of 1, taken up at `absorbed` [1/d] and lost at `lost` [1/d]."""
    if t <= 0:
        return 0.0
    if absorbed >= BOLUS:
        return math.exp(-lost * t)
    if abs(absorbed / lost - 1.0) < 1e-6:
        return absorbed * t * math.exp(-lost * t)
    return absorbed / (absorbed - lost) * (math.exp(-lost * t) - math.exp(-absorbed * t))


def area(begin: float, end: float, absorbed: float, lost: float) -> float:
    """The area under `amount` from `begin` to `end` [d]."""

    def under(k: float) -> float:
        return (math.exp(-k * max(begin, 0.0)) - math.exp(-k * max(end, 0.0))) / k

    if end <= 0:
        return 0.0
    if absorbed >= BOLUS:
        return under(lost)
    if abs(absorbed / lost - 1.0) < 1e-6:
        absorbed = lost * (1.0 + 1e-5)
    return absorbed / (absorbed - lost) * (under(lost) - under(absorbed))


def mean_amount(begin: float, end: float, doses: Sequence[float], absorbed: float, lost: float) -> float:
    """The mean amount between `begin` and `end` [d] after doses of 1 on the days `doses`."""
    forgotten = 40.0 / min(lost, absorbed)
    near = (d for d in doses if begin - forgotten < d < end)
    return sum(area(begin - d, end - d, absorbed, lost) for d in near) / (end - begin)
