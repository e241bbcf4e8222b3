"""What the bisphosphonates share: the way from the dose to bone and to crystals, and the hazard of atypical fracture.

A therapy's own file holds strength, absorption, affinity, clearance; bone is one for all (`physiology.bisphosphonate`).
On crystals of soft tissue what counts is affinity times exposure, K_L x AUC: that is why etidronate, absorbed by the
gram, blocks deposits, and oral nitrogen-bisphosphonates, absorbed by the milligram, do not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Act, Dosing
from fetuin.therapies.kinetics import acts, levels

ENTRY = 1.0  # d over which one dose enters bone: plasma half-lives are hours
OFTEN = 32.0  # d: a dose as frequent as this is a steady rate
YEAR = 365.25


@dataclass(frozen=True)
class OnCrystals:
    """From exposure to coverage of crystals in soft tissue."""

    binding: float = quantity(
        1 / 300, "a/h", "calibrated: TEMP (etidronate, index 1061) blocks, oral alendronate (index 21) does not",
        "binding K C on crystals per index K_L x AUC of a year", (1 / 600, 1 / 100),
    )  # fmt: skip
    residence: float = quantity(
        60.0,
        "d",
        "assumption: mineral holds the drug between cycles of twelve weeks",
        "half-life on crystals",
        (20.0, 200.0),
    )


@dataclass(frozen=True)
class Drug:
    """What differs between bisphosphonates. `oral` is None for those never given by mouth."""

    strength: float
    affinity: float
    molar_mass: float
    clearance: float
    oral: float | None = None

    def index(self, per_day: float) -> float:
        """K_L x AUC of a year [L/umol x umol h/L = h] at a steady rate in plasma [mg/d]."""
        return self.affinity * per_day * YEAR * 1000.0 / self.molar_mass / self.clearance


def absorbed(dosing: Dosing, oral: float | None) -> float:
    """Milligrams of a dose that reach plasma."""
    return dosing.amount * (1.0 if oral is None or dosing.route == "iv" else oral)


def to_bone(dosing: Dosing, drug: Drug) -> tuple[Act, ...]:
    """The Acts of doses that reach plasma, on their way to bone, as zoledronate [mg/d]."""
    each = absorbed(dosing, drug.oral) * drug.strength
    if dosing.every <= OFTEN:
        return (Act(Targets(bisphosphonate=each / dosing.every), {}, 0.0, dosing.last),)
    length = min(ENTRY, dosing.last)
    every = dosing.every if dosing.every < dosing.last else None
    until = dosing.last if every else math.inf
    return (Act(Targets(bisphosphonate=each / length), {}, 0.0, length, every, until),)


def to_crystals(dosing: Dosing, drug: Drug, p: OnCrystals | None = None) -> tuple[Act, ...]:
    """Coverage of crystals by what plasma brings at healthy filtration; the body raises it where the kidney fails."""
    p = p or OnCrystals()
    plasma = Dosing(absorbed(dosing, drug.oral), dosing.every, dosing.days, dosing.horizon)
    return acts(levels(plasma, p.residence), lambda mg: Targets(bisphosphonate_binding=p.binding * drug.index(mg)))


def given(dosing: Dosing, drug: Drug) -> tuple[Act, ...]:
    """All Acts of a bisphosphonate: on bone and on crystals."""
    return (*to_bone(dosing, drug), *to_crystals(dosing, drug))


@dataclass(frozen=True)
class AtypicalFracture:
    """Hazard of atypical femoral fracture by years on the drug and years off it."""

    size: float = quantity(
        0.611, "1", "fitted to Black 2020: HR 8.86 at 3-< 5 y, 43.5 at >= 8 y", "excess ratio at one year"
    )
    power: float = quantity(1.842, "1", "fitted to Black 2020", "exponent of years on the drug")
    fading: float = quantity(
        1.20, "/a", "Schilcher 2015: risk -70 % per year off the drug", "loss of the excess off drug"
    )
    background: float = quantity(
        0.3, "/10000 a", "facts C4: US 0.3, Sweden 0.7", "rate without a bisphosphonate", (0.3, 0.7)
    )


def atypical_fracture(years_on: float, years_off: float = 0.0, p: AtypicalFracture | None = None) -> float:
    """Hazard ratio against no drug after `years_on` the drug and `years_off` it."""
    p = p or AtypicalFracture()
    return 1.0 + p.size * max(years_on, 0.0) ** p.power * math.exp(-p.fading * max(years_off, 0.0))
