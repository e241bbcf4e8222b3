"""What is read off a trajectory but is no curve of it: deposits as CT counts them, arteries as a clinic measures them.

Names: SITE_mass [mg], SITE_volume [mm3], SITE_agatston [AU], SITE_density [1], SITE_calcium [mmol] for every site of
deposits, for `coronary` (intima and media) and `arterial` (every artery but the valve), `deposits` (all); `pwv`,
`systolic_pressure`, `diastolic_pressure`, `pulse_pressure`, `arterial_compliance`, `aac24`; hazards relative to day 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from fetuin.physiology import artery, plaque, scan
from fetuin.physiology.artery import CLASSES, Artery
from fetuin.physiology.deposit import CORONARY
from fetuin.physiology.deposit_site import sites
from fetuin.physiology.vessel_wall import mineral_speed

YEAR = 365.25
TRAITS = tuple(f"artery.{n}" for n in Artery.__dataclass_fields__)
"""Parameters of a person that the readings need; a trajectory keeps them."""
COUNTS = {"mass": "mg", "volume": "mm3", "agatston": "AU", "density": "1", "calcium": "mmol"}
VESSEL = {"pwv": "m/s", "systolic_pressure": "mm[Hg]", "diastolic_pressure": "mm[Hg]", "pulse_pressure": "mm[Hg]",
          "arterial_compliance": "mL/mm[Hg]", "aac24": "1", "coronary_hazard": "1", "pwv_hazard": "1"}  # fmt: skip


def groups() -> dict[str, tuple[str, ...]]:
    """{name: sites} of every place that a scan is asked about."""
    arteries = tuple(n for n, s in sites().items() if s.kind == "artery" and n != "valve")
    own = {n: (n,) for n in sites()}
    return own | {"coronary": CORONARY, "arterial": arteries, "deposits": tuple(sites()), "leg_arteries": ("aorta",)}


def names() -> tuple[str, ...]:
    """Every name that can be read."""
    return (*(f"{g}_{c}" for g in groups() for c in COUNTS), *VESSEL)


def unit(name: str) -> str | None:
    """The unit of a reading, None where there is none of that name."""
    if name in VESSEL:
        return VESSEL[name]
    group, _, count = name.rpartition("_")
    return COUNTS[count] if count in COUNTS and group in groups() else None


def read(
    name: str, curves: Mapping[str, np.ndarray], times: np.ndarray, traits: Mapping[str, np.ndarray]
) -> np.ndarray:
    """(people, times) of a reading; `unit(name)` is not None."""
    if name in VESSEL:
        return _vessel(name, curves, times, traits)
    group, _, count = name.rpartition("_")
    a, h = (sum(curves[f"{s}_{phase}"] for s in groups()[group]) for phase in ("amorphous", "apatite"))
    if count == "calcium":
        return np.asarray(a + h)
    counted: dict[str, Callable[[Any, Any], Any]] = {
        "mass": scan.mass, "volume": scan.volume, "agatston": scan.agatston, "density": scan.density_score,
    }  # fmt: skip
    return np.asarray(counted[count](a, h))


def _people(traits: Mapping[str, np.ndarray], count: int) -> list[Artery]:
    fields = [n.removeprefix("artery.") for n in TRAITS]
    if not traits:
        return [Artery()] * count
    return [Artery(**{f: float(traits[f"artery.{f}"][k]) for f in fields}) for k in range(count)]


def _vessel(
    name: str, curves: Mapping[str, np.ndarray], times: np.ndarray, traits: Mapping[str, np.ndarray]
) -> np.ndarray:
    wall, aorta = curves["wall_stiffness"], curves["aorta_amorphous"] + curves["aorta_apatite"]
    people, rows = _people(traits, len(wall)), []
    if name == "coronary_hazard":
        v, d = (read(f"coronary_{c}", curves, times, traits) for c in ("volume", "density"))
        ratio, step = np.maximum(v, 1.0) / np.maximum(v[:, :1], 1.0), d - d[:, :1]
        h = plaque.CoronaryHazard()
        return np.asarray(np.exp(h.volume_chd * np.log(ratio) + h.density_chd * step))
    for k, a in enumerate(people):
        arc = artery.arc_and_path(aorta[k], a)
        if name == "aac24":
            rows.append(24.0 * arc)
            continue
        base = artery.reference_speed(a.age + times / YEAR, CLASSES[round(min(max(a.pressure_class, 0.0), 4.0))])
        speed = a.path * a.own * base * wall[k] * mineral_speed(arc, arc)
        rows.append(_of_speed(name, speed, a))
    return np.asarray(rows)


def _of_speed(name: str, speed: np.ndarray, a: Artery) -> np.ndarray:
    if name == "pwv":
        return speed
    if name == "arterial_compliance":
        return np.asarray(artery.compliance(speed, a))
    if name == "pwv_hazard":
        return np.asarray(np.exp(artery.HAZARD_PER_SPEED["ckd"] * (speed - speed[0])))
    found = dict(
        zip(("systolic_pressure", "diastolic_pressure", "pulse_pressure"), artery.pressures(speed, a), strict=True)
    )
    return found[name]
