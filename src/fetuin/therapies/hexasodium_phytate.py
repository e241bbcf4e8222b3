"""Hexasodium phytate (SNF472): phytate into the vein during dialysis. It sits on apatite. Milligrams a session."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Act, Dosing, Therapy
from fetuin.therapies.kinetics import acts, levels


@dataclass(frozen=True)
class HexasodiumPhytate:
    """Potency, concentration, and how long crystals keep it."""

    half: float = quantity(
        5.5, "umol/L", "Perello 2024, by fit of 15, 61, 75 % at 0, 15, 46 umol/L", "concentration at half of the effect"
    )
    without: float = quantity(
        15.0, "%", "Perello 2024: 15 % below 0.76 umol/L", "inhibition in plasma without the drug"
    )
    most: float = quantity(62.8, "%", "Perello 2024, by fit", "inhibition that the drug adds at most")
    reached: float = quantity(
        0.05,
        "umol/L per mg",
        "assumption: 300 mg reach 15 umol/L by the end of a session",
        "concentration per dose",
        (0.03, 0.1),
    )
    residence: float = quantity(
        0.35, "d", "CaLIPSO: +11 against +20 % a year with 300-600 mg a session", "half-life on crystals", (0.15, 1.5)
    )


def inhibition(concentration: float, p: HexasodiumPhytate | None = None) -> float:
    """Inhibition of apatite crystallisation in plasma [%] at `concentration` [umol/L]."""
    p = p or HexasodiumPhytate()
    return p.without + p.most * concentration / (p.half + concentration)


def course(dosing: Dosing, p: HexasodiumPhytate) -> tuple[Act, ...]:
    """Coverage after every session, fading between them; the mean of a regular course."""
    weekly = Dosing(dosing.amount, dosing.every, dosing.days, dosing.horizon)
    per_dose = p.reached / p.half
    mean = p.residence / 0.6931471805599453  # d that a dose stays, on average
    if dosing.every <= 7.0:
        held = per_dose * mean * dosing.amount / dosing.every
        return (Act(Targets(inhibitor_binding=held), {}, 0.0, dosing.last),)
    return acts(levels(weekly, p.residence), lambda mg: Targets(inhibitor_binding=per_dose * mean * mg))


THERAPY = Therapy(
    name="hexasodium_phytate",
    dose_unit="mg",
    maturity="investigational",
    parameters=HexasodiumPhytate(),
    course=course,
    mechanism="phytate binds the growing faces of apatite; growth of deposits slows, their removal too",
    harms_modelled=("deposits protected from removal",),
    harms_not_modelled=("hypocalcaemia by chelation at high doses",),
    interval=7 / 3,
    usual=300.0,
    routes={"iv": 1.0},
    aliases=("snf472", "phytate"),
)
