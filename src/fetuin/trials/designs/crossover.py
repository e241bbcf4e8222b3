"""Crossover of two treatments in two periods (AB/BA): each person is their own control.

    y_ij = person_i + period_j + treatment + e_ij

The half-difference of a sequence's within-person differences is the treatment effect free of the period (Grizzle 1965; Senn 2002,
Cross-over Trials in Clinical Research, ch. 3). A carry-over that differs between treatments cannot be told from it: its test is
shown, never used to choose an analysis (Freeman 1989, Stat Med 8:1421).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.optimize import brentq

from fetuin.errors import InputError
from fetuin.trials.analysis.inference.contract import Test
from fetuin.trials.analysis.samples import same_length, two_arms
from fetuin.trials.analysis.t_test import t_test

Array = np.ndarray


@dataclass(frozen=True)
class Crossover:
    """Treatment A minus B; period 2 minus period 1; carry-over (A minus B, a difference of person sums)."""

    treatment: Test
    period: Test
    carry_over: Test


def analyse(first: object, second: object, a_first: object) -> Crossover:
    """Responses in period 1 and 2 of each person; `a_first` 1 for sequence AB, 0 for BA. People with one period are left out before."""
    y1, y2, z = same_length(first=first, second=second, a_first=a_first)
    ab = two_arms(z)
    d = y1 - y2  # AB: A - B - period; BA: B - A - period
    halves = t_test(d[ab] / 2, d[~ab] / 2, equal_variances=True)
    period = t_test(-d[ab] / 2, d[~ab] / 2, equal_variances=True)
    total = t_test((y1 + y2)[ab], (y1 + y2)[~ab], equal_variances=True)
    return Crossover(halves, period, total)


def people(delta: float, within_sd: float, *, alpha: float = 0.05, power: float = 0.9, dropout: float = 0.0) -> int:
    """People to randomise, both sequences alike: two-sided t-test on n - 2 degrees of freedom.

    `within_sd` is the SD of one measurement in one person; a difference of two has sqrt(2) times it, and the effect's standard
    error is within_sd sqrt(2 / n).
    """
    if not (delta != 0 and within_sd > 0 and 0 < alpha < power < 1 and 0 <= dropout < 1):
        raise InputError(
            "an impossible design",
            where="crossover",
            why=f"effect {delta}, SD {within_sd}, alpha {alpha}, power {power}",
        )

    def short(n: float) -> float:
        law = stats.nct(n - 2, abs(delta) / (within_sd * math.sqrt(2 / n)))
        return float(law.sf(stats.t(n - 2).isf(alpha / 2))) - power

    n = brentq(short, 2.05, 1e7) if short(2.05) < 0 else 4.0
    return 2 * math.ceil(max(n, 4.0) / (1 - dropout) / 2 - 1e-9)


def rejection(effect: float, trials: int, rng: np.random.Generator) -> float:
    """Share of simulated trials that reject at 5 %: 24 people, within-person SD 40, `effect` in the same units."""
    n = 24
    person = rng.normal(250, 60, (trials, n))
    y1, y2 = (person + rng.normal(0, 40, (trials, n)) for _ in range(2))
    ab = np.arange(n) % 2 == 0
    y1, y2 = y1 + effect * ab, y2 + effect * ~ab + 8  # a period effect that must not matter
    d = (y1 - y2) / 2
    p = stats.ttest_ind(d[:, ab], d[:, ~ab], axis=1).pvalue
    return float((p < 0.05).mean())
