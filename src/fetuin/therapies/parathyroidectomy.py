"""Parathyroidectomy: parathyroid tissue removed. The dose is the share of all tissue that is taken out (1: all of it).

What is left is parathyroid tissue of the same kind. Bone that PTH had driven goes on mineralising while resorption
stops: calcium and phosphate fall (hungry bone). That follows from the cells of bone; nothing here says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.errors import InputError
from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Act, Dosing, Therapy


@dataclass(frozen=True)
class Parathyroidectomy:
    """What an operation cannot reach."""

    left: float = quantity(
        0.01,
        "1",
        "assumption: rests outside the glands",
        "share of tissue that even a total operation leaves",
        (0.0, 0.05),
    )


def course(dosing: Dosing, p: Parathyroidectomy) -> tuple[Act, ...]:
    """From the operation on, for good."""
    if dosing.amount > 1:
        raise InputError(f"{dosing.amount:g} of the parathyroid tissue cannot be removed.", fix="a share from 0 to 1")
    return (Act(Targets(parathyroid_mass=1.0 - (1.0 - p.left) * dosing.amount)),)


THERAPY = Therapy(
    name="parathyroidectomy",
    dose_unit="1",
    maturity="established",
    parameters=Parathyroidectomy(),
    course=course,
    mechanism="the source of PTH is taken out; what is left answers calcium as before",
    harms_modelled=("hungry bone", "hypoparathyroidism", "adynamic bone"),
    harms_not_modelled=("voice nerve injury", "recurrence from a graft"),
    usual=0.95,
    caution="calcium needs support for days to weeks after it",
)
