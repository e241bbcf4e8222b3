"""Recruitment: who enters when, and to which arm. Poisson arrivals that ramp up; permuted blocks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fetuin.trials.streams import Streams

Array = np.ndarray


def entry(streams: Streams, n: int, per_month: float, ramp: float) -> Array:
    """Months from the start of the study at which each of `n` people enters [T, n], rising.

    Arrivals come at `per_month` after a linear ramp of `ramp` months: the cumulative rate is t^2 / (2 ramp), then t - ramp / 2.
    """
    arrivals = np.cumsum(-np.log1p(-streams.uniform("entry", n)), axis=1) / per_month
    early = np.sqrt(2.0 * ramp * arrivals)
    return np.where(arrivals < ramp / 2.0, early, arrivals + ramp / 2.0)


def arms(streams: Streams, n: int, shares: Sequence[int], block: int) -> Array:
    """The arm of each person [T, n], in the order of entry, by permuted blocks of at least `block`."""
    one = np.repeat(np.arange(len(shares)), shares)
    size = len(one) * -(-block // len(one))
    blocks = -(-n // size)
    keys = streams.uniform("arms", blocks, size)
    return np.tile(one, size // len(one))[np.argsort(keys, axis=2)].reshape(len(keys), -1)[:, :n]
