"""Spironolactone: blocks aldosterone, which stiffens arteries and turns their muscle bone-like. Milligrams a day."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Therapy


@dataclass(frozen=True)
class Spironolactone:
    """How far stiffening slows."""

    most: float = quantity(
        0.4,
        "1",
        "assumption: part of uraemic stiffening is by aldosterone",
        "largest slowing of stiffening",
        (0.0, 0.7),
    )
    half: float = quantity(15.0, "mg/d", "assumption: 25 mg/d act", "dose at half of it", (8.0, 40.0))


def effects(dose: float, p: Spironolactone) -> Targets:
    """Stiffening of arteries at `dose` [mg/d]."""
    return Targets(vessel_stiffening=1.0 - p.most * dose / (p.half + dose))


THERAPY = Therapy(
    name="spironolactone",
    dose_unit="mg/d",
    maturity="hypothesis",
    parameters=Spironolactone(),
    effects=effects,
    mechanism="less aldosterone at its receptor in the vessel wall: less fibrosis and osteogenic change",
    harms_modelled=(),
    harms_not_modelled=("hyperkalaemia, dangerous in kidney failure", "gynaecomastia"),
    usual=25.0,
)
