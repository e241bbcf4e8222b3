r"""Plaques: events by volume and density of calcium separately, and a research sketch of the stress in a thin cap.

A CT score is no monotone hazard: at equal volume denser calcium is safer in a coronary plaque (MESA) and worse in a valve.
The cap stress is a research sketch, never a prediction of a patient.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from fetuin.errors import InputError
from fetuin.quantities import quantity

CRIQUI = "Criqui, JAMA 2014;311:271 (relative risks; its absolute risks are wrong, erratum 2015;313:1374)"
SKETCH = "Research sketch: not a prediction of any patient."


@dataclass(frozen=True)
class CoronaryHazard:
    """ln hazard per unit, both in one model, with 95 % intervals of the ratio per SD."""

    volume_chd: float = quantity(math.log(1.81) / 1.6, "1", CRIQUI, "ln hazard of CHD per ln volume", (0.241, 0.501))
    volume_cvd: float = quantity(math.log(1.68) / 1.6, "1", CRIQUI, "ln hazard of CVD per ln volume", (0.219, 0.427))
    density_chd: float = quantity(
        math.log(0.73) / 0.7, "1", CRIQUI, "ln hazard of CHD per density score", (-0.778, -0.135)
    )
    density_cvd: float = quantity(
        math.log(0.71) / 0.7, "1", CRIQUI, "ln hazard of CVD per density score", (-0.730, -0.232)
    )


@dataclass(frozen=True)
class ValveHazard:
    """Valve: severe calcium, and severe calcium density, each against the rest, on medical care."""

    severe_calcium: float = quantity(
        math.log(1.75), "1", "Clavel 2014: 1.75 (1.04-2.92)", "ln hazard of death", (0.039, 1.072)
    )
    severe_density: float = quantity(
        math.log(2.44), "1", "Clavel 2014: 2.44 (1.37-4.37)", "ln hazard of death", (0.315, 1.475)
    )
    progression: float = quantity(
        0.17, "/a", "Nguyen 2015: 188 of 1 108 AU a year", "growth of valve calcium", (0.12, 0.25)
    )


AORTIC_STENOSIS = (
    (0.0, 1.0, 1.0, 1.0),
    (1.0, 12.9, 5.6, 29.7),
    (100.0, 76.4, 34.3, 170.0),
    (300.0, 381.0, 170.0, 855.0),
)
"""Valve Agatston from, hazard ratio of severe stenosis in 16.7 years, 95 % interval (MESA, Whelton)."""


def coronary_hazard(volume_ratio: float, density_change: float, outcome: str = "chd") -> tuple[float, float, float]:
    """(hazard ratio, low, high) of plaque volume times `volume_ratio` and density score plus `density_change`."""
    h = CoronaryHazard()
    if volume_ratio <= 0 or outcome not in ("chd", "cvd"):
        raise InputError(f"no hazard for volume x{volume_ratio:g}, {outcome}.", fix="a ratio above 0; chd or cvd")
    names = (f"volume_{outcome}", f"density_{outcome}")
    steps = (math.log(volume_ratio), density_change)
    centre = sum(getattr(h, n) * s for n, s in zip(names, steps, strict=True))
    spreads = [h.__dataclass_fields__[n].metadata["spread"] for n in names]
    sd = math.sqrt(sum(((b - a) / 3.92 * s) ** 2 for (a, b), s in zip(spreads, steps, strict=True)))
    return math.exp(centre), math.exp(centre - 1.96 * sd), math.exp(centre + 1.96 * sd)


def valve_hazard(severe_calcium: bool, severe_density: bool) -> tuple[float, float, float]:
    """(hazard ratio of death, low, high) on medical care: here density makes it worse."""
    h, on = ValveHazard(), {"severe_calcium": severe_calcium, "severe_density": severe_density}
    centre = sum(getattr(h, n) for n, yes in on.items() if yes)
    spreads = [h.__dataclass_fields__[n].metadata["spread"] for n, yes in on.items() if yes]
    sd = math.sqrt(sum(((b - a) / 3.92) ** 2 for a, b in spreads))
    return math.exp(centre), math.exp(centre - 1.96 * sd), math.exp(centre + 1.96 * sd)


def stenosis_hazard(agatston: float) -> tuple[float, float, float]:
    """(hazard ratio of severe aortic stenosis, low, high) by valve Agatston score."""
    return next(row[1:] for row in reversed(AORTIC_STENOSIS) if agatston >= row[0])


@dataclass(frozen=True)
class Cap:
    """Stress around microcalcifications in a plaque cap: a research sketch."""

    smallest: float = quantity(5.0, "um", "Maldonado 2013: no cavitation below 5 um", "least particle that debonds")
    largest: float = quantity(65.0, "um", "Vengrenyuk 2006, Maldonado 2013: 5 to 65 um", "largest that does")
    plate: float = quantity(1000.0, "um", "assumption: facts A6", "from here on a plate")
    single: float = quantity(2.0, "1", "Vengrenyuk 2006: 300 to 600 kPa", "stress concentration of one rigid sphere")
    pair: float = quantity(
        3.0, "1", "assumption: up to five-fold for touching pairs", "added for a neighbour at no gap"
    )
    reach: float = quantity(0.2, "1", "assumption: critical gap below half a diameter", "fall with gap over diameter")
    plate_edge: float = quantity(1.3, "1", "assumption: facts A6", "at the edge of a plate")
    plate_beneath: float = quantity(0.8, "1", "assumption: a plate carries load", "beneath a plate")
    possible: float = quantity(300.0, "kPa", "Maldonado 2013", "least stress at rupture")
    likely: float = quantity(545.0, "kPa", "Maldonado 2013", "mean stress at rupture")


def concentration(
    diameter: float, gap_ratio: float | None = None, beneath_plate: bool = False, cap: Cap | None = None
) -> float:
    """Stress concentration of an inclusion `diameter` [um], with a neighbour at gap/diameter `gap_ratio` or none."""
    c = cap or Cap()
    if not diameter > 0 or (gap_ratio is not None and gap_ratio < 0):
        raise InputError(f"an inclusion of {diameter:g} um with gap ratio {gap_ratio} is not possible.", fix="above 0")
    if diameter < c.smallest:
        return 1.0
    if diameter <= c.largest:
        return c.single + (0.0 if gap_ratio is None else c.pair * math.exp(-gap_ratio / c.reach))
    if diameter >= c.plate:
        return c.plate_beneath if beneath_plate else c.plate_edge
    return 1.0


def cap_stress(background: float, diameter: float, gap_ratio: float | None = None) -> tuple[float, str]:
    """(peak stress [kPa], what it would mean) from the background stress [kPa]. A research sketch."""
    c = Cap()
    peak = background * concentration(diameter, gap_ratio)
    means = "rupture likely" if peak > c.likely else "rupture possible" if peak > c.possible else "below rupture"
    return peak, f"{means}. {SKETCH}"
