"""Intercurrent events by the estimand's strategies (ICH E9(R1)): which values count, and for whom."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from fetuin.trials.estimand import Estimand

Array = np.ndarray


def counted(
    values: Array, visits: Array, events: Mapping[str, Array], estimand: Estimand, failure: float | None
) -> Array:
    """Values [T, n, V] as they enter the analysis (NaN: not used), given the day of each event [T, n] (inf: none)."""
    out = values.copy()
    for event, day in events.items():
        strategy = estimand.strategies[event]
        after = (visits[None, None, :] > day[:, :, None]) & (visits > 0)
        if not after.any() or strategy == "treatment policy":
            if event == "death":
                out = np.where(after, np.nan, out)
            continue
        if strategy == "composite":
            out = np.where(after, np.nan if failure is None else failure, out)
        elif strategy == "while on treatment":
            out = _carried(out, after)
        elif strategy == "principal stratum":
            out = np.where(after.any(axis=2, keepdims=True) & (visits > 0), np.nan, out)
        else:  # hypothetical
            out = np.where(after, np.nan, out)
    return out


def _carried(values: Array, after: Array) -> Array:
    """The last value before the event stands for later ones."""
    out = values.copy()
    for v in range(1, values.shape[2]):
        out[:, :, v] = np.where(after[:, :, v], out[:, :, v - 1], out[:, :, v])
    return out
