"""Lanthanum carbonate: a metal that binds phosphate of food over the whole gut. The dose is elemental lanthanum."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.binding import held
from fetuin.therapies.contract import Therapy


@dataclass(frozen=True)
class Lanthanum:
    """What a gram binds. The coefficient of the equivalent dose (2.9 mmol/g) is the other published calibration."""

    binding: float = quantity(
        4.36, "mmol/g", "Martin 2011: 135 +- 12 mg of a meal not absorbed after 1 g; volunteers: urine -79 to -156 mg/g",
        "phosphate kept from absorption per gram of lanthanum", (2.9, 5.2),
    )  # fmt: skip


def effects(dose: float, p: Lanthanum) -> Targets:
    """Dietary phosphate kept in the gut by `dose` [g/d] chewed with food."""
    return Targets(phosphate_bound=held(p.binding * dose))


THERAPY = Therapy(
    name="lanthanum",
    dose_unit="g/d",
    maturity="established",
    parameters=Lanthanum(),
    effects=effects,
    mechanism="lanthanum set free by gastric acid forms an insoluble phosphate; less than 0.002 % is absorbed",
    harms_modelled=("hypophosphataemia",),
    harms_not_modelled=("deposits of lanthanum in stomach and bone", "nausea", "obstruction of the bowel"),
    usual=3.0,
    units={"tablet": 0.5, "La": 1.0, "elemental": 1.0},
    aliases=("lanthanum_carbonate",),
)
