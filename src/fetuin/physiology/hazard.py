"""What stiff and calcified arteries mean for events, as ratios to day 0, never without an interval.

PWV and coronary calcium share a cause, so where both are used each is shrunk by 0.7 on the log scale. Ratios between
groups of people; for one person they say a direction and how unsure it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from fetuin.errors import InputError
from fetuin.physiology import plaque
from fetuin.physiology.artery import HAZARD_PER_SPEED, SHARED_CAUSE
from fetuin.physiology.trajectory import Trajectory

INTERVALS = {"general": (1.07, 1.18), "ckd": (1.05, 1.31), "haemodialysis": (1.00, 1.62)}
"""95 % of the ratio per m/s: Zhong 2018; adjusted Zoungas 2007 and Chandra 2014 together; Shoji 2001 and Blacher 1999."""
READING_ERROR = 0.6  # m/s; assumption: two measurements of one person


@dataclass(frozen=True)
class Ratio:
    """A hazard ratio with its 95 % interval and where it comes from."""

    ratio: float
    low: float
    high: float
    source: str


def of_speed(change: float, population: str = "ckd", shrink: float = 1.0) -> Ratio:
    """Cardiovascular events for a `change` of PWV [m/s]: the spread between studies and the error of two readings."""
    if population not in INTERVALS:
        raise InputError(f"no hazard of PWV for '{population}'.", fix=f"one of: {', '.join(INTERVALS)}")
    per, (low, high) = HAZARD_PER_SPEED[population], INTERVALS[population]
    sd = math.hypot(change * (math.log(high) - math.log(low)) / 3.92, per * READING_ERROR)
    centre = shrink * per * change
    sd = shrink * sd
    return Ratio(
        math.exp(centre), math.exp(centre - 1.96 * sd), math.exp(centre + 1.96 * sd), f"per m/s in {population}"
    )


def outlook(t: Trajectory, day: float, person: int = 0, population: str = "ckd") -> dict[str, Ratio]:
    """Ratios to day 0 of a person on a day: by PWV, by coronary volume and density, and both, shrunk."""

    def at(name: str, when: float) -> float:
        return float(t.at(name, when)[person])

    change = at("pwv", day) - at("pwv", 0.0)
    volume = max(at("coronary_volume", day), 1.0) / max(at("coronary_volume", 0.0), 1.0)
    density = at("coronary_density", day) - at("coronary_density", 0.0)
    alone = plaque.coronary_hazard(volume, density)
    speed, calcium = of_speed(change, population), Ratio(*alone, plaque.CRIQUI)
    both = _product(of_speed(change, population, SHARED_CAUSE), _shrunk(calcium))
    return {"pulse wave velocity": speed, "coronary calcium": calcium, "both": both}


def _shrunk(r: Ratio) -> Ratio:
    return Ratio(r.ratio**SHARED_CAUSE, r.low**SHARED_CAUSE, r.high**SHARED_CAUSE, r.source)


def _product(a: Ratio, b: Ratio) -> Ratio:
    centre = math.log(a.ratio * b.ratio)
    sd = math.hypot(*(math.log(r.high / r.low) / 3.92 for r in (a, b)))
    return Ratio(
        math.exp(centre), math.exp(centre - 1.96 * sd), math.exp(centre + 1.96 * sd), "both, each shrunk by 0.7"
    )
