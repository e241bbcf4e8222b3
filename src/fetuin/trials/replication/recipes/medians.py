"""Arms with median and quartiles, or medians alone, of people under each treatment (crossover) or in each arm."""

from __future__ import annotations

import math
from collections.abc import Mapping

from fetuin.trials.replication.assumed import ASSUMED
from fetuin.trials.replication.record import Record, arms_with, control_first, published_effect, sizes
from fetuin.trials.replication.replica import Effect, Replica, compare
from fetuin.trials.replication.two_arms import expected, one_sample, simulate, simulate_one

RANK = 5
IQR = 1.3489795003921634  # interquartile range of a normal distribution, in SDs


def applies(record: Record) -> bool:
    """Two arms with quartiles, or the medians of per cent growth of two arms."""
    quartiles = arms_with(record, *_keys(record), length=3) or _plain(record)
    return (len(quartiles) >= 2 and bool(_people(record))) or (
        len(_growth(record)) == 2 and bool(sizes(record, list(_growth(record)))[0])
    )


def _keys(record: Record) -> tuple[str, ...]:
    return ("median_iqr", "median", "fu", "change")


def _plain(record: Record) -> dict[str, list[float]]:
    """Arms given as [median, lower quartile, upper quartile] at once."""
    return {
        str(k): [float(x) for x in v]
        for k, v in (record.get("arms") or {}).items()
        if isinstance(v, list) and len(v) == 3
    }


def _people(record: Record) -> int:
    return next(
        (
            int(record[k])
            for k in ("n_completed", "n_analysed", "n_per_protocol", "n_randomised")
            if isinstance(record.get(k), int)
        ),
        0,
    )


def _growth(record: Record) -> dict[str, float]:
    """{arm: growth, %}, control first: from keys such as calcium_median_pct, or from arms that say a per cent alone."""
    arms = record.get("arms")
    found: dict[str, float] = {}
    for name, value in arms.items() if isinstance(arms, Mapping) else ():
        if str(name).endswith("_median_pct") and isinstance(value, int | float):
            found[str(name).removesuffix("_median_pct")] = float(value)
        elif isinstance(value, Mapping):
            said = [float(value[k]) for k in ("median_pct", "mean_pct", "pct") if isinstance(value.get(k), int | float)]
            found |= {str(name): said[0]} if said else {}
    found = {k: v for k, v in found.items() if v > -100}
    return {k: found[k] for k in control_first(list(found))[:2]} if len(found) >= 2 else {}


def replicate(record: Record, n: int, seed: int) -> Replica:
    """Difference of medians, with the spread that the quartiles, or an assumption, give."""
    quartiles = arms_with(record, *_keys(record), length=3) or _plain(record)
    if len(quartiles) >= 2:
        return _of_quartiles(record, quartiles, n, seed)
    growth = _growth(record)
    names = list(growth)
    people, inputs, assumed = sizes(record, names)
    control, treated = ((math.log1p(growth[a] / 100), ASSUMED.log_score_change, k) for a, k in zip(names, people))
    found = expected(treated, control)
    seen, power, error = simulate(treated, control, n, seed)
    return _done(record, f"log growth, {names[1]} less {names[0]}", "1", [f"{a} median {growth[a]:g} %" for a in names] + inputs,
                 [*assumed, f"SD of the change of log score {ASSUMED.log_score_change:g}: no spread is in the facts"], found, seen, power, error, n)  # fmt: skip


def _of_quartiles(record: Record, arms: dict[str, list[float]], n: int, seed: int) -> Replica:
    names, k = list(arms)[:2], _people(record)
    m, sd = zip(*((arms[a][0], (arms[a][2] - arms[a][1]) / IQR) for a in names))
    if "crossover" in str(record.get("design", "")):
        spread = math.sqrt(sd[0] ** 2 + sd[1] ** 2 - 2 * ASSUMED.correlation * sd[0] * sd[1])
        found = one_sample(m[0] - m[1], spread, k)
        seen, power, error = simulate_one(m[0] - m[1], spread, k, n, seed)
        assumed = [f"normal values; correlation within a person {ASSUMED.correlation:g} (0.42 to 0.72)"]
    else:
        first, second = (m[0], sd[0], k // 2), (m[1], sd[1], k - k // 2)
        found = expected(first, second)
        seen, power, error = simulate(first, second, n, seed)
        assumed = ["normal values; arms of equal size"]
    listed = [f"{a} {arms[a][0]:g} [{arms[a][1]:g} to {arms[a][2]:g}]" for a in names]
    return _done(
        record, f"{names[0]} less {names[1]}", "min", [*listed, f"{k} people"], assumed, found, seen, power, error, n
    )


def _done(
    record: Record,
    measure: str,
    unit: str,
    inputs: list[str],
    assumed: list[str],
    found: Effect,
    seen: Effect,
    power: float,
    error: float,
    n: int,
) -> Replica:
    published = published_effect(record, "diff")
    agrees, why = compare(published, found)
    return Replica(
        str(record["id"]),
        str(record.get("ref", "")),
        "medians",
        measure,
        unit,
        tuple(inputs),
        tuple(assumed),
        published,
        found,
        seen,
        power,
        error,
        n,
        agrees,
        why,
    )
