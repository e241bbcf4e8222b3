"""Dropout: completely at random, at random given what was seen (MAR), or by the value that is not seen (MNAR).

At each visit after baseline a person who is still in leaves with probability

.. math:: \\mathrm{logit}\\, p = \\mathrm{logit}\\, p_0 + \\beta\\, w

w: how many SDs the last value seen (MAR) or the present one (MNAR) is worse than the mean of that visit; p_0 so that the
stated share is lost over all visits where w = 0.
"""

from __future__ import annotations

import numpy as np

from fetuin.trials.conditions import Conditions
from fetuin.trials.streams import Streams

Array = np.ndarray


def leaves(streams: Streams, seen: Array, visits: Array, c: Conditions, better: int) -> Array:
    """The first visit that is missing [T, n]: an index of `visits`, their number for those who stay. `better` +1 or -1."""
    T, n, V = seen.shape
    first = np.full((T, n), V)
    late = [v for v in range(V) if visits[v] > 0]
    if c.dropout == 0 or not late:
        return first
    p0 = 1.0 - (1.0 - c.dropout) ** (1.0 / len(late))
    chance = streams.uniform("dropout", n, len(late))
    for k, v in enumerate(late):
        w = 0.0
        if c.mechanism != "mcar" and c.slope != 0:
            at = seen[:, :, v - 1 if c.mechanism == "mar" and v > 0 else v]
            mean, sd = np.nanmean(at, axis=1, keepdims=True), np.nanstd(at, axis=1, keepdims=True)
            w = np.nan_to_num(-better * (at - mean) / np.where(sd > 0, sd, 1.0))
        p = 1.0 / (1.0 + (1.0 - p0) / p0 * np.exp(-c.slope * w))
        first = np.where((first == V) & (chance[:, :, k] < p), v, first)
    return first
