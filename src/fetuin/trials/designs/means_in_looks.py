"""Sizes of a group-sequential comparison of two means, by the t-test at each look.

The maximum is the fixed t-test's size times the design's inflation; power at another effect uses the fixed t-test's power
at that size as the drift (the convention of rpact, which agrees to 1e-8).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.special import ndtri

from fetuin.trials.designs.group_sequential import GroupSequential
from fetuin.trials.designs.sample_size import means


@dataclass(frozen=True)
class Plan:
    """Total size at each look `n`, for effect `delta` and standard deviation `sd`; `ratio` is n1/n2."""

    design: GroupSequential
    delta: float
    sd: float
    n: np.ndarray
    ratio: float = 1.0

    @property
    def _spread(self) -> float:
        """Standard error of the difference times sqrt(total), in SDs: 2 for equal arms."""
        return (1 + self.ratio) / math.sqrt(self.ratio)

    def expected(self, share: float) -> float:
        """Expected size when the effect is `share` of the planned one."""
        return float(self.n[-1] * self.design.expected_fraction(share * self.design.drift()))

    @property
    def critical_effect(self) -> np.ndarray:
        """The observed difference that just rejects at each look."""
        t = stats.t(self.n - 2).isf(self.design.stage_levels)
        return t * self._spread * self.sd / np.sqrt(self.n)

    def power(self, delta: float, n_total: float) -> tuple[float, float]:
        """(chance of rejecting, expected size) at effect `delta` with maximum `n_total`; two-sided: on either side."""
        level = self.design.alpha / self.design.sided
        shift = delta / self.sd * math.sqrt(n_total) / self._spread
        fixed = stats.nct(n_total - 2, shift).sf(stats.t(n_total - 2).isf(level)) if shift else level
        drift = float(ndtri(fixed) - ndtri(level))
        c = self.design.crossing(drift)
        either = c.power + (float(c.lower.sum()) if self.design.sided == 2 else 0.0)
        return either, n_total * self.design.expected_fraction(drift)


def plan(design: GroupSequential, delta: float, sd: float, *, ratio: float = 1.0) -> Plan:
    """Sizes that give the design's power for `delta`."""
    fixed = means(delta, sd, alpha=design.alpha, sided=design.sided, power=1 - design.beta, ratio=ratio)
    return Plan(design, delta, sd, fixed * design.inflation * design.t, ratio)
