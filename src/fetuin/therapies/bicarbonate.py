"""Bicarbonate by mouth: alkali against the acidosis of kidney failure. Millimoles a day; 1 g of the sodium salt is 11.9."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Therapy


@dataclass(frozen=True)
class Bicarbonate:
    """What reaches the body."""

    absorbed: float = quantity(
        0.9,
        "1",
        "assumption: some is neutralised by gastric acid, which is replaced",
        "alkali gained per dose",
        (0.7, 1.0),
    )


def effects(dose: float, p: Bicarbonate) -> Targets:
    """Alkali from `dose` [mmol/d]."""
    return Targets(bicarbonate_intake=p.absorbed * dose)


THERAPY = Therapy(
    name="bicarbonate",
    dose_unit="mmol/d",
    maturity="established",
    parameters=Bicarbonate(),
    effects=effects,
    mechanism="replaces alkali that the kidney no longer makes; bone gives up less buffer",
    harms_modelled=("alkalaemia, which makes phosphate salts less soluble",),
    harms_not_modelled=("sodium load",),
    usual=24.0,
    units={"g": 11.9, "mg": 0.0119},
    aliases=("sodium_bicarbonate",),
)
