"""Alendronate: an oral bisphosphonate, weekly. Milligrams a dose."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.quantities import quantity
from fetuin.therapies.bisphosphonates import to_bone
from fetuin.therapies.contract import Act, Dosing, Therapy


@dataclass(frozen=True)
class Alendronate:
    """Strength and absorption."""

    strength: float = quantity(
        0.22, "1", "calibrated to CTX -70 % (recalled) and Leere 2017: calcium -0.07 mmol/L in hyperparathyroidism",
        "zoledronate of equal effect on osteoclasts, per mg in plasma",
    )  # fmt: skip
    oral: float = quantity(0.0064, "1", "facts C1: 0.64-0.75 %", "share of an oral dose that is absorbed")


def course(dosing: Dosing, p: Alendronate) -> tuple[Act, ...]:
    """What enters plasma, as zoledronate."""
    return to_bone(dosing, p.strength, p.oral)


THERAPY = Therapy(
    name="alendronate",
    dose_unit="mg",
    maturity="established",
    parameters=Alendronate(),
    course=course,
    mechanism="binds bone mineral; osteoclasts that take it up die; what is buried comes back with resorption",
    harms_modelled=("hypocalcaemia", "adynamic bone", "accumulation as filtration is lost"),
    harms_not_modelled=(
        "oesophageal ulcer",
        "jaw necrosis",
        "atypical femoral fracture (see fetuin.therapies.bisphosphonates.atypical_fracture)",
    ),
    interval=7.0,
    usual=70.0,
    routes={"oral": 0.0064, "iv": 1.0},
    caution="suppressing bone takes away its calcium buffer",
)
