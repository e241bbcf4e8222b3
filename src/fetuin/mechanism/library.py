"""What the laboratory would show of every lesion at a kidney function: the body run once for each, and kept.

A lesion is run at three severities for as long as it usually lasts before it is seen. Lesions that leave the serum as it
was (of arteries, of pyrophosphate) cannot be read from it and are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from fetuin.knowledge.lesion import lesions
from fetuin.simulation.person import Person
from fetuin.simulation.scenario import Scenario
from fetuin.simulation.simulate import carried
from fetuin.therapies.dialysis_prescription import Prescription

ANALYTES = ("calcium", "calcium_ionised", "phosphate", "magnesium", "bicarbonate", "pth", "calcitriol", "calcidiol",
            "fgf23", "urine_calcium")  # fmt: skip
BETWEEN = {"calcium": 0.06, "calcium_ionised": 0.06, "phosphate": 0.14, "magnesium": 0.09, "bicarbonate": 0.08,
           "pth": 0.50, "calcitriol": 0.35, "calcidiol": 0.45, "fgf23": 0.50, "urine_calcium": 0.50}  # fmt: skip
"""Standard deviation of the logarithm between people, within them and of the assay together; assumption."""
SEVERITIES = (0.5, 1.0, 1.5)
WEIGHTS = (0.3, 0.5, 0.2)  # assumption: most are seen at full severity
DAYS = {"tumour_lysis": 2.0, "phosphate_load": 5.0, "milk_alkali": 60.0, "magnesium_deficiency": 60.0,
        "malignancy_pthrp": 60.0, "malignancy_osteolytic": 60.0, "calcitriol_lymphoma": 60.0}  # fmt: skip
YEAR = 365.0
LEVELS = (100.0, 70.0, 45.0, 30.0, 20.0, 12.0, 7.0)  # mL/min
DIALYSIS = 3.0  # mL/min left
MOVES = 0.5  # of a standard deviation: less is not seen
NOTHING = "none"
KIDNEY = ("ckd", "secondary_hyperparathyroidism")


@dataclass(frozen=True)
class Expected:
    """Logarithms of what each lesion shows: (severities, analytes); `NOTHING` is kidney function alone."""

    gfr: float
    dialysis: bool
    shown: Mapping[str, np.ndarray]


def level(gfr: float | None) -> float:
    """The level of filtration that is nearest, healthy where it is not known."""
    return min(LEVELS, key=lambda x: abs(np.log(x) - np.log(max(gfr or LEVELS[0], 1.0))))


@lru_cache(maxsize=16)
def library(gfr: float, dialysis: bool = False) -> Expected:
    """What every lesion shows at a level of filtration [mL/min], or in haemodialysis."""
    names = [k for k in lesions() if not k.startswith(KIDNEY)]
    each = [Scenario()] + [Scenario(disorders={k: s}) for k in names for s in SEVERITIES]
    days = 364.0 if dialysis else YEAR
    who = Person(gfr=DIALYSIS if dialysis else gfr, dialysis=Prescription() if dialysis else None)
    people = [
        Person(str(k), gfr=who.gfr, dialysis=who.dialysis, before=182.0 if dialysis else None) for k in range(len(each))
    ]
    times = np.unique([0.0, *DAYS.values(), days])
    t, now = carried(people, each, days, times=times, rtol=1e-4, failures="collect")
    rows = {int(p.name): k for k, p in enumerate(now)}
    shown = {NOTHING: np.tile(_logs(t, rows[0], len(times) - 1), (len(SEVERITIES), 1))}
    for j, name in enumerate(names):
        places = [rows.get(1 + j * len(SEVERITIES) + k) for k in range(len(SEVERITIES))]
        if None in places:
            continue
        at = int(np.argmin(np.abs(times - DAYS.get(name, days))))
        found = np.array([_logs(t, place, at) for place in places if place is not None])
        moved = np.abs(found - shown[NOTHING]) / np.array([BETWEEN[a] for a in ANALYTES])
        if moved.max() > MOVES:
            shown[name] = found
    return Expected(gfr, dialysis, shown)


def _logs(t: object, row: int, at: int) -> np.ndarray:
    return np.array([np.log(max(float(t.rows(a)[row, at]), 1e-6)) for a in ANALYTES])  # type: ignore[attr-defined]
