"""Two arms with events and rates: exponential times, Cox's model."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from fetuin.trials.estimators.contract import Analysed
from fetuin.trials.estimators.cox import estimate
from fetuin.trials.monitoring import half_width
from fetuin.trials.operating_characteristics import share
from fetuin.trials.replication.record import Record, control_first, numbers, published_effect, sizes
from fetuin.trials.replication.replica import Effect, Replica, compare
from fetuin.trials.streams import Streams

RANK = 0
Z = 1.959963984540054
BATCH = 100


def applies(record: Record) -> bool:
    """Events of two arms and their people."""
    found = _events(record)
    return found is not None and min(found[1]) > 0 and bool(sizes(record, found[0])[0])


def _events(record: Record) -> tuple[list[str], list[float]] | None:
    """(arms, events): a list of two, `{arm: events}`, or events within the arms; then the treated arm is first."""
    said = record.get("events")
    if numbers(said, 2):
        return ["0", "1"], [float(v) for v in said]  # type: ignore[union-attr]
    arms = record.get("arms") or {}
    if not isinstance(said, Mapping):
        said = {k: a["events"] for k, a in arms.items() if isinstance(a, Mapping) and isinstance(a.get("events"), int)}
    names = [str(k) for k, v in said.items() if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(names) < 2:
        return None
    pair = control_first(names)[1::-1]
    return pair, [float(said[k]) for k in pair]


def replicate(record: Record, n: int, seed: int) -> Replica:
    """Hazard ratio of the first listed arm to the second, as published."""
    found_events = _events(record)
    assert found_events is not None
    names, events = found_events
    people, inputs, assumed = sizes(record, names)
    d1, d0 = events
    rates, years, assumed = _rates(record, events, people, assumed)
    log_hr, se = math.log(rates[0] / rates[1]), math.sqrt(1 / d1 + 1 / d0)
    found = Effect(
        math.exp(log_hr),
        math.exp(log_hr - Z * se),
        math.exp(log_hr + Z * se),
        math.erfc(abs(log_hr / se) / math.sqrt(2)),
    )
    seen, power, error = _simulate(rates, years, people, n, seed)
    published = published_effect(record, "hr")
    agrees, why = compare(published, found)
    return Replica(
        str(record["id"]), str(record.get("ref", "")), "hazard", "hazard ratio of the first arm to the second", "1",
        (f"events {d1:.0f} and {d0:.0f}", f"rates {100 * rates[0]:.3g} and {100 * rates[1]:.3g} per 100 patient-years", *inputs), tuple(assumed),
        published, found, seen, power, error, n, agrees, why, {"se_log_hr": se},
    )  # fmt: skip


def _rates(
    record: Record, events: list[float], people: list[int], assumed: list[str]
) -> tuple[list[float], list[float], list[str]]:
    """Events a year in each arm, and the years that each was watched so that its events are seen."""
    if numbers(record.get("rate_per_100py"), 2):
        rates = [float(v) / 100 for v in record["rate_per_100py"]]
        years = [-math.log1p(-d / k) / r for d, k, r in zip(events, people, rates)]
        return rates, years, [*assumed, "everybody watched as long as the published events and rates say"]
    span = float(record.get("median_fu_y") or 1.0)
    rates = [-math.log1p(-d / k) / span for d, k in zip(events, people)]
    return rates, [span, span], [*assumed, f"everybody watched for {span:g} years"]


def _simulate(
    rates: list[float], years: list[float], people: list[int], n: int, seed: int
) -> tuple[Effect, float, float]:
    group = np.repeat([1, 0], people)
    rate, end = np.repeat(rates, people), np.repeat(years, people)
    rows, ps = [], []
    for a in range(0, n, BATCH):
        time = -np.log1p(-Streams(seed, tuple(range(a, min(a + BATCH, n)))).uniform("events", len(group))) / rate
        blank = np.zeros(time.shape)
        e = estimate(
            Analysed(
                np.broadcast_to(group, time.shape), blank, blank, blank[:, :, None], np.minimum(time, end), time <= end
            )
        )
        half = half_width(e, 0.95)
        rows.append(np.stack([e.estimate, e.estimate - half, e.estimate + half]))
        ps.append(np.array([math.erfc(abs(z) / math.sqrt(2)) for z in e.estimate / e.se]))
    three, p = np.exp(np.nanmean(np.concatenate(rows, axis=1), axis=1)), np.concatenate(ps)
    power, error = share(p < 0.05)
    return Effect(float(three[0]), float(three[1]), float(three[2]), float(np.median(p))), power, error
