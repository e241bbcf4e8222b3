"""Tenapanor: blocks the sodium-hydrogen exchanger NHE3 of the gut and tightens its wall to phosphate. Milligrams a day."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Therapy


@dataclass(frozen=True)
class Tenapanor:
    """What a unit of dose does."""

    passive_least: float = quantity(
        0.45, "1", "assumption: largest block of the paracellular path", "paracellular absorption at a very large dose",
        (0.3, 0.7),
    )  # fmt: skip
    half: float = quantity(
        30.0, "mg/d", "assumption: 30 mg twice a day acts nearly in full", "dose at half of the block", (15.0, 60.0)
    )


def effects(dose: float, p: Tenapanor) -> Targets:
    """Paracellular phosphate absorption at `dose` [mg/d]."""
    blocked = (1.0 - p.passive_least) * dose / (p.half + dose)
    return Targets(phosphate_absorption=1.0 - blocked)


THERAPY = Therapy(
    name="tenapanor",
    dose_unit="mg/d",
    maturity="established",
    parameters=Tenapanor(),
    effects=effects,
    mechanism="less sodium taken up makes gut cells acid, which tightens the junctions to phosphate; transport by NaPi-IIb stays",
    harms_modelled=("hypophosphataemia",),
    harms_not_modelled=("diarrhoea",),
    usual=60.0,
    units={},
)
