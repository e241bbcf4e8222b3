"""What CT would count of a deposit: mass, volume, Agatston score, density score; and how bone-seeking tracer sees it.

Calcium in mmol is apatite mass (100.46 mg per mmol). Volume follows from the density of each phase, the score from volume
in slices of 3 mm and a weight that rises with attenuation, as the score's four steps do on average.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from fetuin.chemistry.crystal import APATITE_MASS
from fetuin.quantities import quantity


@dataclass(frozen=True)
class Scanner:
    """How deposits look on CT, and how well a scan repeats."""

    apatite_density: float = quantity(
        0.24, "mg/uL", "assumption: 0.2 mg and 0.83 mm3 per Agatston unit", "mass per volume, mature"
    )
    amorphous_density: float = quantity(
        0.16, "mg/uL", "assumption: fluid-like deposits are fainter", "mass per volume, amorphous"
    )
    attenuation: float = quantity(
        1300.0, "HU/(mg/uL)", "imaging facts: 130 HU near 100 mg/cm3", "attenuation per density at 120 kVp"
    )
    slice: float = quantity(3.0, "mm", "convention: Agatston", "thickness of a slice")
    least: float = quantity(1.0, "mg", "assumption: four pixels of 130 HU", "mass below which no lesion is counted")


def volume(amorphous: Any, apatite: Any, s: Scanner | None = None) -> Any:
    """Volume [mm3] of a deposit from the calcium of its phases [mmol]."""
    s = s or Scanner()
    return APATITE_MASS * (np.asarray(amorphous) / s.amorphous_density + np.asarray(apatite) / s.apatite_density)


def density_score(amorphous: Any, apatite: Any, s: Scanner | None = None) -> Any:
    """Mean weight of a lesion, 1 to 4, by its attenuation: one per 100 HU. 1 where there is no lesion."""
    s = s or Scanner()
    total = np.asarray(amorphous) + np.asarray(apatite)
    mean = APATITE_MASS * total / np.maximum(volume(amorphous, apatite, s), 1e-12)
    return np.clip(mean * s.attenuation / 100.0, 1.0, 4.0)


def agatston(amorphous: Any, apatite: Any, s: Scanner | None = None) -> Any:
    """Agatston score: area of every slice times its weight."""
    s = s or Scanner()
    return density_score(amorphous, apatite, s) * volume(amorphous, apatite, s) / s.slice


def mass(amorphous: Any, apatite: Any) -> Any:
    """Apatite mass [mg] of a deposit."""
    return APATITE_MASS * (np.asarray(amorphous) + np.asarray(apatite))


def calcium_of(value: float, unit: str, s: Scanner | None = None) -> float | None:
    """Calcium [mmol] of a mature deposit given as mg, g, mm3, AU or mmol; None where the unit is another."""
    s = s or Scanner()
    per_mmol = {
        "mmol": 1.0, "mg": APATITE_MASS, "g": APATITE_MASS / 1000.0, "mm3": float(volume(0.0, 1.0, s)),
        "AU": float(agatston(0.0, 1.0, s)),
    }  # fmt: skip
    return value / per_mmol[unit] if unit in per_mmol else None
