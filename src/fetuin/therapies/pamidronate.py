"""Pamidronate: an intravenous bisphosphonate. Milligrams a dose."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.quantities import quantity
from fetuin.therapies.bisphosphonates import to_bone
from fetuin.therapies.contract import Act, Dosing, Therapy


@dataclass(frozen=True)
class Pamidronate:
    """Strength and absorption."""

    strength: float = quantity(
        0.05, "1", "assumption: 90 mg act like 4 mg of zoledronate",
        "zoledronate of equal effect on osteoclasts, per mg in plasma",
    )  # fmt: skip


def course(dosing: Dosing, p: Pamidronate) -> tuple[Act, ...]:
    """What enters plasma, as zoledronate."""
    return to_bone(dosing, p.strength, None)


THERAPY = Therapy(
    name="pamidronate",
    dose_unit="mg",
    maturity="established",
    parameters=Pamidronate(),
    course=course,
    mechanism="binds bone mineral; osteoclasts that take it up die; what is buried comes back with resorption",
    harms_modelled=("hypocalcaemia", "adynamic bone", "accumulation as filtration is lost"),
    harms_not_modelled=(
        "jaw necrosis",
        "atypical femoral fracture (see fetuin.therapies.bisphosphonates.atypical_fracture)",
        "flu-like reaction",
    ),
    interval=91.3125,
    usual=60.0,
    routes={"iv": 1.0},
    caution="suppressing bone takes away its calcium buffer",
)
