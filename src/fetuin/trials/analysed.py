"""From what trials saw to what is analysed: averages over the endpoint's days, on the estimand's scale."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from fetuin.trials.estimators import Analysed

if TYPE_CHECKING:
    from fetuin.trials.conduct import TrialData
    from fetuin.trials.study import Study

Array = np.ndarray
SCALES: dict[str, Callable[[Array], Array]] = {
    "identity": lambda y: y,
    "log": np.log,
    "sqrt": np.sqrt,
    "hazard": lambda y: y,
}


def scaled(study: Study, y: Array) -> Array:
    """Values on the analysed scale; what has no logarithm or root is NaN."""
    with np.errstate(invalid="ignore", divide="ignore"):
        out = SCALES[study.estimand.scale](y + study.endpoint.offset)
    return np.where(np.isfinite(out), out, np.nan)


def outcome(study: Study, values: Array) -> Array:
    """The mean over the follow-up days [T, n], scaled."""
    return scaled(study, _mean(values, [study.column(d) for d in study.endpoint.follow_up]))


def baseline(study: Study, values: Array) -> Array:
    """The mean over the baseline days [T, n], scaled."""
    return scaled(study, _mean(values, [study.column(d) for d in study.endpoint.baseline]))


def _mean(values: Array, columns: list[int]) -> Array:
    """Mean of what is there."""
    part = values[:, :, columns]
    n = np.isfinite(part).sum(axis=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(n > 0, np.nansum(part, axis=2) / n, np.nan)


def prepare(study: Study, data: TrialData) -> Analysed:
    """The trials ready for an estimator."""
    groups = np.array([1 if a.group == study.compared else 0 if a.group == study.reference else -1 for a in study.arms])
    treated = groups[data.arm]
    if study.endpoint.is_time:
        blank = np.full(data.arm.shape, np.nan)
        return Analysed(treated, blank, blank, blank[:, :, None], data.time, data.status)
    late = [v for v, d in enumerate(study.visits) if 0 < d <= max(study.endpoint.follow_up)]
    return Analysed(
        treated, baseline(study, data.measured), outcome(study, data.counted), scaled(study, data.counted[:, :, late]),
        data.time, data.status,
    )  # fmt: skip
