"""Dialysis: diffusion between plasma water and dialysate, and convection with the fluid removed.

The prescription enters as inputs that are zero between sessions: clearances L/d, dialysate mmol/L, ultrafiltration L/d.
Fluxes are positive out of the body, mmol/d.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fetuin.quantities import quantity


@dataclass(frozen=True)
class Dialysis:
    """What of the plasma crosses the membrane."""

    donnan: float = quantity(
        0.91,
        "1",
        "assumption: Donnan ratio of 1.05, squared",
        "calcium and magnesium in ultrafiltrate per plasma water",
        (0.88, 1.0),
    )
    dialysate_free: float = quantity(
        1.0,
        "1",
        "assumption: lactate, acetate and bicarbonate hold some calcium",
        "calcium of the dialysate that diffuses",
        (0.85, 1.02),
    )


def calcium(ultrafiltrable: Any, clearance: Any, dialysate: Any, fluid: Any, p: Dialysis) -> Any:
    """Calcium removed [mmol/d]; negative where dialysate feeds the body."""
    return clearance * (p.donnan * ultrafiltrable - p.dialysate_free * dialysate) + fluid * p.donnan * ultrafiltrable


def magnesium(ultrafiltrable: Any, clearance: Any, dialysate: Any, fluid: Any, p: Dialysis) -> Any:
    """Magnesium removed [mmol/d]."""
    return clearance * (p.donnan * ultrafiltrable - dialysate) + fluid * p.donnan * ultrafiltrable


def phosphate(plasma: Any, clearance: Any, fluid: Any) -> Any:
    """Phosphate removed [mmol/d]; the dialysate holds none."""
    return (clearance + fluid) * plasma


def bicarbonate(plasma: Any, clearance: Any, dialysate: Any, fluid: Any) -> Any:
    """Bicarbonate removed [mmol/d]; negative where dialysate feeds the body."""
    return clearance * (plasma - dialysate) + fluid * plasma
