"""Burosumab: an antibody against FGF23, for hypophosphataemia by its excess. Milligrams every four weeks."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Act, Dosing, Therapy
from fetuin.therapies.kinetics import acts, levels


@dataclass(frozen=True)
class Burosumab:
    """Kinetics and potency."""

    half_life: float = quantity(19.0, "d", "assumption: an antibody of three weeks", "half-life", (14.0, 22.0))
    absorption: float = quantity(3.0, "d", "assumption: highest after a week", "half-life of absorption", (1.0, 5.0))
    half: float = quantity(
        0.35, "mg/d", "assumption: 1 mg/kg every four weeks normalises phosphate in adults", "dose rate that leaves half of FGF23",
        (0.1, 1.0),
    )  # fmt: skip


def course(dosing: Dosing, p: Burosumab) -> tuple[Act, ...]:
    """FGF23 that is left to act."""
    return acts(levels(dosing, p.half_life, p.absorption), lambda mg: Targets(fgf23_action=1.0 / (1.0 + mg / p.half)))


THERAPY = Therapy(
    name="burosumab",
    dose_unit="mg",
    maturity="established",
    parameters=Burosumab(),
    course=course,
    mechanism="takes FGF23 away: the kidney keeps phosphate and makes calcitriol",
    harms_modelled=("hyperphosphataemia", "hypercalciuria"),
    harms_not_modelled=("reaction at the injection",),
    interval=28.0,
    usual=70.0,
    routes={"sc": 1.0},
    caution="not where phosphate or FGF23 of kidney failure is high: it would feed deposits",
)
