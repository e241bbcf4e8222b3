"""A visit to the clinic in a simulated life: CT with its scan-rescan error, a bone scan, arteries, everything at once.

`visit` gives the Observations that a clinic would have of a person on a day of a trajectory; a laboratory's are
`observation.observe`. The same seed gives the same error. Measured values are what is seen, not what is true.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from fetuin.errors import InputError
from fetuin.knowledge.scan_repeatability import scan_sd
from fetuin.physiology import readings, tracer
from fetuin.physiology.deposit_site import sites
from fetuin.physiology.scan import Scanner
from fetuin.physiology.trajectory import Trajectory
from fetuin.quantities import quantity
from fetuin.records.record import Observation, Source
from fetuin.simulation.observation import DIGITS, observe

COUNTED = {
    "agatston": ("ct_agatston", "1", 0),
    "volume": ("ct_calcium_volume", "mm3", 0),
    "mass": ("ct_calcium_mass", "mg", 1),
}
LABORATORY = (
    "calcium",
    "phosphate",
    "magnesium",
    "bicarbonate",
    "pth",
    "calcidiol",
    "fgf23",
    "bone_alp",
    "t50",
    "pyrophosphate",
)
MEASURED = ("pwv", "systolic_pressure", "diastolic_pressure", "bmd_spine", "bmd_hip")
WHEN = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class BoneScan:
    """A whole-body bone scan."""

    minutes: float = quantity(180.0, "min", "convention: 3 h after injection", "time of the image", (120.0, 240.0))
    cv: float = quantity(15.0, "%", "assumption: regions and counts", "variation of a ratio", (5.0, 30.0))
    avidity: float = quantity(
        4.0,
        "1",
        "assumption: fresh amorphous mineral takes more tracer than bone",
        "uptake per new calcium, bone = 1",
        (1.0, 10.0),
    )
    tissue: float = quantity(
        0.001,
        "1",
        "assumption: 30 g of 35 kg of soft tissue",
        "part of the body's tissue fluid in a site",
        (1e-4, 1e-2),
    )


def _error(seed: int, *what: object) -> np.random.Generator:
    """The same error for the same person, day and quantity, whatever else is asked."""
    return np.random.default_rng([seed, zlib.crc32(repr(what).encode())])


def _at(t: Trajectory, name: str, day: float, person: int) -> float:
    if not t.times[0] <= day <= t.times[-1]:
        raise InputError(f"day {day:g} lies outside the trajectory.", where=name)
    return float(np.interp(day, t.times, t.rows(name)[person]))


def ct(
    t: Trajectory, site: str, day: float, seed: int, *, person: int = 0, bmi: float = 27.0, start: datetime = WHEN
) -> tuple[Observation, ...]:  # fmt: skip
    """Agatston score, volume and mass of a site (`coronary`, `aorta`, ...) as one scan shows them; 0 where nothing is seen.

    One error moves all three: they are counts of the same image. Raises InputError for a site that is not known.
    """
    if site not in readings.groups():
        raise InputError(f"'{site}' is no site of deposits.", fix=f"one of: {', '.join(readings.groups())}")
    real = {n: _at(t, f"{site}_{n}", day, person) for n in COUNTED}
    sd = scan_sd(real["volume"], bmi, "volume") if real["volume"] > 0 else 0.0
    seen = max(real["volume"] + sd * float(_error(seed, person, site, day).standard_normal()), 0.0)
    share = (
        seen / real["volume"] if real["volume"] > 0 and real["mass"] * seen / real["volume"] > Scanner().least else 0.0
    )
    when, source = start + timedelta(days=day), Source("simulation", "ct", site)
    return tuple(
        Observation(analyte, round(real[n] * share, digits), unit, when, source=source)
        for n, (analyte, unit, digits) in COUNTED.items()
    )


def bone_scan(
    t: Trajectory, site: str, day: float, seed: int, *, person: int = 0, start: datetime = WHEN, scan: BoneScan | None = None
) -> Observation:  # fmt: skip
    """Tracer in a site over tracer in the whole skeleton, as a bone scan shows it.

    Uptake is new mineral: what the deposit gains against what bone forms. A deposit that has ceased to grow is cold,
    however large. The background of tissue fluid, which rises as kidneys fail, is added in proportion to the site's part
    of the body.
    """
    s = scan or BoneScan()
    if site not in sites():
        raise InputError(f"'{site}' is no site of deposits.", fix=f"one of: {', '.join(sites())}")
    calcium = t.rows(f"{site}_calcium")[person]
    gained = max(float(np.interp(day, t.times, np.gradient(calcium, t.times))), 0.0) if len(t.times) > 1 else 0.0
    skeleton = max(_at(t, "bone_formation", day, person), 1e-6)
    amounts = tracer.amounts(s.minutes, max(_at(t, "egfr", day, person), 0.1))
    background = s.tissue * float((amounts["soft"] + amounts["plasma"])[0] / amounts["bone"][0])
    ratio = s.avidity * gained / skeleton + background
    seen = ratio * float(np.exp(s.cv / 100.0 * _error(seed, person, site, day, "tracer").standard_normal()))
    source = Source("simulation", "nm_planar", f"{site} over skeleton; background {background:.3g} without any deposit")
    return Observation("bone_scan_ratio", round(seen, 4), "1", start + timedelta(days=day), source=source)


def visit(
    t: Trajectory, day: float, seed: int, *, person: int = 0, scanned: Sequence[str] = ("coronary", "aorta", "valve"),
    start: datetime = WHEN,
) -> tuple[Observation, ...]:  # fmt: skip
    """Laboratory, T50, arteries, densitometry and CT of one person on one day."""
    asked = [n for n in (*LABORATORY, *MEASURED) if n in DIGITS]
    found = observe(t, asked, [day], seed, person=person, start=start)
    scans = [o for site in scanned for o in ct(t, site, day, seed, person=person, start=start)]
    return (*found, *scans)
