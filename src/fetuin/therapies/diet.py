"""The diet: what is eaten of calcium, phosphate and magnesium, and the vitamin D of food and sun."""

from __future__ import annotations

import math
from collections.abc import Mapping

from fetuin.errors import InputError
from fetuin.therapies.contract import Act

POSSIBLE = {"calcium": (0.0, 150.0), "phosphate": (0.0, 200.0), "magnesium": (0.0, 60.0), "vitamin_d": (0.0, 5.0)}


def diet(eaten: Mapping[str, float], start: float = 0.0, duration: float = math.inf) -> Act:
    """A diet [mmol/d; vitamin_d: supply relative to usual]. Impossible diets are refused with the reason."""
    for name, value in eaten.items():
        if name not in POSSIBLE:
            raise InputError(f"a diet has no '{name}'.", fix=f"one of {', '.join(POSSIBLE)}")
        low, high = POSSIBLE[name]
        if not low <= value * min(duration, 1.0) <= high:  # a meal is a high rate for a short time
            raise InputError(f"a diet with {value:g} of {name} is impossible.", why=f"possible: {low:g} to {high:g}",
                             fix="mmol/d; 1 g of calcium is 25 mmol, 1 g of phosphorus 32 mmol")  # fmt: skip
    return Act(inputs={f"diet.{k}": float(v) for k, v in eaten.items()}, start=start, duration=duration, name="diet")
