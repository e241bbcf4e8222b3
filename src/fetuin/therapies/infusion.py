"""Infusions of calcium, phosphate or magnesium into plasma: a flux for as long as it runs. `kind` names the mineral."""

from __future__ import annotations

import math

from fetuin.errors import InputError
from fetuin.physiology.targets import Targets
from fetuin.therapies.contract import Act

KINDS = ("calcium", "phosphate", "magnesium")


def infusion(
    kind: str, rate: float, start: float, duration: float, every: float | None = None, until: float = math.inf
) -> Act:
    """An infusion at `rate` [mmol/d] from `start` for `duration` [d]."""
    if kind not in KINDS:
        raise InputError(f"no infusion of '{kind}' is known.", fix=f"one of {', '.join(KINDS)}")
    if not 0 <= rate < 5000:
        raise InputError(f"an infusion of {rate:g} mmol/d of {kind} is not possible.", fix="0 to 5000 mmol/d")
    return Act(Targets(**{f"{kind}_infusion": rate}), {}, start, duration, every, until, f"{kind} infusion")
