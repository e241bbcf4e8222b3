"""A dialysis prescription in clinic words, checked, and what it means for the body's inputs.

Clearances mL/min, dialysate mmol/L, fluid L. Between sessions nothing crosses; each session is an Act of the week.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from fetuin.errors import InputError
from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Act

PER_DAY = 1.44  # mL/min to L/d
WEEKDAYS = {
    1: (0.0,),
    2: (0.0, 3.0),
    3: (0.0, 2.0, 4.0),
    4: (0.0, 2.0, 4.0, 5.0),
    5: (0, 1, 2, 4, 5),
    6: (0, 1, 2, 3, 4, 5),
    7: (0, 1, 2, 3, 4, 5, 6),
}


@dataclass(frozen=True)
class Prescription:
    """Sessions a week, hours, clearances and dialysate. Clearances of the minor solutes follow that of phosphate."""

    modality: str = "haemodialysis"
    sessions: float = quantity(3.0, "/wk", "convention: thrice weekly", "sessions a week")
    hours: float = quantity(4.0, "h", "convention: 4 h", "length of a session")
    phosphate_clearance: float = quantity(
        160.0, "mL/min", "facts 2.7: HD 160 +- 14 mL/min", "clearance of phosphate", (80.0, 230.0)
    )
    calcium_clearance: float = quantity(
        120.0, "mL/min", "assumption: ionic dialysance of calcium", "clearance of calcium", (80.0, 180.0)
    )
    magnesium_clearance: float = quantity(
        110.0, "mL/min", "assumption: ionic dialysance of magnesium", "clearance of magnesium", (70.0, 170.0)
    )
    bicarbonate_clearance: float = quantity(
        130.0, "mL/min", "assumption: dialysance of bicarbonate", "clearance of bicarbonate", (90.0, 200.0)
    )
    calcium: float = quantity(1.25, "mmol/L", "facts 5.2: 1.25-1.75 mmol/L in use", "dialysate calcium", (1.0, 1.75))
    magnesium: float = quantity(0.5, "mmol/L", "facts 5.8: 0.5 mmol/L standard", "dialysate magnesium", (0.25, 1.0))
    bicarbonate: float = quantity(32.0, "mmol/L", "facts 5.2: 26-32 mmol/L", "dialysate bicarbonate", (24.0, 40.0))
    citrate: float = quantity(
        0.0, "mmol/L", "convention: 0 without a citrate dialysate, 0.8-1.0 with it", "dialysate citrate", (0.0, 1.0)
    )
    ultrafiltration: float = quantity(2.2, "L", "assumption: 2-3 L a session", "fluid removed by a session", (0.0, 4.0))
    substitution: float = quantity(
        0.0, "L", "convention: 0 without haemodiafiltration", "substitution volume of a session", (0.0, 30.0)
    )


BOUND_BY_CITRATE = 0.20  # calcium bound per dialysate citrate, mmol/mmol; assumption: 0.15 mmol/L at 0.8 mmol/L
CITRATE_REACHED = 0.35  # plasma citrate gained in a session per dialysate citrate; assumption: the liver burns most

LIMITS = {
    "sessions": (1, 7), "hours": (1.0, 24.0), "phosphate_clearance": (0.0, 400.0), "calcium_clearance": (0.0, 400.0),
    "magnesium_clearance": (0.0, 400.0), "bicarbonate_clearance": (0.0, 400.0), "calcium": (0.0, 2.5),
    "magnesium": (0.0, 2.0), "bicarbonate": (0.0, 45.0), "citrate": (0.0, 2.0), "ultrafiltration": (0.0, 6.0), "substitution": (0.0, 40.0),
}  # fmt: skip


def checked(p: Prescription, where: str = "dialysis") -> Prescription:
    """The prescription, or a refusal that says which number is impossible."""
    for name, (low, high) in LIMITS.items():
        value = getattr(p, name)
        if not low <= value <= high:
            raise InputError(f"{name} = {value:g} is not possible in {p.modality}.", where=where,
                             why="a week has 7 days" if name == "sessions" else f"limits {low:g} to {high:g}",
                             fix=f"a value between {low:g} and {high:g}")  # fmt: skip
    if p.sessions != int(p.sessions):
        raise InputError(f"{p.sessions} sessions a week is not a whole number.", where=where)
    return p


def sessions(p: Prescription, fold: float = 1.0) -> tuple[Act, ...]:
    """The sessions of a week as acts. `fold` multiplies the clearances (a therapy dose of 1 is the prescription)."""
    checked(p)
    days = WEEKDAYS[int(p.sessions)]
    length = p.hours / 24.0
    gaps = [b - a for a, b in pairwise((days[-1] - 7.0, *days))]
    gain = p.ultrafiltration * len(days) / 7.0
    found = [Act(inputs={"dialysis.fluid_gain": gain}, name=p.modality)] if gain else []
    for day, gap in zip(days, gaps, strict=True):
        fluid = gain * gap / length
        held = {
            "dialysis.kd_phosphate": p.phosphate_clearance, "dialysis.kd_calcium": p.calcium_clearance,
            "dialysis.kd_magnesium": p.magnesium_clearance, "dialysis.kd_bicarbonate": p.bicarbonate_clearance,
        }  # fmt: skip
        held = {k: v * PER_DAY * fold for k, v in held.items()}
        held |= {
            "dialysis.calcium": max(p.calcium - BOUND_BY_CITRATE * p.citrate, 0.0),
            "dialysis.magnesium": p.magnesium,
            "dialysis.bicarbonate": p.bicarbonate,
        }
        found.append(
            Act(
                Targets(plasma_citrate=CITRATE_REACHED * p.citrate),
                inputs={**held, "dialysis.ultrafiltration": fluid},
                start=float(day),
                duration=length,
                every=7.0,
                name=p.modality,
            )
        )
    return tuple(found)


def gained_before(p: Prescription) -> float:
    """Fluid gained before the first session of the week [L], after the long gap."""
    days = WEEKDAYS[int(p.sessions)]
    return p.ultrafiltration * len(days) / 7.0 * (days[0] - (days[-1] - 7.0))
