"""Haemodiafiltration: haemodialysis with convection; phosphate clearance 175 against 160 mL/min in one comparison."""

from __future__ import annotations

from typing import Any

from fetuin.therapies.contract import Act, Therapy
from fetuin.therapies.dialysis_prescription import Prescription, sessions

PRESCRIPTION = Prescription(
    modality="haemodiafiltration", phosphate_clearance=175.0, calcium_clearance=130.0, magnesium_clearance=120.0,
    bicarbonate_clearance=140.0, substitution=22.0,
)  # fmt: skip


def acts(dose: float, p: Any, days: float) -> tuple[Act, ...]:
    """A dose of 1 is the prescription; its clearances hold the convective part."""
    return sessions(p, dose)


THERAPY = Therapy(
    name="haemodiafiltration",
    dose_unit="1",
    maturity="established",
    parameters=PRESCRIPTION,
    acts=acts,
    mechanism="diffusion and convection; clearances as measured with substitution (facts 2.7)",
    harms_modelled=("intradialytic shift of calcium", "alkalaemia"),
    harms_not_modelled=("hypotension", "albumin loss"),
    aliases=("hemodiafiltration",),
)
