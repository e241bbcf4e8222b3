"""The light generator: normal or lognormal values with the means and SDs of each arm and visit, correlated in a person.

A person has one set of scores z; its value under arm a at visit v is mean[a, v] + sd[a, v] (C z)[v], C C' the correlation.
So the two courses of a person differ by the treatment alone. A value below what the endpoint can be (a T50 under 1 min, from
a normal distribution with a wide SD) stands at that limit.
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
    """The courses of people in arms `arm` [T, n]."""
    n, visits = arm.shape[1], np.array(study.visits)
    ratios = np.array([a.hazard_ratio for a in study.arms])
    if study.endpoint.is_time:
        blank = np.zeros((*arm.shape, len(visits)))
        return Paths(blank, blank, lambda y, day: y, None, ratios[arm])
    log = study.patients.distribution == "lognormal"
    mean, sd = (np.array([getattr(a, name) for a in study.arms]) for name in ("mean", "sd"))
    mean = np.log(mean) if log else mean
    z = streams.normal("people", n, len(visits)) @ np.linalg.cholesky(study.patients.correlation).T
    reference = [a.group for a in study.arms].index(study.reference)
    low, high = study.endpoint.kind.limits
    back = np.exp if log else (lambda y: y)
    control, assigned = (np.clip(back(mean[k] + sd[k] * z), low, high) for k in (np.full_like(arm, reference), arm))
    effect = study.conditions.rescue_effect

    def rescued(y: Array, day: Array) -> Array:
        after = visits[None, None, :] > day[:, :, None]
        return np.clip(y * np.where(after, np.exp(effect), 1.0) if log else y + np.where(after, effect, 0.0), low, high)

    return Paths(control, assigned, rescued, assigned if study.endpoint.kind.name == "phosphate" else None, ratios[arm])
