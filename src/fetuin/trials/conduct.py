"""A trial happens: people enter, live under their arm, are measured, are lost. Many trials at once, [T, n, V].

`live` is the truth (also used for the true estimand); `conduct` is what the trial sees of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fetuin.trials import adherence, recruitment
from fetuin.trials.dropout import leaves
from fetuin.trials.generators import paths
from fetuin.trials.strategies import counted

if TYPE_CHECKING:
    from fetuin.trials.bank import Bank
    from fetuin.trials.streams import Streams
    from fetuin.trials.study import Study

Array = np.ndarray
MONTH, YEAR = 30.4375, 365.25  # days


@dataclass(frozen=True)
class Lived:
    """True values [T, n, V] and the day of each intercurrent event [T, n]; `event` the day of the endpoint event."""

    values: Array
    days: Mapping[str, Array]
    event: Array


@dataclass(frozen=True)
class TrialData:
    """What many trials hold.

    arm [T, n] index of `study.arms`; entry [T, n] months; measured [T, n, V] all that was seen (NaN: not); counted [T, n, V]
    after the estimand's strategies; censored [T, n, V]; left [T, n] first missing visit; time, status [T, n] for events.
    """

    arm: Array
    entry: Array
    measured: Array
    counted: Array
    censored: Array
    left: Array
    days: Mapping[str, Array]
    time: Array
    status: Array
    in_study: Array


def live(study: Study, bank: Bank | None, streams: Streams, arm: Array, null: bool = False) -> Lived:
    """The lives of people in arms `arm` [T, n]; `null`: no arm does anything that the reference does not."""
    c, n, visits = study.conditions, arm.shape[1], np.array(study.visits)
    reference = [a.group for a in study.arms].index(study.reference)
    course = paths(study, bank, streams, np.full_like(arm, reference) if null else arm)
    taken = adherence.share_taken(streams, n, *c.adherence)[:, :, None]
    stop = adherence.onset(streams, "discontinuation", n, adherence.hazard(c.discontinuation, study.plan.follow_up))
    values = course.control + taken * (course.assigned - course.control)
    since = visits[None, None, :] - stop[:, :, None]
    left_over = np.where(since > 0, np.exp(-np.maximum(since, 0.0) / c.washout) if c.washout else 0.0, 1.0)
    values = course.control + left_over * (values - course.control)
    rescue = _rescue(study, streams, course.phosphate, n)
    if np.isfinite(rescue).any():
        values = course.rescued(values, rescue)
    death = adherence.onset(streams, "death", n, c.deaths / 100.0 / YEAR)
    event = _event(streams, c.events / 100.0 / YEAR, course.hazard ** taken[:, :, 0], stop)
    return Lived(values, {"rescue": rescue, "discontinuation": stop, "death": death}, event)


def _event(streams: Streams, rate: float, ratio: Array, stop: Array) -> Array:
    """The day of the endpoint event [T, n]: hazard `rate` [/d] times `ratio` until treatment stops, `rate` from then on."""
    if rate == 0:
        return np.full(ratio.shape, np.inf)
    used = -np.log1p(-streams.uniform("events", ratio.shape[1]))
    treated = rate * ratio * stop
    return np.where(
        used < treated,
        used / (rate * ratio),
        np.where(np.isfinite(stop), stop, 0.0) + np.maximum(used - treated, 0.0) / rate,
    )


def _rescue(study: Study, streams: Streams, phosphate: Array | None, n: int) -> Array:
    """The day on which a rescue binder is started [T, n]: after a visit with a high phosphate, or at a constant hazard."""
    c, visits = study.conditions, np.array(study.visits)
    if c.rescue_rate > 0:
        return adherence.onset(streams, "rescue", n, adherence.hazard(c.rescue_rate, study.plan.follow_up))
    if c.rescue_above == 0 or phosphate is None:
        return np.full((len(streams.trials), n), np.inf)
    from fetuin.trials.endpoints.phosphate import Chemistry

    seen = phosphate * np.exp(Chemistry().cv * streams.normal("rescue", n, len(visits)))
    high = (seen > c.rescue_above) & (visits > 0)
    return np.where(high.any(axis=2), visits[np.argmax(high, axis=2)], np.inf)


def conduct(study: Study, bank: Bank | None, streams: Streams, n: int, null: bool = False) -> TrialData:
    """Trials of `n` people each, as they are seen."""
    p, c, visits = study.plan, study.conditions, np.array(study.visits)
    arm = recruitment.arms(streams, n, [a.share for a in study.arms], p.block)
    entry = recruitment.entry(streams, n, p.per_month, p.ramp)
    lived = live(study, bank, streams, arm, null)
    if study.endpoint.is_time:
        return _events(study, streams, arm, entry, lived)
    seen, censored = lived.values, np.zeros(lived.values.shape, bool)
    if study.endpoint.error is not None:
        assert study.endpoint.kind.measure is not None
        calendar = entry[:, :, None] * MONTH + visits
        found = study.endpoint.kind.measure(lived.values, calendar, streams, study.endpoint.error)
        seen, censored = found.values, found.censored
    gone = visits[None, None, :] > lived.days["death"][:, :, None]
    seen = np.where(gone, np.nan, seen)
    left = leaves(streams, seen, visits, c, 1 if p.direction == "higher" else -1)
    out = np.arange(len(visits))[None, None, :] >= left[:, :, None]
    use = counted(seen, visits, lived.days, study.estimand, study.endpoint.failure)
    composite = study.estimand.strategies["death"] == "composite"
    use = np.where(out & ~(gone if composite else False), np.nan, use)
    last = np.minimum(
        lived.days["death"], np.where(left < len(visits), visits[np.minimum(left, len(visits) - 1)], p.follow_up)
    )
    return TrialData(
        arm, entry, np.where(out, np.nan, seen), use, censored, left, lived.days, np.zeros(arm.shape),
        np.zeros(arm.shape, bool), np.clip(last, 0.0, p.follow_up),
    )  # fmt: skip


def _events(study: Study, streams: Streams, arm: Array, entry: Array, lived: Lived) -> TrialData:
    """Time to event or censoring: everybody is followed until the last one has been in for the follow-up."""
    c, n = study.conditions, arm.shape[1]
    end = (entry[:, -1:] - entry) * MONTH + study.plan.follow_up
    lost = adherence.onset(streams, "dropout", n, adherence.hazard(c.dropout, study.plan.follow_up))
    day = dict(lived.days)
    stop = np.minimum(np.minimum(lost, day["death"]), end)
    time = np.minimum(lived.event, stop)
    status = lived.event <= stop
    for event in ("rescue", "discontinuation"):
        if study.estimand.strategies[event] in ("hypothetical", "while on treatment"):
            status &= time <= day[event]
            time = np.minimum(time, day[event])
        elif study.estimand.strategies[event] == "composite":
            status |= day[event] < time
            time = np.minimum(time, day[event])
    if study.estimand.strategies["death"] == "composite":
        dead = (day["death"] <= np.minimum(lost, end)) & (day["death"] <= lived.event)
        status |= dead
    blank = np.full((*arm.shape, 1), np.nan)
    return TrialData(
        arm,
        entry,
        blank,
        blank,
        np.zeros(blank.shape, bool),
        np.where(lost < end, 0, 1),
        day,
        time,
        status,
        np.minimum(stop, end),
    )
