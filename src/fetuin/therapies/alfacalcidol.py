"""Alfacalcidol: 1-alpha-hydroxyvitamin D, made calcitriol by the liver whatever the kidney does. Micrograms."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.quantities import quantity
from fetuin.therapies import calcitriol
from fetuin.therapies.contract import Act, Dosing, Therapy


@dataclass(frozen=True)
class Alfacalcidol:
    """How much calcitriol it becomes."""

    conversion: float = quantity(
        0.65, "1", "assumption: 1 ug acts like 0.5-0.7 ug of oral calcitriol", "calcitriol per alfacalcidol", (0.5, 0.8)
    )


def course(dosing: Dosing, p: Alfacalcidol) -> tuple[Act, ...]:
    """As oral calcitriol, converted."""
    same = Dosing(dosing.amount * p.conversion, dosing.every, dosing.days, dosing.horizon)
    return calcitriol.course(same, calcitriol.Calcitriol())


THERAPY = Therapy(
    name="alfacalcidol",
    dose_unit="ug",
    maturity="established",
    parameters=Alfacalcidol(),
    course=course,
    mechanism="25-hydroxylated by the liver to calcitriol, so that the missing renal enzyme is bypassed",
    harms_modelled=("hypercalcaemia", "hyperphosphataemia", "hypercalciuria", "adynamic bone by low PTH"),
    harms_not_modelled=("kidney stones",),
    usual=0.5,
    caution="raises calcium and phosphate together: both feed deposits",
)
