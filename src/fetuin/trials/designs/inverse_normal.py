"""Group-sequential and inverse-normal tests of data in hand: what may still happen, repeated intervals and p-values.

Inverse normal (Lehmacher and Wassmer 1999): stage-wise normal scores with planned weights sqrt(t_k - t_(k-1)), so a stage's
size may be changed in view of the earlier ones. The group-sequential test uses the statistic of all data so far.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from fetuin.errors import InputError
from fetuin.trials.designs import recursion
from fetuin.trials.designs.group_sequential import GroupSequential, design
from fetuin.trials.designs.stage_means import StageMeans

Array = np.ndarray
MOST_ALPHA = 0.5  # a repeated p-value above it is not told apart
WIDE = 60.0  # standard errors about the estimate within which an end of an interval lies


@dataclass(frozen=True)
class SequentialTest:
    """A one-sided boundary (a file of `boundaries/`) at planned fractions `t`; `combine` is the inverse-normal test."""

    boundary: str
    t: Array
    alpha: float
    parameter: float | None = None
    combine: bool = True

    @property
    def design(self) -> GroupSequential:
        """The boundaries."""
        return self.at(self.alpha)

    def at(self, alpha: float) -> GroupSequential:
        """The same shape at another level."""
        return design(self.boundary, looks=self.t, alpha=alpha, sided=1, parameter=self.parameter)

    @property
    def weights(self) -> Array:
        """Of each stage's score; squares sum to 1."""
        return np.sqrt(np.diff(np.append(0.0, self.t)))

    def z(self, data: StageMeans, null: float = 0.0) -> Array:
        """The test statistic at each stage seen."""
        if data.stages > len(self.t):
            raise InputError("more stages than planned", where="data", why=f"{data.stages} of {len(self.t)}")
        if not self.combine:
            return data.overall.z(null)
        w = self.weights[: data.stages]
        return np.cumsum(w * data.z(null)) / np.sqrt(np.cumsum(w**2))

    def expected_z(self, data: StageMeans) -> Array:
        """E Z at each stage for a difference of one overall SD, from the sizes that were really reached."""
        if not self.combine:
            return data.overall.root_information
        w = self.weights[: data.stages]
        return np.cumsum(w * data.root_information) / np.sqrt(np.cumsum(w**2))

    def conditional_rejection(self, z: float, stage: int) -> float:
        """P(rejecting later | z at `stage` (from 1)) under the null hypothesis."""
        return float(self._later(z, stage, np.zeros(len(self.t) - stage))[-1])

    def conditional_power(self, z: float, stage: int, shifts: Array) -> Array:
        """P(rejected by each later stage | z); `shifts` are the expected scores of the later stages' own data."""
        return self._later(z, stage, np.asarray(shifts, float))

    def _later(self, z: float, stage: int, shifts: Array) -> Array:
        """Cumulative rejection; a stage's mean moves the bounds, for the recursion knows one drift only."""
        w, critical = self.weights, self.design.critical
        root = np.sqrt(self.t)
        spent = np.cumsum(w[stage:] ** 2)
        need = (critical[stage:] * root[stage:] - z * root[stage - 1] - np.cumsum(w[stage:] * shifts)) / np.sqrt(spent)
        return np.cumsum(recursion.crossing(spent, need, None).upper)

    def repeated_interval(self, data: StageMeans, stage: int) -> tuple[float, float]:
        """Interval of the difference, valid at every stage together, with level 1 - 2 alpha."""
        c, first = float(self.design.critical[stage - 1]), data.overall
        at, reach = float(first.effect[stage - 1]), WIDE * float(first.se[stage - 1])

        def end(target: float) -> float:
            return float(brentq(lambda d: self.z(data, d)[stage - 1] - target, at - reach, at + reach, xtol=1e-11))

        return end(c), end(-c)

    def repeated_p(self, z: float, stage: int) -> float:
        """The least level at which `stage` rejects; at most 0.5."""

        def off(alpha: float) -> float:
            return z - float(self.at(alpha).critical[stage - 1])

        low, high = 1e-12, MOST_ALPHA - 1e-6
        if off(low) >= 0:
            return low
        return float(brentq(off, low, high, xtol=1e-9)) if off(high) > 0 else MOST_ALPHA
