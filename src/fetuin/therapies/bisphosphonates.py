"""What the bisphosphonates share: the way from the dose to bone, and the hazard of atypical femoral fracture.

A therapy's own file holds its strength and absorption; bone is one for all (`physiology.bisphosphonate`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Act, Dosing

ENTRY = 1.0  # d over which one dose enters bone: plasma half-lives are hours
OFTEN = 32.0  # d: a dose as frequent as this is a steady rate


def absorbed(dosing: Dosing, oral: float | None) -> float:
    """Milligrams of a dose that reach plasma."""
    return dosing.amount * (1.0 if oral is None or dosing.route == "iv" else oral)


def to_bone(dosing: Dosing, strength: float, oral: float | None) -> tuple[Act, ...]:
    """The Acts of doses that reach plasma, as zoledronate [mg/d]."""
    each = absorbed(dosing, oral) * strength
    if dosing.every <= OFTEN:
        return (Act(Targets(bisphosphonate=each / dosing.every), {}, 0.0, dosing.last),)
    length = min(ENTRY, dosing.last)
    every = dosing.every if dosing.every < dosing.last else None
    until = dosing.last if every else math.inf
    return (Act(Targets(bisphosphonate=each / length), {}, 0.0, length, every, until),)


@dataclass(frozen=True)
class AtypicalFracture:
    """Hazard of atypical femoral fracture by years on the drug and years off it."""

    size: float = quantity(
        0.611, "1", "fitted to Black 2020: HR 8.86 at 3-< 5 y, 43.5 at >= 8 y", "excess ratio at one year"
    )
    power: float = quantity(1.842, "1", "fitted to Black 2020", "exponent of years on the drug")
    fading: float = quantity(
        1.20, "/y", "Schilcher 2015: risk -70 % per year off the drug", "loss of the excess off drug"
    )
    background: float = quantity(
        0.3, "/10000 y", "facts C4: US 0.3, Sweden 0.7", "rate without a bisphosphonate", (0.3, 0.7)
    )


def atypical_fracture(years_on: float, years_off: float = 0.0, p: AtypicalFracture | None = None) -> float:
    """Hazard ratio against no drug after `years_on` the drug and `years_off` it."""
    p = p or AtypicalFracture()
    return 1.0 + p.size * max(years_on, 0.0) ** p.power * math.exp(-p.fading * max(years_off, 0.0))
