"""Etidronate: the bisphosphonate of gram doses. It raises phosphate and yet arrests calcification.

The kidney keeps more phosphate while it is taken; mineral, in deposits and at the front of new bone alike, is covered by
it. Taken without pause it makes osteomalacia; two weeks in twelve leave bone time to mineralise.
"""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.bisphosphonates import Drug, absorbed, given
from fetuin.therapies.contract import Act, Dosing, Therapy
from fetuin.therapies.kinetics import acts, levels


@dataclass(frozen=True)
class Etidronate:
    """Strength, affinity, absorption, and what only etidronate does."""

    strength: float = quantity(
        0.0005, "1", "assumption: a weak inhibitor of osteoclasts", "zoledronate of equal effect on osteoclasts, per mg in plasma",
        (0.0003, 0.005),
    )  # fmt: skip
    affinity: float = quantity(
        1.19, "L/umol", "verified: order of Nancollas 2006; value recalled", "Langmuir constant on apatite"
    )
    molar_mass: float = quantity(206.0, "g/mol", "chemical formula", "molar mass of the acid")
    clearance: float = quantity(
        13.9, "L/h", "assumption: kidney and bone together; gives the index of facts C, 1061", "clearance from plasma"
    )
    oral: float = quantity(0.03, "1", "verified: about 3 %", "share of an oral dose that is absorbed", (0.01, 0.06))
    reabsorption: float = quantity(
        0.70, "1", "TEMP 2018: phosphate above 1.5 mmol/L in 48.6 % against 0 %", "largest rise of the renal threshold",
        (0.3, 1.0),
    )  # fmt: skip
    half_reabsorption: float = quantity(
        15.0, "mg/d", "assumption: 5 mg/kg/d by mouth raises it little", "absorbed dose at half of it", (5.0, 40.0)
    )
    plasma_half_life: float = quantity(
        4.0,
        "d",
        "assumption: phosphate falls within two weeks of the last dose",
        "half-life of the renal effect",
        (1.0, 10.0),
    )
    half_mineralisation: float = quantity(
        9.0, "mg/d", "Otero 2013, Hashiba 2006: osteomalacia on 200 mg/d for years in a child, none on dialysis days",
        "absorbed dose at which mineralisation is halved", (4.0, 20.0),
    )  # fmt: skip
    front_half_life: float = quantity(
        15.0, "d", "assumption: bone mineralises again within weeks", "half-life at the mineralising front", (7.0, 40.0)
    )


def course(dosing: Dosing, p: Etidronate) -> tuple[Act, ...]:
    """To bone and crystals as all of them; to the tubule; and to osteoid, which it keeps from mineralising."""
    plasma = Dosing(absorbed(dosing, p.oral), dosing.every, dosing.days, dosing.horizon)
    tubule = acts(
        levels(plasma, p.plasma_half_life),
        lambda mg: Targets(phosphate_reabsorption=1.0 + p.reabsorption * mg / (p.half_reabsorption + mg)),
    )
    front = acts(
        levels(plasma, p.front_half_life),
        lambda mg: Targets(mineralisation=1.0 / (1.0 + (mg / p.half_mineralisation) ** 1.5)),
    )
    return (*given(dosing, Drug(p.strength, p.affinity, p.molar_mass, p.clearance, p.oral)), *tubule, *front)


THERAPY = Therapy(
    name="etidronate",
    dose_unit="mg",
    maturity="investigational",
    parameters=Etidronate(),
    course=course,
    mechanism="covers crystals by sheer exposure; raises the renal threshold of phosphate; stops osteoid from mineralising",
    harms_modelled=(
        "osteomalacia when taken without pause",
        "hyperphosphataemia",
        "hypocalcaemia",
        "deposits protected",
    ),
    harms_not_modelled=("fracture by osteomalacia", "jaw necrosis"),
    interval=1.0,
    usual=400.0,
    routes={"oral": 0.03, "iv": 1.0},
    caution="phosphate rises while deposits stop; arrest is to be expected, not regression",
    aliases=("etidronic_acid",),
)
