"""After stopping: p-value, interval and median-unbiased estimate by stage-wise ordering (Tsiatis, Rosner and Mehta 1984).

An earlier crossing is more extreme than a later one; at one stage the greater statistic is. Early stopping is accounted for,
unlike in the fixed-sample interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtri

from fetuin.trials.designs import recursion
from fetuin.trials.designs.inverse_normal import SequentialTest
from fetuin.trials.designs.stage_means import StageMeans

Array = np.ndarray


@dataclass(frozen=True)
class Final:
    """One-sided p, interval of level 1 - 2 alpha, median-unbiased estimate; in units of the difference."""

    p: float
    lower: float
    upper: float
    median: float


def stage_wise_p(critical: Array, t: Array, z: float, stage: int, means: Array | None = None) -> float:
    """P(an outcome at least as extreme) when E Z_k = `means` [stage] (0 under the null hypothesis)."""
    bounds = np.append(critical[: stage - 1], z) - (0.0 if means is None else means)
    return recursion.crossing(np.asarray(t[:stage], float), bounds, None, 0.0).power


def final(test: SequentialTest, data: StageMeans, stage: int) -> Final:
    """Inference at the stage where the trial ended; intervals by normal theory on the t statistic, as rpact."""
    so_far, k = data.overall, stage - 1
    effect, se = float(so_far.effect[k]), float(so_far.se[k])
    if stage == 1:
        half = float(ndtri(1 - test.alpha)) * se
        return Final(float(data.p()[0]), effect - half, effect + half, effect)
    z, critical, unit = float(test.z(data)[k]), test.design.critical, test.expected_z(data)[:stage]
    if not test.combine:  # the ordering is that of the planned looks, as the p-value's (rpact alike)
        unit = unit[-1] * np.sqrt(np.asarray(test.t[:stage], float) / test.t[k])
    sd = se * float(so_far.root_information[k])

    def at(p: float) -> float:
        def off(d: float) -> float:
            return stage_wise_p(critical, test.t, z, stage, d * unit) - p

        reach = (abs(z) + 10) / float(unit[-1])
        return sd * float(brentq(off, -reach, reach, xtol=1e-12))

    return Final(stage_wise_p(critical, test.t, z, stage), at(test.alpha), at(1 - test.alpha), at(0.5))
