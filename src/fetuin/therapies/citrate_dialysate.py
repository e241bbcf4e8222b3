"""Haemodialysis against citrate: a dialysate acidified by citric acid, which binds calcium and slows ripening of particles."""

from __future__ import annotations

from typing import Any

from fetuin.therapies.contract import Act, Therapy
from fetuin.therapies.dialysis_prescription import Prescription, sessions

PRESCRIPTION = Prescription(citrate=0.8, calcium=1.5)


def acts(dose: float, p: Any, days: float) -> tuple[Act, ...]:
    """A dose of 1 is the prescription."""
    return sessions(p, dose)


THERAPY = Therapy(
    name="citrate_dialysate",
    dose_unit="1",
    maturity="established",
    parameters=PRESCRIPTION,
    acts=acts,
    mechanism="citrate of the dialysate binds calcium, so that less crosses, and enters plasma for the session",
    harms_modelled=("calcium lost in a session", "alkalaemia by citrate that is burnt"),
    harms_not_modelled=("hypotension by low ionised calcium",),
    caution="raise dialysate calcium to keep the balance",
)
