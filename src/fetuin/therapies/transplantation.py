"""Kidney transplantation: filtration comes back, dialysis ends. The dose is the filtration of the graft [mL/min].

What years of uraemia have made stays for a time: large parathyroid glands and high FGF23 meet a kidney that hears them,
so phosphate falls low and calcium may rise. That follows from the glands; nothing here says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.errors import InputError
from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Act, Dosing, Therapy

NO_DIALYSIS = dict.fromkeys(
    ("dialysis.kd_calcium", "dialysis.kd_magnesium", "dialysis.kd_phosphate", "dialysis.kd_bicarbonate",
     "dialysis.ultrafiltration", "dialysis.fluid_gain"), 0.0,
)  # fmt: skip


@dataclass(frozen=True)
class Transplantation:
    """From clinic units to the body's."""

    per_day: float = quantity(1.44, "L/d per mL/min", "1440 min a day", "filtration of a day")
    steroids: float = quantity(
        0.85, "1", "assumption: glucocorticoids of the first year and after", "recruitment of osteoblasts", (0.7, 1.0)
    )


def course(dosing: Dosing, p: Transplantation) -> tuple[Act, ...]:
    """From the operation on: the graft filters, dialysis stops, glucocorticoids slow bone formation."""
    if dosing.amount > 150:
        raise InputError(f"a graft that filters {dosing.amount:g} mL/min is not possible.", fix="at most 150 mL/min")
    return (Act(Targets(graft_filtration=dosing.amount * p.per_day, bone_formation=p.steroids), NO_DIALYSIS),)


THERAPY = Therapy(
    name="transplantation",
    dose_unit="mL/min",
    maturity="established",
    parameters=Transplantation(),
    course=course,
    mechanism="a kidney filters, makes calcitriol and hears PTH and FGF23 again",
    harms_modelled=("hypophosphataemia and hypercalcaemia by glands that stay large", "bone loss by glucocorticoids"),
    harms_not_modelled=("rejection", "infection", "tumours"),
    interval=float("inf"),
    usual=50.0,
    caution="coronary calcium has not been seen to regress after it",
    aliases=("kidney_transplantation", "transplant"),
)
