"""A trial that found no difference and published no effect: what it could have found with its people."""

from __future__ import annotations

import math

from fetuin.trials.replication.record import Record, arm_count, numbers, sizes
from fetuin.trials.replication.replica import Effect, Replica
from fetuin.trials.replication.two_arms import expected, simulate

RANK = 8
SPREADS = {"CAC": (0.45, "1", "log CAC score, SD of change 0.45 (assumption: twice that of volume in CaLIPSO)"),
           "PWV": (2.0, "m/s", "pulse wave velocity, SD at follow-up given baseline 2.0 m/s (assumption)"),
           "T50": (56.0, "min", "T50, SD at follow-up given baseline 56 min (facts: 70 and r 0.6)")}  # fmt: skip


def applies(record: Record) -> bool:
    """No difference, an endpoint whose spread is known, and people."""
    said = str((record.get("effect") or {}).get("result", ""))
    return "no " in said and _spread(record) is not None and bool(sizes(record, ["0", "1"])[0])


def _spread(record: Record) -> tuple[float, str, str] | None:
    words = str(record.get("endpoint", "")).upper()
    return next((v for k, v in SPREADS.items() if k in words), None)


def replicate(record: Record, n: int, seed: int) -> Replica:
    """No effect simulated: the interval such a trial reports, and the effect it would have found in 80 of 100."""
    spread = _spread(record)
    assert spread is not None
    sd, unit, words = spread
    people, inputs, assumed = sizes(record, ["0", "1"])
    if numbers(record.get("n_arm"), 2) or arm_count(record) == 2:
        people = people[:2]
    arms = [(0.0, sd, k) for k in people]
    found = expected(arms[0], arms[1])
    seen, power, error = simulate(arms[0], arms[1], n, seed)
    detectable = (1.959963984540054 + 0.8416212335729143) * sd * math.sqrt(1 / people[0] + 1 / people[1])
    why = f"no effect was published to compare with; with {people[0]} and {people[1]} people a difference of {detectable:.3g}{'' if unit == '1' else ' ' + unit} would have been found in 80 of 100 trials"
    return Replica(str(record["id"]), str(record.get("ref", "")), "no_difference", "difference, if there is none", unit, tuple(inputs), (*assumed, words),
                   Effect(), found, seen, power, error, n, None, why, {"detectable_with_80_percent": detectable})  # fmt: skip
