"""A change within people, of one arm or of a crossover: its SD from baseline and follow-up, or from variation within people."""

from __future__ import annotations

import math

from fetuin.trials.replication.assumed import ASSUMED
from fetuin.trials.replication.record import Record, arms_with, published_effect, sizes
from fetuin.trials.replication.replica import Replica, compare
from fetuin.trials.replication.two_arms import one_sample, simulate_one

RANK = 4


KEYS = ("within_arm_change", "within_change")


def applies(record: Record) -> bool:
    """A change within an arm, and numbers of people."""
    said = record.get("effect") or {}
    return any(isinstance(said.get(k), int | float) for k in KEYS) and bool(_people(record)[0])


def _people(record: Record) -> tuple[list[int], list[str], list[str]]:
    names = list(record.get("arms") or {})[:1] or ["all"]
    if "crossover" in str(record.get("design", "")):
        for key in ("n_per_protocol", "n_completed", "n_analysed", "n_randomised"):
            if isinstance(record.get(key), int):
                return [int(record[key])], [f"{key} {record[key]}, everybody under both treatments"], []
    return sizes(record, names)


def replicate(record: Record, n: int, seed: int) -> Replica:
    """Mean change within people."""
    people, inputs, assumed = _people(record)
    published = published_effect(record, *KEYS)
    assert published.effect is not None
    base, late = arms_with(record, "base"), arms_with(record, "fu", "follow_up", "end")
    arm = next((a for a in base if a in late), None)
    if arm is not None:
        a, b = base[arm][1], late[arm][1]
        sd = math.sqrt(a * a + b * b - 2 * ASSUMED.correlation * a * b)
        mean = late[arm][0] - base[arm][0]
        inputs = [f"{arm} {base[arm][0]:g} ± {a:g} to {late[arm][0]:g} ± {b:g}, {people[0]} people", *inputs]
        assumed = [*assumed, f"correlation of visits {ASSUMED.correlation:g} (0.42 to 0.72)"]
    else:
        sd, mean = ASSUMED.t50_within * math.sqrt(2.0), published.effect
        inputs = [f"published change {mean:g}: the mean is an input here, its interval is predicted", *inputs]
        assumed = [*assumed, f"SD within a person {ASSUMED.t50_within:g} min (33 to 49)"]
    found = one_sample(mean, sd, people[0])
    seen, power, error = simulate_one(mean, sd, people[0], n, seed)
    agrees, why = compare(published, found)
    if arm is None and published.low is None:
        agrees, why = None, "the facts hold no interval; what would be seen with the assumed variation stands here"
    return Replica(
        str(record["id"]), str(record.get("ref", "")), "within", "change within people", str(record.get("unit", "min")), tuple(inputs),
        tuple(assumed), published, found, seen, power, error, n, agrees, why,
    )  # fmt: skip
