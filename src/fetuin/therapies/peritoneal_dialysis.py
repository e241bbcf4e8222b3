"""Peritoneal dialysis: slow and every day; 8 to 10 L of dialysate leave with what has equilibrated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fetuin.quantities import quantity
from fetuin.therapies.contract import Act, Therapy


@dataclass(frozen=True)
class PeritonealDialysis:
    """Clearances of a day of exchanges."""

    phosphate_clearance: float = quantity(
        5.7, "L/d", "assumption: 40 L/wk/1.73 m2", "clearance of phosphate", (4.0, 9.0)
    )
    cation_clearance: float = quantity(
        6.5, "L/d", "assumption: like creatinine", "clearance of calcium and magnesium", (4.0, 10.0)
    )
    bicarbonate_clearance: float = quantity(
        8.0, "L/d", "assumption: dialysate volume", "clearance of bicarbonate", (6.0, 12.0)
    )
    calcium: float = quantity(1.25, "mmol/L", "convention: 1.25 or 1.75 mmol/L", "dialysate calcium", (1.0, 1.75))
    magnesium: float = quantity(0.5, "mmol/L", "convention: 0.25-0.75 mmol/L", "dialysate magnesium", (0.25, 0.75))
    buffer: float = quantity(
        38.0, "mmol/L", "convention: 35-40 mmol/L lactate, turned to bicarbonate", "dialysate buffer", (34.0, 40.0)
    )
    ultrafiltration: float = quantity(1.0, "L/d", "assumption: 1 L a day", "fluid removed and gained", (0.3, 2.0))


def acts(dose: float, p: Any, days: float) -> tuple[Act, ...]:
    """A dose of 1 is the day's exchanges; it runs without pause."""
    held = {
        "dialysis.kd_phosphate": p.phosphate_clearance * dose, "dialysis.kd_calcium": p.cation_clearance * dose,
        "dialysis.kd_magnesium": p.cation_clearance * dose, "dialysis.kd_bicarbonate": p.bicarbonate_clearance * dose,
        "dialysis.calcium": p.calcium, "dialysis.magnesium": p.magnesium, "dialysis.bicarbonate": p.buffer,
        "dialysis.ultrafiltration": p.ultrafiltration, "dialysis.fluid_gain": p.ultrafiltration,
    }  # fmt: skip
    return (Act(inputs=held, name="peritoneal dialysis"),)


THERAPY = Therapy(
    name="peritoneal_dialysis",
    dose_unit="1",
    maturity="established",
    parameters=PeritonealDialysis(),
    acts=acts,
    mechanism="diffusion into dialysate dwelling in the abdomen",
    harms_not_modelled=("peritonitis", "glucose load"),
)
