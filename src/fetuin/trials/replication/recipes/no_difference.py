"""A trial that found no difference and published no effect: what it could have found with its people."""

from __future__ import annotations

import math

from fetuin.trials.replication.assumed import ASSUMED
from fetuin.trials.replication.record import Record, arm_count, numbers, sizes
from fetuin.trials.replication.replica import Effect, Replica
from fetuin.trials.replication.two_arms import expected, simulate

RANK = 8
SPREADS = {
    "CAC": (ASSUMED.log_score_change, "1", f"SD of the change of log CAC score {ASSUMED.log_score_change:g}"),
    "PWV": (
        ASSUMED.pwv_given_baseline,
        "m/s",
        f"SD of pulse wave velocity given baseline {ASSUMED.pwv_given_baseline:g} m/s",
    ),
    "T50": (ASSUMED.t50_given_baseline, "min", f"SD of T50 given baseline {ASSUMED.t50_given_baseline:g} min"),
}


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
