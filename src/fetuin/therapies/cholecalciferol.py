"""Cholecalciferol: vitamin D3, made 25-hydroxyvitamin D by the liver. International units a day."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Therapy


@dataclass(frozen=True)
class Cholecalciferol:
    """Its strength beside ergocalciferol."""

    strength: float = quantity(
        1.4, "1", "assumption: D3 raises 25-hydroxyvitamin D more than D2 at equal units",
        "effect of a unit, ergocalciferol = 1",
    )  # fmt: skip


def effects(dose: float, p: Cholecalciferol) -> Targets:
    """Vitamin D taken [1000 IU/d] from `dose` [IU/d]."""
    return Targets(vitamin_d_intake=p.strength * dose / 1000.0)


THERAPY = Therapy(
    name="cholecalciferol",
    dose_unit="IU/d",
    maturity="established",
    parameters=Cholecalciferol(),
    effects=effects,
    mechanism="fills the store of 25-hydroxyvitamin D, from which kidney and other tissues make calcitriol",
    harms_modelled=("hypercalcaemia of intoxication", "FGF23 rises"),
    harms_not_modelled=("kidney stones",),
    usual=2000,
    units={"ug": 40.0, "mcg": 40.0, "mg": 40000.0},
    aliases=("colecalciferol", "vitamin_d3"),
)
