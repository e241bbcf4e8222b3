"""Vitamin K: lets matrix Gla protein be carboxylated, where it is lacking. Micrograms of menaquinone-7 a day."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Therapy


@dataclass(frozen=True)
class VitaminK:
    """How much more carboxylated matrix Gla protein."""

    most: float = quantity(
        0.8, "1", "assumption: uncarboxylated protein falls by about half in dialysis", "largest rise", (0.3, 1.5)
    )
    half: float = quantity(180.0, "ug/d", "assumption: 360 ug/d act more than 90", "dose at half of it", (90.0, 400.0))


def effects(dose: float, p: VitaminK) -> Targets:
    """Carboxylated matrix Gla protein at `dose` [ug/d]; where it is not lacking, more of it changes little."""
    return Targets(matrix_gla_protein=1.0 + p.most * dose / (p.half + dose))


THERAPY = Therapy(
    name="vitamin_k",
    dose_unit="ug/d",
    maturity="investigational",
    parameters=VitaminK(),
    effects=effects,
    mechanism="cofactor of the carboxylation that makes matrix Gla protein able to protect elastin",
    harms_not_modelled=("loss of anticoagulation with a vitamin K antagonist",),
    harms_modelled=(),
    usual=360.0,
    caution="markers improve; trials have not shown slower calcification so far",
    aliases=("menaquinone_7", "phytomenadione"),
)
