"""Haemodialysis: three or more sessions a week against a dialysate. Nothing is removed between sessions."""

from __future__ import annotations

from typing import Any

from fetuin.therapies.contract import Act, Therapy
from fetuin.therapies.dialysis_prescription import Prescription, sessions


def acts(dose: float, p: Any, days: float) -> tuple[Act, ...]:
    """A dose of 1 is the prescription; 0.5 half its clearances."""
    return sessions(p, dose)


THERAPY = Therapy(
    name="haemodialysis",
    dose_unit="1",
    maturity="established",
    parameters=Prescription(),
    acts=acts,
    mechanism="diffusion between plasma water and dialysate, and convection with the fluid removed",
    harms_modelled=("intradialytic shift of calcium", "alkalaemia"),
    harms_not_modelled=("hypotension", "access complications"),
    aliases=("hemodialysis",),
)
