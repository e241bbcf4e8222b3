"""What a laboratory and a clinic would report of a trajectory: bias of the assay, variation within the person, rounding.

A trajectory is the truth; an Observation is what is seen of it. Markers of bone turnover and bone density are read off
the same cells and mineral that the balances use.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from fetuin.errors import InputError
from fetuin.physiology.trajectory import Trajectory
from fetuin.quantities import quantity
from fetuin.records.record import Observation, Source


@dataclass(frozen=True)
class Laboratory:
    """Coefficients of variation (analytical and within-person, per cent, combined) and bias of one laboratory."""

    calcium: float = quantity(2.0, "%", "assumption: within-person 1.8 %, analytical 1 %", "total calcium")
    calcium_ionised: float = quantity(2.0, "%", "assumption: within-person 1.7 %, analytical 1 %", "ionised calcium")
    phosphate: float = quantity(8.5, "%", "assumption: within-person 8 %, analytical 2 %", "phosphate")
    magnesium: float = quantity(4.0, "%", "assumption: within-person 3 %, analytical 2 %", "magnesium")
    bicarbonate: float = quantity(5.0, "%", "assumption: within-person 4 %, analytical 3 %", "bicarbonate")
    pth: float = quantity(20.0, "%", "assumption: within-person 19 %, analytical 6 %", "PTH")
    calcidiol: float = quantity(12.0, "%", "assumption: within-person 10 %, analytical 7 %", "25-hydroxyvitamin D")
    calcitriol: float = quantity(18.0, "%", "assumption: within-person 15 %, analytical 10 %", "calcitriol")
    fgf23: float = quantity(18.0, "%", "assumption: within-person 16 %, analytical 7 %", "intact FGF23")
    ctx: float = quantity(18.0, "%", "assumption: fasting, within-person 15 %", "C-terminal telopeptide")
    p1np: float = quantity(10.0, "%", "assumption: within-person 8 %", "procollagen type 1 N-propeptide")
    bone_alp: float = quantity(10.0, "%", "assumption: within-person 7 %", "bone alkaline phosphatase")
    bmd_spine: float = quantity(1.3, "%", "assumption: precision of DXA, spine 1-1.5 %", "spine density")
    bmd_hip: float = quantity(1.5, "%", "assumption: precision of DXA, hip 1-2 %", "hip density")
    t50: float = quantity(10.0, "%", "assumption: analytical 5.5 %, within-person 8 %", "T50")
    cpp1: float = quantity(35.0, "%", "assumption: flow cytometry and meals", "primary calciprotein particles")
    cpp2: float = quantity(30.0, "%", "assumption: flow cytometry and meals", "secondary calciprotein particles")
    pyrophosphate: float = quantity(15.0, "%", "assumption: platelets in the tube", "plasma pyrophosphate")
    pwv: float = quantity(7.0, "%", "assumption: repeat within 0.5-0.8 m/s", "pulse wave velocity")
    systolic_pressure: float = quantity(6.0, "%", "assumption: 7-8 mmHg between visits", "systolic pressure")
    diastolic_pressure: float = quantity(7.0, "%", "assumption: 5-6 mmHg between visits", "diastolic pressure")
    pulse_pressure: float = quantity(10.0, "%", "assumption: of two pressures", "pulse pressure")
    pth_bias: float = quantity(
        0.0,
        "%",
        "assumption: this assay is the reference; others differ by up to a factor of 2",
        "bias of the PTH assay",
    )


@dataclass(frozen=True)
class Marker:
    """A marker of turnover: its healthy value, unit, the part that the kidney clears, and the part that is not of bone."""

    healthy: float
    unit: str
    follows: str
    renal: float
    source: str
    background: float = 0.0


MARKERS = {
    "ctx": Marker(
        0.30, "ug/L", "bone_resorption", 0.7, "assumption: CTX is cleared by the kidney, healthy 0.1-0.6 ug/L"
    ),
    "p1np": Marker(45.0, "ug/L", "bone_formation", 0.0, "assumption: intact P1NP is not; healthy 20-75 ug/L"),
    "bone_alp": Marker(
        14.0,
        "ug/L",
        "bone_formation",
        0.0,
        "assumption: healthy 7-20 ug/L; HORIZON: -29 % where P1NP fell by 52 %",
        0.45,
    ),
}
DIGITS = {"calcium": 2, "calcium_ionised": 2, "phosphate": 2, "magnesium": 2, "bicarbonate": 0, "pth": 0, "calcidiol": 0,
          "calcitriol": 0, "fgf23": 0, "ctx": 2, "p1np": 0, "bone_alp": 1, "bmd_spine": 3, "bmd_hip": 3, "t50": 0,
          "cpp1": -3, "cpp2": -2, "pyrophosphate": 2, "pwv": 1, "systolic_pressure": 0, "diastolic_pressure": 0, "pulse_pressure": 0}  # fmt: skip
FILTRATION = 100.0  # mL/min, in health


def marker(t: Trajectory, name: str, healthy_turnover: float) -> np.ndarray:
    """The course of a turnover marker (people, times): what cells do, over what the kidney clears."""
    m = MARKERS[name]
    made = m.background + (1.0 - m.background) * np.atleast_2d(t[m.follows]) / healthy_turnover
    cleared = 1.0 - m.renal + m.renal * np.minimum(np.atleast_2d(t["egfr"]) / FILTRATION, 1.0)
    return m.healthy * made / cleared


def truth(t: Trajectory, name: str) -> tuple[np.ndarray, str]:
    """The course (people, times) of anything a clinic orders, and its unit."""
    if name in MARKERS:
        from fetuin.physiology.model import body_model

        return marker(t, name, body_model().parameters["solved.resorption"]), MARKERS[name].unit
    return t.rows(name), t.unit(name)


def observe(
    t: Trajectory, analytes: Sequence[str], days: Sequence[float], seed: int, *, person: int = 0,
    laboratory: Laboratory | None = None, start: datetime | None = None,
) -> tuple[Observation, ...]:  # fmt: skip
    """The Observations of one person at `days`, as one laboratory would report them. The seed reproduces them."""
    lab, generator = laboratory or Laboratory(), np.random.default_rng(seed)
    begin = start or datetime(2000, 1, 1, tzinfo=UTC)
    found = []
    for name in analytes:
        if not hasattr(lab, name):
            raise InputError(f"no laboratory model of '{name}'.", fix=f"one of: {', '.join(DIGITS)}")
        rows, unit = truth(t, name)
        cv, bias = getattr(lab, name) / 100.0, getattr(lab, f"{name}_bias", 0.0) / 100.0
        width = math.sqrt(math.log1p(cv * cv))
        for day in days:
            if not t.times[0] <= day <= t.times[-1]:
                raise InputError(f"day {day:g} lies outside the trajectory.", where=name)
            real = float(np.interp(day, t.times, rows[person]))
            seen = real * (1.0 + bias) * math.exp(width * generator.standard_normal() - width * width / 2.0)
            when = begin + timedelta(days=float(day))
            analyte = {"fgf23": "fgf23_intact"}.get(name, name)
            found.append(
                Observation(analyte, round(seen, DIGITS[name]), unit, when, source=Source("simulation", "trajectory"))
            )
    return tuple(sorted(found, key=lambda o: o.time or begin))
