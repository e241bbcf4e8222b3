"""What each look sees: people who entered first, all followed to their end; or, for events, the calendar until enough happened.

Information is people for measured values and events for times to event. At a look of a trial with events, everybody who has
entered is followed to that date; people who have not entered do not count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from fetuin.trials.conduct import MONTH

if TYPE_CHECKING:
    from fetuin.trials.conduct import TrialData
    from fetuin.trials.estimators import Analysed
    from fetuin.trials.study import Study

Array = np.ndarray


@dataclass(frozen=True)
class Look:
    """The data of a look; `end` [T] its date in months from the start; `seen` [T] people analysed."""

    data: Analysed
    end: Array
    seen: Array


def looks(study: Study, data: TrialData, ready: Analysed) -> list[Look]:
    """One a fraction of `interim.looks`."""
    fractions = study.plan.interim.looks
    return [
        _of_events(data, ready, t) if study.endpoint.is_time else _of_people(study, data, ready, t) for t in fractions
    ]


def _of_people(study: Study, data: TrialData, ready: Analysed, fraction: float) -> Look:
    n = int(np.ceil(fraction * data.arm.shape[1] - 1e-9))
    return Look(ready.first(n), data.entry[:, n - 1] + study.plan.follow_up / MONTH, np.full(len(data.entry), n))


def _of_events(data: TrialData, ready: Analysed, fraction: float) -> Look:
    happened = np.where(data.status & (ready.treated >= 0), data.entry + data.time / MONTH, np.inf)
    total = np.isfinite(happened).sum(axis=1)
    last = (data.entry + data.in_study / MONTH).max(axis=1)
    if fraction >= 1.0:
        end = last
    else:
        place = np.maximum(np.ceil(fraction * total - 1e-9).astype(int) - 1, 0)
        when = np.take_along_axis(np.sort(happened, axis=1), place[:, None], axis=1)[:, 0]
        end = np.where(total > 0, np.minimum(when, last), last)
    watched = np.maximum(end[:, None] - data.entry, 0.0) * MONTH
    entered = data.entry <= end[:, None]
    cut = replace(
        ready,
        treated=np.where(entered, ready.treated, -1),
        time=np.minimum(ready.time, watched),
        status=ready.status & (ready.time <= watched + 1e-9),
    )
    return Look(cut, end, entered.sum(axis=1))
