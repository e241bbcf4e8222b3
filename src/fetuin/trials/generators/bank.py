"""People drawn, with replacement, from a bank of virtual patients, each simulated under every arm.

The bank stands for its population: a trial is a bootstrap sample of it, so the true estimand is the bank's own mean of
paired differences, and a large trial does not exhaust it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fetuin.trials.generators.contract import Paths

if TYPE_CHECKING:
    from fetuin.trials.bank import Bank
    from fetuin.trials.streams import Streams
    from fetuin.trials.study import Study

Array = np.ndarray


def paths(study: Study, bank: Bank | None, streams: Streams, arm: Array) -> Paths:
    """The courses of people in arms `arm` [T, n]: interpolated between the bank's days; before day 0 as on day 0."""
    assert bank is not None
    who = streams.whole("people", bank.people, arm.shape[1])
    reading, arms = study.endpoint.kind.reading, len(study.arms)
    reference = [a.group for a in study.arms].index(study.reference)
    at = np.maximum(np.array(study.visits), 0.0)
    control = bank.at(reading, who, np.full_like(arm, reference), at)
    assigned = bank.at(reading, who, arm, at)

    def rescued(y: Array, day: Array) -> Array:
        """What rescue adds to this person so many days after its start, added to the course."""
        lag = np.maximum(at[None, None, :] - np.where(np.isfinite(day), day, np.inf)[:, :, None], 0.0)
        return y + bank.lagged(reading, who, arm + arms, lag) - bank.lagged(reading, who, arm, lag)

    lower = (bank.at("t50", who, arm, at[-1:]) - bank.at("t50", who, np.full_like(arm, reference), at[-1:]))[:, :, 0]
    own = np.array([a.hazard_ratio for a in study.arms])[arm]
    hazard = own * study.patients.hr_per_sd ** (-lower / study.patients.hr_sd)
    return Paths(control, assigned, rescued, bank.at("phosphate", who, arm, at), hazard)
