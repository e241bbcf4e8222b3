"""Pamidronate: an intravenous bisphosphonate. Milligrams a dose."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.quantities import quantity
from fetuin.therapies.bisphosphonates import Drug, given
from fetuin.therapies.contract import Act, Dosing, Therapy


@dataclass(frozen=True)
class Pamidronate:
    """Strength on osteoclasts, affinity to mineral, absorption."""

    strength: float = quantity(
        0.05, "1", "assumption: 90 mg act like 4 mg of zoledronate",
        "zoledronate of equal effect on osteoclasts, per mg in plasma",
    )  # fmt: skip
    affinity: float = quantity(
        2.5, "L/umol", "assumption: not in the set of Nancollas 2006", "Langmuir constant on apatite"
    )
    molar_mass: float = quantity(235.1, "g/mol", "chemical formula", "molar mass of the acid")
    clearance: float = quantity(
        7.0, "L/h", "assumption: kidney and bone together; gives the index of facts C", "clearance from plasma"
    )


def course(dosing: Dosing, p: Pamidronate) -> tuple[Act, ...]:
    """To bone, where it lasts, and to crystals."""
    return given(dosing, Drug(p.strength, p.affinity, p.molar_mass, p.clearance, None))


THERAPY = Therapy(
    name="pamidronate",
    dose_unit="mg",
    maturity="established",
    parameters=Pamidronate(),
    course=course,
    mechanism="binds bone mineral; osteoclasts that take it up die; what is buried comes back with resorption",
    harms_modelled=("hypocalcaemia", "adynamic bone", "atypical femoral fracture (hazard by years)"),
    harms_not_modelled=("jaw necrosis", "flu-like reaction"),
    interval=91.3125,
    usual=60.0,
    routes={"iv": 1.0},
    caution="suppressing bone takes away its calcium buffer; deposits in soft tissue are hardly reached",
    aliases=("pamidronic_acid",),
)
