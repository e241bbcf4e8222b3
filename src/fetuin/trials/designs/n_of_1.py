"""N-of-1: one person gets treatment and control in turn, cycle after cycle, in random order; several such people make a trial.

One person: the mean of within-cycle differences with their own t. Several: differences d_ic ~ N(delta + u_i, s^2), u_i ~ N(0, t^2),
s^2 within people pooled. The population's effect is their weighted mean with t^2 by DerSimonian and Laird 1986 and the interval
of Hartung and Knapp 2001; a person's own effect is drawn towards it by what their cycles are worth (Zucker 1997).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.special import ndtri

from fetuin.errors import InputError, NotEnoughDataError
from fetuin.trials.analysis.inference.contract import Test
from fetuin.trials.designs.parallel_group import refuse

Array = np.ndarray


@dataclass(frozen=True)
class NOf1:
    """The population's effect; SD between and within people; each person's own mean and shrunken effect with its SE."""

    population: Test
    between_sd: float
    within_sd: float
    own: Array
    shrunken: Array
    shrunken_se: Array


def one_person(treated: object, control: object) -> Test:
    """Treatment minus control in one person: one pair a cycle."""
    a, b = np.asarray(treated, float), np.asarray(control, float)
    if a.shape != b.shape or a.ndim != 1 or not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise InputError(
            "a cycle is incomplete", where="treated, control", why=f"{a.shape}, {b.shape}", fix="one pair a cycle"
        )
    d = a - b
    if len(d) < 2 or d.std(ddof=1) == 0:
        raise NotEnoughDataError("two cycles that differ are needed", where="treated, control", why=f"{len(d)} cycles")
    return Test.of(float(d.mean()), float(d.std(ddof=1) / np.sqrt(len(d))), len(d) - 1)


def several(differences: list[object]) -> NOf1:
    """`differences`: for each person the within-cycle differences, treatment minus control (numbers of cycles may differ)."""
    d = [np.asarray(x, float).ravel() for x in differences]
    counts = np.array([len(x) for x in d])
    if len(d) < 3 or counts.min() < 1 or not all(np.isfinite(x).all() for x in d):
        raise NotEnoughDataError(
            "three or more people with complete cycles are needed", where="differences", why=f"{counts}"
        )
    df = int((counts - 1).sum())
    if df < 2:
        raise NotEnoughDataError(
            "too few repeated cycles", where="differences", why="the spread within people is unknown"
        )
    own = np.array([x.mean() for x in d])
    within = sum(float(((x - x.mean()) ** 2).sum()) for x in d) / df
    v = within / counts
    w = 1 / v
    fixed = float(w @ own / w.sum())
    tau2 = max(0.0, (float(w @ (own - fixed) ** 2) - (len(d) - 1)) / (w.sum() - (w @ w) / w.sum()))
    w = 1 / (v + tau2)
    mean = float(w @ own / w.sum())
    q = max(float(w @ (own - mean) ** 2) / (len(d) - 1), 1.0)  # Hartung-Knapp, never narrower than the model's own
    population = Test.of(mean, float(np.sqrt(q / w.sum())), len(d) - 1)
    pull = v / (v + tau2)
    shrunken = pull * mean + (1 - pull) * own
    se = np.sqrt((1 - pull) * v + pull**2 / w.sum())
    return NOf1(population, math.sqrt(tau2), math.sqrt(within), own, shrunken, se)


def cycles(delta: float, within_sd: float, *, alpha: float = 0.05, power: float = 0.8) -> int:
    """Cycles of one person to find `delta`: paired t-test; `within_sd` is the SD of one measurement."""
    refuse(alpha, power)
    if not (delta != 0 and within_sd > 0):
        raise InputError("an impossible effect", where="delta, within_sd", why=f"{delta}, {within_sd}")
    n = 2
    while stats.nct(n - 1, abs(delta) * math.sqrt(n / 2) / within_sd).sf(stats.t(n - 1).isf(alpha / 2)) < power:
        n += 1
    return n


def people(
    delta: float, within_sd: float, between_sd: float, cycles: int, *, alpha: float = 0.05, power: float = 0.8
) -> int:
    """People with `cycles` each to find the population's effect (normal theory, then one degree for each by t)."""
    refuse(alpha, power)
    if not (delta != 0 and within_sd > 0 and between_sd >= 0 and cycles >= 1):
        raise InputError("an impossible design", where="n-of-1", why=f"{delta}, {within_sd}, {between_sd}, {cycles}")
    variance = between_sd**2 + 2 * within_sd**2 / cycles
    n = max(3, math.ceil((ndtri(1 - alpha / 2) + ndtri(power)) ** 2 * variance / delta**2))
    while stats.nct(n - 1, abs(delta) * math.sqrt(n / variance)).sf(stats.t(n - 1).isf(alpha / 2)) < power:
        n += 1
    return n


def rejection(effect: float, trials: int, rng: np.random.Generator) -> float:
    """Share of simulated series of 10 people with 4 cycles that reject at 5 %: SD 40 within, 25 between."""
    hits = 0
    for _ in range(trials):
        d = effect + rng.normal(0, 25, (10, 1)) + rng.normal(0, 40 * math.sqrt(2), (10, 4))
        hits += several(list(d)).population.p < 0.05
    return hits / trials
