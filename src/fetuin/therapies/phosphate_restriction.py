"""A diet with less phosphate. The dose is what is left out [mmol/d]; masses are of phosphorus (1 g is 32.3 mmol)."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Therapy


@dataclass(frozen=True)
class PhosphateRestriction:
    """How much of the advice is followed."""

    followed: float = quantity(
        1.0, "1", "convention: the dose is what is really left out", "share of the advice that is followed"
    )


def effects(dose: float, p: PhosphateRestriction) -> Targets:
    """Less phosphate swallowed [mmol/d]."""
    return Targets(phosphate_intake=-p.followed * dose)


THERAPY = Therapy(
    name="phosphate_restriction",
    dose_unit="mmol/d",
    maturity="established",
    parameters=PhosphateRestriction(),
    effects=effects,
    mechanism="less phosphate comes in; additives first, for their phosphate is wholly absorbed",
    harms_modelled=("hypophosphataemia",),
    harms_not_modelled=("malnutrition by loss of protein",),
    usual=10.0,
    units={"g": 32.285, "mg": 0.032285},
    aliases=("low_phosphate_diet",),
)
