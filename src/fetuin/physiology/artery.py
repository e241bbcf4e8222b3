r"""Arteries as a clinic sees them: pulse wave velocity by age and pressure, and the pressure that follows from it.

Bramwell and Hill: PWV^2 = A / (rho dA/dP). Aortic compliance is V / (rho PWV^2); with a fixed peripheral compliance and a
characteristic impedance rho * 0.75 PWV / A_root it makes a three-element Windkessel. Cardiac output and mean pressure
are given, so stiffening alone raises systolic and lowers diastolic pressure, as in kidney failure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from fetuin.errors import InputError
from fetuin.quantities import quantity

MMHG = 133.322  # Pa
CLASSES = ("optimal", "normal", "high_normal", "grade_1", "grade_2_3")
RVAS = "Reference Values for Arterial Stiffness, EHJ 2010;31:2338, table 6"
COEFFICIENTS = {  # constant [m/s], per year [m/s], per year squared [m/s]
    "optimal": (5.55, 0.0, 0.83e-3), "normal": (5.69, 0.0, 0.99e-3), "high_normal": (5.91, 0.0, 1.05e-3),
    "grade_1": (6.17, 0.0, 1.18e-3), "grade_2_3": (5.73, 0.044, 0.85e-3),
}  # fmt: skip
"""cf-PWV by age in years and blood pressure class (RVAS). Its distances may be direct or times 0.8: see `Artery.path`."""


@dataclass(frozen=True)
class Artery:
    """A person's arteries and heart."""

    age: float = quantity(50.0, "a", "assumption: a middle-aged adult", "age at day 0", (20.0, 90.0))
    pressure_class: float = quantity(
        1.0,
        "1",
        "assumption: normal blood pressure",
        "0 optimal, 1 normal, 2 high normal, 3 grade I, 4 grade II-III",
        (0, 4),
    )
    own: float = quantity(
        1.0, "1", "RVAS table 5: P10-P90 0.85 to 1.3 of the median", "this person's PWV over that expected", (0.8, 1.4)
    )
    mean_pressure: float = quantity(93.0, "mm[Hg]", "assumption: 120/80", "mean arterial pressure", (75.0, 120.0))
    stroke_volume: float = quantity(75.0, "mL", "assumption: facts A3", "stroke volume", (50.0, 100.0))
    heart_rate: float = quantity(70.0, "/min", "assumption: facts A3", "heart rate", (50.0, 95.0))
    aortic_volume: float = quantity(220.0, "mL", "assumption: facts A3", "volume of the aorta", (150.0, 300.0))
    peripheral_compliance: float = quantity(
        0.7, "mL/mm[Hg]", "assumption: facts A3", "compliance beyond the aorta", (0.5, 0.9)
    )
    root_area: float = quantity(7.5, "cm2", "assumption: facts A3", "area of the aortic root", (5.0, 10.0))
    wall_calcium: float = quantity(
        100.0,
        "mmol",
        "assumption: CORD, about 0.1 m/s per AAC-24 point",
        "calcium that would fill half of the wall's circumference",
        (30, 300),
    )
    path: float = quantity(
        1.0, "1", "convention: the distance of RVAS 2010; 0.8 of direct after 2012", "scale of the path", (0.8, 1.0)
    )


SPREAD = {
    "optimal": ((5.2, 7.0), (5.4, 7.9), (5.8, 8.5), (6.2, 9.2), (7.0, 11.4), (7.6, 13.8)),
    "normal": ((5.7, 7.5), (5.3, 8.2), (6.2, 9.0), (6.7, 10.4), (7.6, 12.2), (8.6, 15.5)),
    "high_normal": ((5.8, 7.9), (5.5, 8.8), (6.5, 9.5), (7.0, 11.3), (7.9, 13.2), (8.6, 15.8)),
    "grade_1": ((5.7, 9.3), (5.5, 9.3), (6.8, 10.8), (7.2, 12.5), (8.4, 14.1), (9.3, 16.7)),
    "grade_2_3": ((5.9, 9.9), (5.8, 11.2), (7.1, 13.2), (7.4, 14.9), (8.5, 16.5), (10.3, 18.2)),
}
"""10th and 90th percentile [m/s] below 30, in the thirties, forties, fifties, sixties, and from 70 on (RVAS table 5)."""


