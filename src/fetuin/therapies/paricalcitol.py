"""Paricalcitol: a vitamin D analogue that acts on the parathyroid more than on gut and bone. Micrograms."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Act, Dosing, Therapy
from fetuin.therapies.kinetics import acts, levels


@dataclass(frozen=True)
class Paricalcitol:
    """Activation of the receptor, 1 = that of normal calcitriol."""

    half_life: float = quantity(0.7, "d", "assumption: 15-20 h in kidney disease", "half-life in plasma", (0.5, 1.0))
    gland: float = quantity(
        0.6, "/ug/d", "Coyne 2006: >= 30 % fall of PTH in 91 %", "receptor activation in the gland per ug/d", (0.3, 1.0)
    )
    elsewhere: float = quantity(
        0.12,
        "/ug/d",
        "assumption: calcaemic action a fifth to a tenth",
        "receptor activation elsewhere per ug/d",
        (0.03, 0.3),
    )


def course(dosing: Dosing, p: Paricalcitol) -> tuple[Act, ...]:
    """Levels of regular or single doses [ug/d at steady state] and what they activate."""
    return acts(
        levels(dosing, p.half_life),
        lambda c: Targets(parathyroid_vitamin_d_action=(p.gland - p.elsewhere) * c, vitamin_d_action=p.elsewhere * c),
    )


THERAPY = Therapy(
    name="paricalcitol",
    dose_unit="ug",
    maturity="established",
    parameters=Paricalcitol(),
    course=course,
    mechanism="binds the vitamin D receptor; selective for the gland, so that PTH falls with less calcium and phosphate",
    harms_modelled=("hypercalcaemia", "adynamic bone by low PTH"),
    harms_not_modelled=("creatinine rise without loss of filtration",),
    usual=1.0,
    routes={"oral": 1.0, "iv": 1.0},
)
