"""Adherence: the share of the dose that each person takes, and when treatment is stopped altogether."""

from __future__ import annotations

import numpy as np

from fetuin.trials.streams import Streams

Array = np.ndarray
NEVER = np.inf


def share_taken(streams: Streams, n: int, mean: float, sd: float) -> Array:
    """Share of the dose [T, n]: normal, cut to 0..1. Without spread nothing is drawn."""
    if sd == 0:
        return np.full((len(streams.trials), n), mean)
    return np.clip(mean + sd * streams.normal("adherence", n), 0.0, 1.0)


def onset(streams: Streams, purpose: str, n: int, per_day: float | Array) -> Array:
    """Day of the first event at a constant hazard [T, n]; NEVER where the hazard is 0."""
    if np.ndim(per_day) == 0 and per_day == 0:
        return np.full((len(streams.trials), n), NEVER)
    with np.errstate(divide="ignore"):
        return -np.log1p(-streams.uniform(purpose, n)) / per_day


def hazard(share: float, days: float) -> float:
    """Hazard per day at which `share` of people have had the event after `days`."""
    return float(-np.log1p(-share) / days)
