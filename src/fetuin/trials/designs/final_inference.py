"""After stopping: p-value, interval and median-unbiased estimate by stage-wise ordering (Tsiatis, Rosner and Mehta 1984).

An earlier crossing is more extreme than a later one; at one stage the greater statistic is. Early stopping is accounted for,
unlike in the fixed-sample interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

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


def stage_wise_p(critical: Array, t: Array, z: float, stage: int, drift: float = 0.0) -> float:
    """P(an outcome at least as extreme) when E Z_k = drift sqrt(t_k)."""
    bounds = np.append(critical[: stage - 1], z)
    return recursion.crossing(np.asarray(t[:stage], float), bounds, None, drift).power


def final(test: SequentialTest, data: StageMeans, stage: int) -> Final:
    """Inference at the stage where the trial ended. At the first stage it is the t-test's."""
    so_far, k = data.overall, stage - 1
    effect, se = float(so_far.effect[k]), float(so_far.se[k])
    if stage == 1:
        from scipy import stats

        half = float(stats.t(so_far.df[0]).isf(test.alpha)) * se
        return Final(float(data.p()[0]), effect - half, effect + half, effect)
    z, critical = float(test.z(data)[k]), test.design.critical
    scale = float(np.sqrt(test.t[k])) * se  # drift 1 is this difference

    def at(p: float) -> float:
        return scale * float(brentq(lambda d: stage_wise_p(critical, test.t, z, stage, d) - p, -40, 40, xtol=1e-12))

    return Final(stage_wise_p(critical, test.t, z, stage), at(test.alpha), at(1 - test.alpha), at(0.5))