def reference_spread(age: float, pressure_class: str) -> tuple[float, float]:
    """10th and 90th percentile of cf-PWV [m/s] in people without vascular disease."""
    if pressure_class not in SPREAD:
        raise InputError(f"'{pressure_class}' is no class of blood pressure.", fix=f"one of: {', '.join(CLASSES)}")
    return SPREAD[pressure_class][min(max(int(age) // 10 - 2, 0), 5)]


DENSITY = 1060.0  # kg/m3 of blood; convention of facts A3


def reference_speed(age: Any, pressure_class: str) -> Any:
    """cf-PWV [m/s] expected of a person without vascular disease: mean regression by age [a] and class."""
    if pressure_class not in COEFFICIENTS:
        raise InputError(f"'{pressure_class}' is no class of blood pressure.", fix=f"one of: {', '.join(CLASSES)}")
    constant, linear, square = COEFFICIENTS[pressure_class]
    return constant + linear * age + square * age * age


def distensibility(speed: float, density: float = DENSITY) -> float:
    """Bramwell-Hill distensibility [1/mmHg] at a PWV [m/s]."""
    return MMHG / (density * speed**2)


def stiffness_index(speed: float, pressure: float, density: float = DENSITY) -> float:
    """beta of an exponential wall: PWV^2 = beta P / (2 rho), P in mmHg."""
    return 2.0 * density * speed**2 / (pressure * MMHG)


def speed_at_pressure(speed: Any, pressure: Any, other: Any) -> Any:
    """PWV [m/s] of the same wall at another mean pressure (exponential wall: PWV^2 in proportion to pressure)."""
    return speed * (other / pressure) ** 0.5


def compliance(speed: Any, a: Artery, density: float = DENSITY) -> Any:
    """Total arterial compliance [mL/mmHg] at a PWV [m/s]."""
    return a.aortic_volume * MMHG / (density * speed**2) + a.peripheral_compliance


def impedance(speed: Any, a: Artery, density: float = DENSITY) -> Any:
    """Characteristic impedance of the root [mmHg s/mL]."""
    return density * 0.75 * speed / (a.root_area * 1e-4) / MMHG * 1e-6


@cache
def _ejection(points: int = 400, ejected: float = 0.36) -> tuple[np.ndarray, np.ndarray]:
    """(time, flow) of one beat, relative: half a sine over a third of it, area 1."""
    t = np.linspace(0.0, 1.0, points, endpoint=False)
    q = np.where(t < ejected, np.sin(np.pi * t / ejected), 0.0)
    return t, q / q.mean()


def pressures(speed: Any, a: Artery | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(systolic, diastolic, pulse) pressure [mmHg] in the aorta at PWV [m/s], for the heart and mean pressure of `a`.

    The periodic solution of C dP_c/dt = Q - P_c/R, P = P_c + Z Q, exact where it starts; no reflection.
    """
    a = a or Artery()
    v = np.asarray(speed, float)
    t, q = _ejection()
    period = 60.0 / a.heart_rate
    flow = q * a.stroke_volume / period
    resistance = a.mean_pressure / (a.stroke_volume / period)
    c, z = compliance(v, a), impedance(v, a)
    r = np.maximum(resistance - z, 1e-3)
    decay = np.exp(-period / len(t) / (r * c))
    gain = r * (1.0 - decay)
    stored = sum(f * gain * decay ** (len(t) - 1 - k) for k, f in enumerate(flow)) / (1.0 - decay ** len(t))
    high, low = np.full(v.shape, -np.inf), np.full(v.shape, np.inf)
    for f in flow:
        stored = stored * decay + gain * f
        high, low = np.maximum(high, stored + z * f), np.minimum(low, stored + z * f)
    return high, low, high - low


def arc_and_path(aortic_calcium: Any, a: Artery) -> Any:
    """Mineral arc of the circumference, and equally of the path, from the calcium of the aorta [mmol]."""
    filled = np.asarray(aortic_calcium) / a.wall_calcium
    return np.sqrt(filled / (1.0 + filled))


HAZARD_PER_SPEED = {"general": 0.11, "ckd": 0.14, "haemodialysis": 0.24}
"""ln hazard per m/s: Zhong 2018 1.12; adjusted Zoungas 2007 and Chandra 2014; mean of Blacher 1999 and Shoji 2001."""
SHARED_CAUSE = 0.7  # assumption: facts A4; PWV and coronary calcium share a cause, so each is shrunk when both are used


def hazard_ratio(per: float, change: float) -> float:
    """Hazard ratio of a change of PWV [m/s] from the ratio `per` 1 m/s."""
    if per <= 0:
        raise InputError(f"a hazard ratio of {per:g} is not possible.", fix="greater than 0")
    return math.exp(math.log(per) * change)
