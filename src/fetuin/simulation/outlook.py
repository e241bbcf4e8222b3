"""What is read of an arm for a person: benefit and harm, each a number of every member of the ensemble.

Laboratory values are means of the last year as a clinic draws them; deposits, arteries and bone are changes since day 0;
a risk is the share of members, or the chance, in the time simulated. What a trajectory does not hold is left out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from fetuin.physiology import readings
from fetuin.physiology.trajectory import Trajectory
from fetuin.quantities import quantity
from fetuin.simulation.observation import truth

YEAR = 365.25


@dataclass(frozen=True)
class Harm:
    """Where harm begins."""

    hypocalcaemia: float = quantity(2.1, "mmol/L", "convention: 8.4 mg/dL, the trials of calcimimetics", "low calcium")
    hypercalcaemia: float = quantity(2.6, "mmol/L", "convention: 10.4 mg/dL", "high calcium")
    hypophosphataemia: float = quantity(0.8, "mmol/L", "convention: lower reference limit", "low phosphate")
    adynamic: float = quantity(
        0.5, "1", "assumption: half of the healthy rate of bone formation", "bone formation that counts as adynamic"
    )
    fracture_rate: float = quantity(
        0.012, "/a", "assumption: any clinical fracture, adults in their sixties", "fractures a year at healthy density"
    )
    fracture_uraemia: float = quantity(
        2.5, "1", "assumption: dialysis patients fracture two to four times as often", "fold in dialysis"
    )
    fracture_density: float = quantity(
        1.5,
        "1",
        "Marshall 1996, BMJ 312:1254: 1.5 per standard deviation",
        "fold per standard deviation of density lost",
    )
    density_sd: float = quantity(0.12, "1", "assumption: 12 % of mean density", "standard deviation of density")
    fracture_adynamic: float = quantity(
        1.3, "1", "assumption: bone that is not renewed keeps its cracks", "fold while bone is adynamic"
    )


@dataclass(frozen=True)
class Line:
    """One line of the table: how it is read, its unit, and whether more is better (+1), worse (-1) or neither (0)."""

    name: str
    words: str
    unit: str
    better: int
    read: Callable[[Trajectory], np.ndarray]
    kind: str = "benefit"
    source: str = ""


def _last_year(name: str) -> Callable[[Trajectory], np.ndarray]:
    def read(t: Trajectory) -> np.ndarray:
        inside = t.times >= t.times[-1] - YEAR
        return np.asarray(truth(t, name)[0][:, inside].mean(axis=1))

    return read


def _change(name: str) -> Callable[[Trajectory], np.ndarray]:
    def read(t: Trajectory) -> np.ndarray:
        rows = t.rows(name)
        return np.asarray(rows[:, -1] - rows[:, 0])

    return read


def _percent(name: str) -> Callable[[Trajectory], np.ndarray]:
    def read(t: Trajectory) -> np.ndarray:
        rows = t.rows(name)
        return np.asarray(100.0 * (rows[:, -1] / np.maximum(rows[:, 0], 1e-9) - 1.0))

    return read


def _share_of_time(name: str, level: float, below: bool) -> Callable[[Trajectory], np.ndarray]:
    def read(t: Trajectory) -> np.ndarray:
        rows = t.rows(name)[:, 1:]
        return np.asarray(100.0 * (rows < level if below else rows > level).any(axis=1))

    return read


def _adynamic(t: Trajectory, h: Harm) -> np.ndarray:
    """(people, times) where bone formation is below the limit."""
    from fetuin.physiology.model import body_model

    return np.asarray(t.rows("bone_formation") < h.adynamic * body_model().parameters["solved.resorption"])


def adynamic_risk(t: Trajectory, h: Harm | None = None) -> np.ndarray:
    """100 where a member ends with adynamic bone, else 0."""
    return np.asarray(100.0 * _adynamic(t, h or Harm())[:, -1])


def fracture_risk(t: Trajectory, h: Harm | None = None) -> np.ndarray:
    """Chance of a fracture [%] of each member, from density, turnover, kidney function and drugs that name a hazard."""
    h = h or Harm()
    lost = (1.0 - t.rows("bmd_spine")) / h.density_sd
    uraemic = 1.0 + (h.fracture_uraemia - 1.0) * np.clip(1.0 - t.rows("egfr") / 60.0, 0.0, 1.0)
    fold = h.fracture_density**lost * uraemic * np.where(_adynamic(t, h), h.fracture_adynamic, 1.0)
    hazard = h.fracture_rate * fold
    years = t.times / YEAR
    total = ((hazard[:, 1:] + hazard[:, :-1]) / 2.0) @ np.diff(years)
    return np.asarray(100.0 * (1.0 - np.exp(-total)))


def lines(t: Trajectory) -> list[Line]:
    """The lines of a table for a trajectory; a read-out that it has gets a line of its own."""
    h = Harm()
    labs = [("phosphate", "Phosphate", -1), ("calcium", "Calcium", 0), ("pth", "PTH", 0), ("bicarbonate", "Bicarbonate", 0),
            ("calcitriol", "Calcitriol", 0), ("t50", "T50", 1)]  # fmt: skip
    found = [Line(n, f"{w}, last year", t.units.get(n, "1"), b, _last_year(n)) for n, w, b in labs if n in t.curves]
    for n, words in (("coronary_agatston", "Coronary calcium, change"), ("aorta_mass", "Aortic mineral, change"),
                     ("valve_agatston", "Aortic valve calcium, change")):  # fmt: skip
        if _has(t, n):
            found.append(Line(n, words, readings.unit(n) or t.units.get(n, "1"), -1, _change(n)))
    for n, words in (("pwv", "Pulse wave velocity, change"), ("pulse_pressure", "Pulse pressure, change")):
        if _has(t, n):
            found.append(Line(n, words, readings.unit(n) or "1", -1, _change(n)))
    found += [
        Line(n, w, "%", 1, _percent(n))
        for n, w in (("bmd_spine", "Spine density, change"), ("bmd_hip", "Hip density, change"))
    ]
    harms = [
        ("hypocalcaemia", f"Calcium ever below {h.hypocalcaemia:g} mmol/L", _share_of_time("calcium", h.hypocalcaemia, True)),
        ("hypercalcaemia", f"Calcium ever above {h.hypercalcaemia:g} mmol/L", _share_of_time("calcium", h.hypercalcaemia, False)),
        ("hypophosphataemia", f"Phosphate ever below {h.hypophosphataemia:g} mmol/L", _share_of_time("phosphate", h.hypophosphataemia, True)),
        ("adynamic_bone", "Adynamic bone at the end", adynamic_risk), ("fracture", "Fracture", fracture_risk),
    ]  # fmt: skip
    return found + [Line(n, w, "%", -1, read, "harm") for n, w, read in harms]


def _has(t: Trajectory, name: str) -> bool:
    return name in t.curves or readings.unit(name) is not None


@dataclass(frozen=True)
class Interval:
    """A middle and the 90 % interval over the ensemble; for risks that are yes or no, the share and its sampling error."""

    middle: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        """Plain numbers."""
        return {"median": self.middle, "low": self.low, "high": self.high}


def interval(values: np.ndarray) -> Interval:
    """Middle and 5 to 95 %; where values are only 0 and 100, the share with its 90 % Wilson interval."""
    if set(np.unique(values)) <= {0.0, 100.0}:
        return _share(float(np.mean(values) / 100.0), len(values))
    low, middle, high = (float(q) for q in np.percentile(values, (5, 50, 95)))
    return Interval(middle, low, high)


def _share(p: float, n: int, z: float = 1.645) -> Interval:
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Interval(100.0 * p, 100.0 * max(centre - half, 0.0), 100.0 * min(centre + half, 1.0))


def difference(mine: np.ndarray, other: np.ndarray) -> Interval:
    """The difference of the same members in two arms: middle (mean for yes or no) and 5 to 95 %."""
    gap = mine - other
    if set(np.unique(mine)) <= {0.0, 100.0} and set(np.unique(other)) <= {0.0, 100.0}:
        half = 1.645 * float(gap.std()) / math.sqrt(len(gap))
        return Interval(float(gap.mean()), float(gap.mean()) - half, float(gap.mean()) + half)
    low, middle, high = (float(q) for q in np.percentile(gap, (5, 50, 95)))
    return Interval(middle, low, high)


Table = Mapping[str, Mapping[str, Interval]]
