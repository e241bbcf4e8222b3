"""Ibandronate: an oral or intravenous bisphosphonate, monthly. Milligrams a dose."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.quantities import quantity
from fetuin.therapies.bisphosphonates import Drug, given
from fetuin.therapies.contract import Act, Dosing, Therapy


@dataclass(frozen=True)
class Ibandronate:
    """Strength on osteoclasts, affinity to mineral, absorption."""

    strength: float = quantity(
        0.45, "1", "calibrated to CTX -70 % (recalled)",
        "zoledronate of equal effect on osteoclasts, per mg in plasma",
    )  # fmt: skip
    affinity: float = quantity(
        2.36, "L/umol", "verified: order of Nancollas 2006; value recalled", "Langmuir constant on apatite"
    )
    molar_mass: float = quantity(319.2, "g/mol", "chemical formula", "molar mass of the acid")
    clearance: float = quantity(
        20.0, "L/h", "assumption: kidney and bone together; gives the index of facts C", "clearance from plasma"
    )
    oral: float = quantity(0.006, "1", "assumption: 0.6 %", "share of an oral dose that is absorbed")


def course(dosing: Dosing, p: Ibandronate) -> tuple[Act, ...]:
    """To bone, where it lasts, and to crystals."""
    return given(dosing, Drug(p.strength, p.affinity, p.molar_mass, p.clearance, p.oral))


THERAPY = Therapy(
    name="ibandronate",
    dose_unit="mg",
    maturity="established",
    parameters=Ibandronate(),
    course=course,
    mechanism="binds bone mineral; osteoclasts that take it up die; what is buried comes back with resorption",
    harms_modelled=("hypocalcaemia", "adynamic bone", "atypical femoral fracture (hazard by years)"),
    harms_not_modelled=(
        "oesophageal ulcer",
        "jaw necrosis",
        "flu-like reaction",
    ),
    interval=30.4375,
    usual=150.0,
    routes={"oral": 0.006, "iv": 1.0},
    caution="suppressing bone takes away its calcium buffer; deposits in soft tissue are hardly reached",
    aliases=("ibandronic_acid",),
)
