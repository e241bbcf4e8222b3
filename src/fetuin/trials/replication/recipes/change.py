"""Two arms whose mean change and its SD are published: a t-test of changes."""

from __future__ import annotations

from fetuin.trials.replication.record import Record, arms_with, control_first, published_effect, sizes
from fetuin.trials.replication.replica import Replica, compare
from fetuin.trials.replication.two_arms import expected, simulate

RANK = 2
KEYS = ("change", "delta")


def applies(record: Record) -> bool:
    """Two arms with a change and its SD, and numbers of people."""
    arms = arms_with(record, *KEYS)
    return len(arms) >= 2 and bool(sizes(record, control_first(list(arms)))[0])


def replicate(record: Record, n: int, seed: int) -> Replica:
    """Difference of mean changes."""
    arms = arms_with(record, *KEYS)
    names = control_first(list(arms))[:2]
    listed = list(record["arms"])
    order = [names.index(a) for a in listed if a in names]
    people, inputs, assumed = sizes(record, [a for a in listed if a in names])
    by_name = {names[o]: k for o, k in zip(order, people)}
    control, treated = ((*arms[a], by_name[a]) for a in names)
    found = expected(treated, control)  # type: ignore[arg-type]
    seen, power, error = simulate(treated, control, n, seed)  # type: ignore[arg-type]
    published = published_effect(record, "diff", "beta", "mean_diff")
    agrees, why = compare(published, found)
    if "beta" in (record.get("effect") or {}):
        why += "; the published figure is adjusted for baseline, this one is not"
    words = [f"{a} {arms[a][0]:g} ± {arms[a][1]:g}, {by_name[a]} analysed" for a in names]
    return Replica(
        str(record["id"]), str(record.get("ref", "")), "change", f"change, {names[1]} less {names[0]}", str(record.get("unit", "min")),
        (*words, *inputs), tuple(assumed), published, found, seen, power, error, n, agrees, why,
    )  # fmt: skip
