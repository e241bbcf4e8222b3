"""Zoledronate: an intravenous bisphosphonate, once a year or less. Milligrams a dose."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.quantities import quantity
from fetuin.therapies.bisphosphonates import to_bone
from fetuin.therapies.contract import Act, Dosing, Therapy


@dataclass(frozen=True)
class Zoledronate:
    """Strength and absorption."""

    strength: float = quantity(
        1.0, "1", "the reference",
        "zoledronate of equal effect on osteoclasts, per mg in plasma",
    )  # fmt: skip


def course(dosing: Dosing, p: Zoledronate) -> tuple[Act, ...]:
    """What enters plasma, as zoledronate."""
    return to_bone(dosing, p.strength, None)


THERAPY = Therapy(
    name="zoledronate",
    dose_unit="mg",
    maturity="established",
    parameters=Zoledronate(),
    course=course,
    mechanism="binds bone mineral; osteoclasts that take it up die; what is buried comes back with resorption",
    harms_modelled=(
        "hypocalcaemia",
        "adynamic bone",
        "accumulation as filtration is lost",
        "less is excreted below 35 mL/min",
    ),
    harms_not_modelled=(
        "jaw necrosis",
        "atypical femoral fracture (see fetuin.therapies.bisphosphonates.atypical_fracture)",
        "flu-like reaction",
    ),
    interval=365.25,
    usual=5.0,
    routes={"iv": 1.0},
    caution="not below a clearance of 35 mL/min; suppressing bone takes away its calcium buffer",
)
