"""Two arms whose mean per cent growth and its interval are published: a comparison on the log scale."""

from __future__ import annotations

import math
from collections.abc import Mapping

from fetuin.trials.replication.record import Record, control_first, numbers, published_effect, sizes
from fetuin.trials.replication.replica import Effect, Replica, compare
from fetuin.trials.replication.two_arms import simulate

RANK = 3
Z = 1.959963984540054


def _arms(record: Record) -> dict[str, tuple[float, float]]:
    """{arm: (log growth, its standard error)}."""
    found = {}
    for name, arm in (record.get("arms") or {}).items():
        if (
            isinstance(arm, Mapping)
            and isinstance(arm.get("mean_pct"), int | float)
            and numbers(arm.get("ci"), 2)
            and min(arm["mean_pct"], *arm["ci"]) > -100
        ):
            low, high = (math.log1p(v / 100) for v in arm["ci"])
            found[str(name)] = (math.log1p(arm["mean_pct"] / 100), (high - low) / (2 * Z))
    return found


def applies(record: Record) -> bool:
    """Two arms with growth and interval, and numbers of people."""
    arms = _arms(record)
    return (
        len(arms) >= 2 and bool(sizes(record, control_first(list(arms)))[0]) and min(se for _, se in arms.values()) > 0
    )


def replicate(record: Record, n: int, seed: int) -> Replica:
    """Ratio of growths, as a difference of logarithms; z from the two published intervals."""
    arms = _arms(record)
    names = control_first(list(arms))[:2]
    people, inputs, assumed = sizes(record, names)
    (m0, se0), (m1, se1) = arms[names[0]], arms[names[1]]
    difference, se = m1 - m0, math.hypot(se0, se1)
    z = difference / se
    p = math.erfc(abs(z) / math.sqrt(2))
    found = Effect(difference, difference - Z * se, difference + Z * se, p)
    treated, control = ((m, s * math.sqrt(k), k) for (m, s), k in zip(((m1, se1), (m0, se0)), reversed(people[:2])))
    seen, power, error = simulate(treated, control, n, seed)
    published = published_effect(record, "log_diff", "diff")
    agrees, why = compare(published, found)
    listed = [
        f"{a} {record['arms'][a]['mean_pct']:g} % ({record['arms'][a]['ci'][0]:g} to {record['arms'][a]['ci'][1]:g})"
        for a in names
    ]
    return Replica(
        str(record["id"]), str(record.get("ref", "")), "growth", f"log growth, {names[1]} less {names[0]}", "1", (*listed, *inputs),
        (*assumed, "the published intervals are normal on the log scale"), published, found, seen, power, error, n, agrees, why,
        {"z": abs(z), "ratio_of_growth": math.exp(difference)},
    )  # fmt: skip
