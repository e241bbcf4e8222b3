"""Two arms whose mean and SD at follow-up are published: a t-test of follow-up."""

from __future__ import annotations

from fetuin.trials.replication.record import Record, arms_with, control_first, published_effect, sizes
from fetuin.trials.replication.replica import Replica, compare
from fetuin.trials.replication.two_arms import expected, simulate

RANK = 1
KEYS = ("fu", "follow_up", "end")


def applies(record: Record) -> bool:
    """Two arms with a follow-up mean and SD, and numbers of people."""
    arms = arms_with(record, *KEYS)
    return len(arms) >= 2 and bool(sizes(record, control_first(list(arms)))[0])


def replicate(record: Record, n: int, seed: int) -> Replica:
    """Difference of follow-up means."""
    arms = arms_with(record, *KEYS)
    names = control_first(list(arms))[:2]
    people, inputs, assumed = sizes(record, names)
    control, treated = ((*arms[a], k) for a, k in zip(names, people))
    found = expected(treated, control)  # type: ignore[arg-type]
    seen, power, error = simulate(treated, control, n, seed)  # type: ignore[arg-type]
    published = published_effect(record, "diff", "beta", "mean_diff")
    agrees, why = compare(published, found)
    listed = [f"{a} {arms[a][0]:g} ± {arms[a][1]:g}, {k} analysed" for a, k in zip(names, people)]
    return Replica(
        str(record["id"]), str(record.get("ref", "")), "follow_up", f"{names[1]} less {names[0]} at follow-up", str(record.get("unit", "min")),
        (*listed, *inputs), tuple(assumed), published, found, seen, power, error, n, agrees, why,
    )  # fmt: skip
