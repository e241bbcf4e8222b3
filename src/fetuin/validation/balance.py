"""Does the body lose or make minerals? The balance of calcium, phosphate and magnesium over any trajectory."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from fetuin.chemistry import crystal
from fetuin.engine.schedule import Schedule
from fetuin.physiology.deposit_site import sites
from fetuin.physiology.model import body_model

POOLS = {
    "calcium": {"gut_calcium": 1, "calcium": 1, "surface": 1, "trabecular": 1, "cortical": 1},
    "phosphate": {"gut_phosphate": 1, "phosphate": 1, "cell_phosphate": 1},
    "magnesium": {"gut_magnesium": 1, "magnesium": 1, "cell_magnesium": 1},
}
BONE = ("surface", "trabecular", "cortical")
OUT = ("faeces", "urine", "dialysate")


def stocks(states: Mapping[str, float], mineral: str, surface_ratio: float) -> float:
    """What the body holds of a mineral, plus what has left it, less what has entered [mmol]. It never changes."""
    held = sum(w * states[s] for s, w in POOLS[mineral].items())
    if mineral != "magnesium":
        ratios = {"_amorphous": crystal.AMORPHOUS_RATIO, "_apatite": crystal.APATITE_RATIO}
        for site in sites():
            for phase, ratio in ratios.items():
                held += states[site + phase] / (ratio if mineral == "phosphate" else 1.0)
    if mineral == "phosphate":
        held += surface_ratio * sum(states[s] for s in BONE)
    return held + sum(states[f"{mineral}_{w}"] for w in OUT) - states[f"{mineral}_in"]


def closure(schedule: Schedule, parameters: Mapping[str, float] | None = None, rtol: float = 1e-6) -> dict[str, float]:
    """{mineral: gap of the balance at the end relative to its throughput} over a schedule."""
    from fetuin.engine.solve import integrate

    model = body_model()
    p = {**model.parameters, **(parameters or {})}
    found = integrate(model, schedule, [0.0, schedule.duration], p, rtol=rtol)
    first, last = (dict(zip(model.state_names, row, strict=True)) for row in np.asarray(found.states[0]))
    ratio = p["bone.surface_ratio"]
    return {
        m: abs(stocks(last, m, ratio) - stocks(first, m, ratio)) / max(abs(last[f"{m}_in"] - first[f"{m}_in"]), 1.0)
        for m in POOLS
    }  # fmt: skip
