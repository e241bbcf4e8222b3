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

    half_life: float = quantity(
        3.0,
        "d",
        "assumption: genes answer for days after a plasma half-life of 15-20 h",
        "half-life of the effect",
        (1.0, 5.0),
    )
    gland: float = quantity(
        0.9, "/ug/d", "Coyne 2006: >= 30 % fall of PTH in 91 %", "receptor activation in the gland per ug/d", (0.4, 1.5)
    )
    elsewhere: float = quantity(
        0.30,
        "/ug/d",
        "assumption: calcaemic action a third; calcium did not fall with PTH in Coyne 2006",
        "receptor activation elsewhere per ug/d",
        (0.05, 0.5),
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
