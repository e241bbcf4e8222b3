"""Risedronate: an oral bisphosphonate, weekly. Milligrams a dose."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.quantities import quantity
from fetuin.therapies.bisphosphonates import Drug, given
from fetuin.therapies.contract import Act, Dosing, Therapy


@dataclass(frozen=True)
class Risedronate:
    """Strength on osteoclasts, affinity to mineral, absorption."""

    strength: float = quantity(
        0.15, "1", "calibrated to CTX -55 % (recalled)",
        "zoledronate of equal effect on osteoclasts, per mg in plasma",
    )  # fmt: skip
    affinity: float = quantity(
        2.19, "L/umol", "verified: order of Nancollas 2006; value recalled", "Langmuir constant on apatite"
    )
    molar_mass: float = quantity(283.1, "g/mol", "chemical formula", "molar mass of the acid")
    clearance: float = quantity(
        12.7, "L/h", "assumption: kidney and bone together; gives the index of facts C", "clearance from plasma"
    )
    oral: float = quantity(0.0063, "1", "assumption: 0.6 %", "share of an oral dose that is absorbed")


def course(dosing: Dosing, p: Risedronate) -> tuple[Act, ...]:
    """To bone, where it lasts, and to crystals."""
    return given(dosing, Drug(p.strength, p.affinity, p.molar_mass, p.clearance, p.oral))


THERAPY = Therapy(
    name="risedronate",
    dose_unit="mg",
    maturity="established",
    parameters=Risedronate(),
    course=course,
    mechanism="binds bone mineral; osteoclasts that take it up die; what is buried comes back with resorption",
    harms_modelled=("hypocalcaemia", "adynamic bone", "atypical femoral fracture (hazard by years)"),
    harms_not_modelled=(
        "oesophageal ulcer",
        "jaw necrosis",
        "flu-like reaction",
    ),
    interval=7.0,
    usual=35.0,
    routes={"oral": 0.0063},
    caution="suppressing bone takes away its calcium buffer; deposits in soft tissue are hardly reached",
    aliases=("risedronic_acid",),
)
