"""Ibandronate: an oral or intravenous bisphosphonate, monthly. Milligrams a dose."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.quantities import quantity
from fetuin.therapies.bisphosphonates import to_bone
from fetuin.therapies.contract import Act, Dosing, Therapy


@dataclass(frozen=True)
class Ibandronate:
    """Strength and absorption."""

    strength: float = quantity(
        0.45, "1", "calibrated to CTX -70 % (recalled)",
        "zoledronate of equal effect on osteoclasts, per mg in plasma",
    )  # fmt: skip
    oral: float = quantity(0.006, "1", "assumption: 0.6 %", "share of an oral dose that is absorbed")


def course(dosing: Dosing, p: Ibandronate) -> tuple[Act, ...]:
    """What enters plasma, as zoledronate."""
    return to_bone(dosing, p.strength, p.oral)


THERAPY = Therapy(
    name="ibandronate",
    dose_unit="mg",
    maturity="established",
    parameters=Ibandronate(),
    course=course,
    mechanism="binds bone mineral; osteoclasts that take it up die; what is buried comes back with resorption",
    harms_modelled=("hypocalcaemia", "adynamic bone", "accumulation as filtration is lost"),
    harms_not_modelled=(
        "oesophageal ulcer",
        "jaw necrosis",
        "atypical femoral fracture (see fetuin.therapies.bisphosphonates.atypical_fracture)",
    ),
    interval=30.4375,
    usual=150.0,
    routes={"oral": 0.006, "iv": 1.0},
    caution="suppressing bone takes away its calcium buffer",
)
