"""Calcitriol: the active vitamin D itself, by mouth or into the vein. Micrograms a day."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Act, Dosing, Therapy


@dataclass(frozen=True)
class Calcitriol:
    """From micrograms to the plasma."""

    molar: float = quantity(2400.0, "pmol/ug", "molar mass 416.6 g/mol", "picomoles per microgram")
    volume: float = quantity(
        11.0, "L", "assumption: clearance 30 L/d over the loss of 2.8 /d", "volume of distribution", (8.0, 17.0)
    )
    oral: float = quantity(0.7, "1", "assumption: 70 % of an oral dose", "oral bioavailability", (0.6, 0.8))


def course(dosing: Dosing, p: Calcitriol) -> tuple[Act, ...]:
    """Calcitriol added to plasma. Genes answer for days, so doses of every week or oftener stand as their mean rate;
    one given more seldom enters within half a day.
    """
    share = 1.0 if dosing.route == "iv" else p.oral
    each = dosing.amount * share * p.molar / p.volume
    if dosing.every <= 7.0:
        return (Act(Targets(calcitriol_dose=each / dosing.every), {}, 0.0, dosing.last),)
    entry = 0.5
    every = dosing.every if dosing.every < dosing.last else None
    return (Act(Targets(calcitriol_dose=each / entry), {}, 0.0, min(entry, dosing.last), every, dosing.last),)


THERAPY = Therapy(
    name="calcitriol",
    dose_unit="ug",
    maturity="established",
    parameters=Calcitriol(),
    course=course,
    mechanism="binds the vitamin D receptor: PTH synthesis falls, absorption of calcium and phosphate rises",
    harms_modelled=("hypercalcaemia", "hyperphosphataemia", "hypercalciuria", "adynamic bone by low PTH"),
    harms_not_modelled=("kidney stones",),
    usual=0.5,
    routes={"oral": 0.7, "iv": 1.0},
    caution="raises calcium and phosphate together: both feed deposits",
)
