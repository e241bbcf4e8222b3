"""Two arms whose mean per cent growth and its interval are published: a comparison on the log scale."""

from __future__ import annotations

import math
from collections.abc import Mapping

from fetuin.trials.replication.record import Record, control_first, numbers, published_effect, sizes
from fetuin.trials.replication.replica import Effect, Replica, compare
from fetuin.trials.replication.two_arms import simulate

RANK = 3
Z = 1.959963984540054
IQR = 1.3489795003921634  # interquartile range of a normal distribution, in SDs
VALUES = ("mean_pct", "median_pct", "pct")


def _arms(record: Record) -> dict[str, tuple[float, float]]:
    """{arm: (log growth, its standard error)}, from a confidence interval or, with the arm's size, from quartiles."""
    found = {}
    for name, arm in (record.get("arms") or {}).items():
        if not isinstance(arm, Mapping):
            continue
        said = [float(arm[k]) for k in VALUES if isinstance(arm.get(k), int | float)]
        spans = [(arm[k], k) for k in ("ci", "iqr") if numbers(arm.get(k), 2)]
        if not said or not spans or min(said[0], *spans[0][0]) <= -100:
            continue
        low, high = (math.log1p(v / 100) for v in spans[0][0])
        people, _, _ = sizes(record, [str(name)])
        width = 2 * Z if spans[0][1] == "ci" else IQR * math.sqrt(people[0] if people else 1)
        found[str(name)] = (math.log1p(said[0] / 100), (high - low) / width)
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
    listed = [f"{a} {100 * math.expm1(arms[a][0]):.3g} % (SE of its logarithm {arms[a][1]:.3g})" for a in names]
    return Replica(
        str(record["id"]), str(record.get("ref", "")), "growth", f"log growth, {names[1]} less {names[0]}", "1", (*listed, *inputs),
        (*assumed, "the published intervals are normal on the log scale"), published, found, seen, power, error, n, agrees, why,
        {"z": abs(z), "ratio_of_growth": math.exp(difference)},
    )  # fmt: skip
