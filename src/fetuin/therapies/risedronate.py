"""Risedronate: an oral bisphosphonate, weekly. Milligrams a dose."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.quantities import quantity
from fetuin.therapies.bisphosphonates import to_bone
from fetuin.therapies.contract import Act, Dosing, Therapy


@dataclass(frozen=True)
class Risedronate:
    """Strength and absorption."""

    strength: float = quantity(
        0.15, "1", "calibrated to CTX -55 % (recalled)",
        "zoledronate of equal effect on osteoclasts, per mg in plasma",
    )  # fmt: skip
    oral: float = quantity(0.0063, "1", "assumption: 0.6 %", "share of an oral dose that is absorbed")


def course(dosing: Dosing, p: Risedronate) -> tuple[Act, ...]:
    """What enters plasma, as zoledronate."""
    return to_bone(dosing, p.strength, p.oral)


THERAPY = Therapy(
    name="risedronate",
    dose_unit="mg",
    maturity="established",
    parameters=Risedronate(),
    course=course,
    mechanism="binds bone mineral; osteoclasts that take it up die; what is buried comes back with resorption",
    harms_modelled=("hypocalcaemia", "adynamic bone", "accumulation as filtration is lost"),
    harms_not_modelled=(
        "oesophageal ulcer",
        "jaw necrosis",
        "atypical femoral fracture (see fetuin.therapies.bisphosphonates.atypical_fracture)",
    ),
    interval=7.0,
    usual=35.0,
    routes={"oral": 0.0063},
    caution="suppressing bone takes away its calcium buffer",
)
