"""Two normal samples: the t-interval that their summaries give, and the same trial simulated many times."""

from __future__ import annotations

import numpy as np
from scipy import stats

from fetuin.trials.estimators.contract import Estimates
from fetuin.trials.estimators.t_test import compare
from fetuin.trials.monitoring import half_width, upper_tail
from fetuin.trials.operating_characteristics import share
from fetuin.trials.replication.replica import Effect
from fetuin.trials.streams import Streams

Array = np.ndarray
Arm = tuple[float, float, int]  # mean, SD, people
BATCH = 500


def expected(treated: Arm, control: Arm) -> Effect:
    """Student's interval and p from two summaries."""
    (m1, s1, n1), (m0, s0, n0) = treated, control
    df = n1 + n0 - 2
    se = float(np.sqrt(((n1 - 1) * s1**2 + (n0 - 1) * s0**2) / df * (1 / n1 + 1 / n0)))
    half = float(stats.t(df).ppf(0.975)) * se
    return Effect(m1 - m0, m1 - m0 - half, m1 - m0 + half, float(2 * stats.t(df).sf(abs(m1 - m0) / se)))


def one_sample(mean: float, sd: float, n: int) -> Effect:
    """The same for a mean of changes within people."""
    se = sd / np.sqrt(n)
    half = float(stats.t(n - 1).ppf(0.975) * se)
    return Effect(mean, mean - half, mean + half, float(2 * stats.t(n - 1).sf(abs(mean) / se)))


def simulate(treated: Arm, control: Arm, n: int, seed: int) -> tuple[Effect, float, float]:
    """`n` trials of two normal samples: mean effect and interval, median p; share with p < 0.05 and its error."""
    rows: list[tuple[Array, Array]] = []
    group = np.repeat([1, 0], [treated[2], control[2]])
    mean, sd = (np.repeat([treated[k], control[k]], [treated[2], control[2]]) for k in (0, 1))
    for a in range(0, n, BATCH):
        y = mean + sd * Streams(seed, tuple(range(a, min(a + BATCH, n)))).normal("people", len(group))
        rows.append(_estimates(compare(np.broadcast_to(group, y.shape), y)))
    return _summary(rows)


def simulate_one(mean: float, sd: float, people: int, n: int, seed: int) -> tuple[Effect, float, float]:
    """`n` trials of one sample of changes."""
    rows = []
    for a in range(0, n, BATCH):
        y = mean + sd * Streams(seed, tuple(range(a, min(a + BATCH, n)))).normal("people", people)
        e = Estimates(y.mean(axis=1), y.std(axis=1, ddof=1) / np.sqrt(people), np.full(len(y), people - 1.0))
        rows.append(_estimates(e))
    return _summary(rows)


def _estimates(e: Estimates) -> tuple[Array, Array]:
    half = half_width(e, 0.95)
    p = 2 * upper_tail(np.abs(e.estimate / e.se), e.df)
    return np.stack([e.estimate, e.estimate - half, e.estimate + half]), p


def _summary(rows: list[tuple[Array, Array]]) -> tuple[Effect, float, float]:
    three = np.concatenate([r for r, _ in rows], axis=1).mean(axis=1)
    p = np.concatenate([q for _, q in rows])
    power, error = share(p < 0.05)
    return Effect(float(three[0]), float(three[1]), float(three[2]), float(np.median(p))), power, error
