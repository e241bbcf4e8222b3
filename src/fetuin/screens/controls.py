"""The sliders of the Model screen: what each moves, between which ends, and the place where it changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import fetuin.therapies
from fetuin.catalog import names
from fetuin.simulation.regimen import therapy


@dataclass(frozen=True)
class Control:
    """A slider: its key in a request, ends, step and neutral place in `unit`, and a sentence of help."""

    key: str
    label: str
    group: str  # "person", "diet", "dialysis" or "drugs"
    unit: str
    low: float
    high: float
    step: float
    neutral: float
    help: str
    family: str = ""
    maturity: str = ""
    every: float = 0.0  # days from one dose to the next; 0 where it is a rate

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


CONTROLS = (
    Control("gfr", "Kidney function", "person", "mL/min", 5.0, 120.0, 1.0, 90.0, "Filtration at day 0, reached over six years."),
    Control("diet_phosphate", "Phosphate eaten", "diet", "mmol/d", 10.0, 80.0, 1.0, 38.0, "1 g of phosphorus is 32 mmol."),
    Control("diet_calcium", "Calcium eaten", "diet", "mmol/d", 5.0, 75.0, 1.0, 24.0, "1 g of calcium is 25 mmol."),
    Control("sessions", "Sessions a week", "dialysis", "/wk", 1.0, 7.0, 1.0, 3.0, "Each of the length set below."),
    Control("hours", "Length of a session", "dialysis", "h", 2.0, 8.0, 0.5, 4.0, "Longer sessions remove more phosphate."),
    Control("dialysate_calcium", "Dialysate calcium", "dialysis", "mmol/L", 1.0, 1.75, 0.05, 1.25,
            "1.25 mmol/L is about neutral; 1.75 loads calcium."),
)  # fmt: skip
# The highest usual dose of a drug in the unit of its own file; ends of a slider, not advice. assumption: labels of the drugs
MOST: Mapping[str, Mapping[str, tuple[float, float]]] = MappingProxyType({
    "Phosphate binder": {"sevelamer": (9.6, 0.8), "lanthanum": (3.0, 0.25), "calcium_acetate": (6.0, 0.5), "calcium_carbonate": (6.0, 0.5),
               "sucroferric_oxyhydroxide": (3.0, 0.5), "ferric_citrate": (12.0, 1.0)},
    "Calcimimetic": {"cinacalcet": (180.0, 15.0), "etelcalcetide": (15.0, 2.5)},
    "Bisphosphonate": {"alendronate": (70.0, 5.0), "etidronate": (1500.0, 100.0), "risedronate": (35.0, 5.0),
                       "pamidronate": (90.0, 15.0), "ibandronate": (150.0, 25.0), "zoledronate": (5.0, 1.0)},
})  # fmt: skip


@cache
def drugs() -> tuple[Control, ...]:
    """One slider for each drug of the three families that the folder of therapies holds."""
    have, out = set(names(fetuin.therapies)), []
    for family, members in MOST.items():
        for name, (most, step) in members.items():
            if name in have:
                t = therapy(name)
                words = name.replace("_", " ").capitalize()
                said = f"usual {t.example.strip(chr(34))}; {t.mechanism}"
                every = 0.0 if t.per_day else t.interval
                out.append(
                    Control(name, words, "drugs", t.dose_unit, 0.0, most, step, 0.0, said, family, t.maturity, every)
                )
    return tuple(out)
