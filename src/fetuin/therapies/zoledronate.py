"""Zoledronate: an intravenous bisphosphonate, once a year or less. Milligrams a dose."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.quantities import quantity
from fetuin.therapies.bisphosphonates import Drug, given
from fetuin.therapies.contract import Act, Dosing, Therapy


@dataclass(frozen=True)
class Zoledronate:
    """Strength on osteoclasts, affinity to mineral, absorption."""

    strength: float = quantity(
        1.0, "1", "the reference",
        "zoledronate of equal effect on osteoclasts, per mg in plasma",
    )  # fmt: skip
    affinity: float = quantity(
        3.47, "L/umol", "verified: order of Nancollas 2006; value recalled", "Langmuir constant on apatite"
    )
    molar_mass: float = quantity(272.1, "g/mol", "chemical formula", "molar mass of the acid")
    clearance: float = quantity(
        7.1, "L/h", "assumption: kidney and bone together; gives the index of facts C", "clearance from plasma"
    )


def course(dosing: Dosing, p: Zoledronate) -> tuple[Act, ...]:
    """To bone, where it lasts, and to crystals."""
    return given(dosing, Drug(p.strength, p.affinity, p.molar_mass, p.clearance, None))


THERAPY = Therapy(
    name="zoledronate",
    dose_unit="mg",
    maturity="established",
    parameters=Zoledronate(),
    course=course,
    mechanism="binds bone mineral; osteoclasts that take it up die; what is buried comes back with resorption",
    harms_modelled=("hypocalcaemia", "adynamic bone", "atypical femoral fracture (hazard by years)"),
    harms_not_modelled=("jaw necrosis", "flu-like reaction"),
    interval=365.25,
    usual=5.0,
    routes={"iv": 1.0},
    caution="not below a clearance of 35 mL/min; suppressing bone takes away its calcium buffer; deposits in soft tissue are hardly reached",
    aliases=("zoledronic_acid",),
)
