"""Ergocalciferol: vitamin D2, made 25-hydroxyvitamin D by the liver. International units a day."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Therapy


@dataclass(frozen=True)
class Ergocalciferol:
    """Its strength beside ergocalciferol."""

    strength: float = quantity(
        1.0, "1", "the reference: 50 000 IU/wk, 18 to 43 ng/mL in 12 wk (facts 5.3)",
        "effect of a unit, ergocalciferol = 1",
    )  # fmt: skip


def effects(dose: float, p: Ergocalciferol) -> Targets:
    """Vitamin D taken [1000 IU/d] from `dose` [IU/d]."""
    return Targets(vitamin_d_intake=p.strength * dose / 1000.0)


THERAPY = Therapy(
    name="ergocalciferol",
    dose_unit="IU/d",
    maturity="established",
    parameters=Ergocalciferol(),
    effects=effects,
    mechanism="fills the store of 25-hydroxyvitamin D, from which kidney and other tissues make calcitriol",
    harms_modelled=("hypercalcaemia of intoxication", "FGF23 rises"),
    harms_not_modelled=("kidney stones",),
    usual=7143,
    units={"ug": 40.0, "mcg": 40.0, "mg": 40000.0},
    aliases=("vitamin_d2",),
)
