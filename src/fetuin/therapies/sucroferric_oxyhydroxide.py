"""Sucroferric oxyhydroxide: iron that binds phosphate by exchange of hydroxyl. The dose is grams of iron."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.binding import held
from fetuin.therapies.contract import Therapy


@dataclass(frozen=True)
class SucroferricOxyhydroxide:
    """What a unit of dose does."""

    binding: float = quantity(
        4.64, "mmol/g", "PBED of a 500 mg Fe tablet 1.6 (facts 5.1), 1.45 mmol per unit", "phosphate kept from absorption per g Fe",
        (3.0, 5.5),
    )  # fmt: skip


def effects(dose: float, p: SucroferricOxyhydroxide) -> Targets:
    """Dietary phosphate kept in the gut by `dose` [g/d of iron] chewed with food."""
    return Targets(phosphate_bound=held(p.binding * dose))


THERAPY = Therapy(
    name="sucroferric_oxyhydroxide",
    dose_unit="g/d",
    maturity="established",
    parameters=SucroferricOxyhydroxide(),
    effects=effects,
    mechanism="hydroxyl of polynuclear iron is exchanged for phosphate of food; little iron is absorbed",
    harms_modelled=("hypophosphataemia",),
    harms_not_modelled=(
        "diarrhoea and dark stool",
        "iron overload",
    ),
    usual=1.5,
    units={"tablet": 0.5, "Fe": 1.0, "elemental": 1.0},
)
