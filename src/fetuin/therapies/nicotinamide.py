"""Nicotinamide: lowers the sodium-phosphate transporters of gut (NaPi-IIb) and, less, of kidney. Grams a day."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Therapy


@dataclass(frozen=True)
class Nicotinamide:
    """What a unit of dose does."""

    transport_least: float = quantity(
        0.1, "1", "assumption: most of NaPi-IIb can be lost", "active gut transport at a very large dose", (0.0, 0.5)
    )
    half: float = quantity(
        0.6, "g/d", "assumption: 0.5-1.75 g/d lower phosphate in dialysis", "dose at half of the effect", (0.3, 1.2)
    )
    tubule: float = quantity(
        0.04, "/g", "assumption: renal NaPi is less affected", "fall of the renal threshold per g/d", (0.0, 0.1)
    )


def effects(dose: float, p: Nicotinamide) -> Targets:
    """Active gut transport and the renal threshold at `dose` [g/d]."""
    lost = (1.0 - p.transport_least) * dose / (p.half + dose)
    return Targets(gut_phosphate_transport=1.0 - lost, phosphate_reabsorption=1.0 / (1.0 + p.tubule * dose))


THERAPY = Therapy(
    name="nicotinamide",
    dose_unit="g/d",
    maturity="investigational",
    parameters=Nicotinamide(),
    effects=effects,
    mechanism="nicotinamide lowers expression of NaPi-IIb, so that active absorption falls and the passive part stays",
    harms_modelled=("hypophosphataemia",),
    harms_not_modelled=(
        "thrombocytopenia",
        "diarrhoea",
        "flushing",
    ),
    usual=1.0,
    units={},
    aliases=("niacinamide",),
)
