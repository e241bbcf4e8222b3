"""How far two CT scans of the same person differ when nothing changed (MESA). Agatston units, mm3, kg/m2."""

from __future__ import annotations

import math
from dataclasses import dataclass

from fetuin.quantities import quantity

MESA = "Chung, AJR 2008, PMID 18212206"


@dataclass(frozen=True)
class MesaLimits:
    """95 % repeatability limits in 3,317 replicate pairs: a x + b sqrt(x) + c BMI + d."""

    agatston_slope: float = quantity(0.17, "1", MESA)
    agatston_root: float = quantity(4.89, "1", MESA)
    agatston_bmi: float = quantity(0.44, "1/(kg/m2)", MESA)
    agatston_constant: float = quantity(-10.84, "1", MESA)
    volume_slope: float = quantity(0.16, "1", MESA)
    volume_root: float = quantity(4.30, "1", MESA)
    volume_bmi: float = quantity(0.23, "1/(kg/m2)", MESA)
    volume_constant: float = quantity(-5.00, "1", MESA)


def mesa_limit_agatston(agatston: float, bmi: float) -> float:
    """The difference between two scans [Agatston units] that chance exceeds in 5 %; `bmi` in kg/m2. Not below zero."""
    m = MesaLimits()
    return max(
        m.agatston_slope * agatston
        + m.agatston_root * math.sqrt(agatston)
        + m.agatston_bmi * bmi
        + m.agatston_constant,
        0.0,
    )


def mesa_limit_volume(volume: float, bmi: float) -> float:
    """The same for the volume score [mm3]."""
    m = MesaLimits()
    return max(
        m.volume_slope * volume + m.volume_root * math.sqrt(volume) + m.volume_bmi * bmi + m.volume_constant, 0.0
    )


def scan_sd(value: float, bmi: float, what: str) -> float:
    """SD of one scan at a true `value` of `what` ("agatston" or "volume"): the 95 % limit of two over 1.96 sqrt 2."""
    limit = {"agatston": mesa_limit_agatston, "volume": mesa_limit_volume}[what](value, bmi)
    return limit / (1.96 * math.sqrt(2.0))
