"""Plasma pyrophosphate: made from ATP (ENPP1, fed by ABCC6), hydrolysed by alkaline phosphatase, washed out by dialysis.

It turns over in half an hour, so it is taken as steady at every moment. Assays differ 3-fold: compare ratios, not values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fetuin.quantities import quantity


@dataclass(frozen=True)
class Pyrophosphate:
    """Parameters of pyrophosphate."""

    healthy: float = quantity(
        3.26, "umol/L", "Lomashvili 2005: 3.26 +- 0.17", "plasma pyrophosphate in health", (1.1, 3.6)
    )
    loss: float = quantity(30.2, "/d", "verified: half-life 33 min (rat)", "rate of hydrolysis", (20.0, 45.0))
    uraemia: float = quantity(
        0.45, "1", "Lomashvili 2005: 2.26 of 3.26 in haemodialysis", "rise of hydrolysis without kidney", (0.2, 0.7)
    )
    turnover: float = quantity(
        0.15, "1", "assumption: Laurain 2020, ALP r -0.49", "rise of hydrolysis per rise of bone formation", (0.0, 0.3)
    )
    by_phosphate: float = quantity(
        0.2,
        "1",
        "assumption: Lomashvili 2005, r 0.56 with phosphate",
        "rise of synthesis per rise of phosphate",
        (0.0, 0.5),
    )
    dialysed: float = quantity(
        0.9, "1", "Lomashvili 2005: -32 % a session, 30 % bound", "clearance relative to that of phosphate", (0.5, 1.0)
    )


def plasma(
    phosphate: Any,
    nephrons: Any,
    osteoblasts: Any,
    clearance: Any,
    volume: Any,
    synthesis: Any,
    breakdown: Any,
    p: Pyrophosphate,
) -> Any:
    """Pyrophosphate [umol/L]; phosphate, nephrons, osteoblasts relative to health, `clearance` of a dialyser [L/d]."""
    made = synthesis * (1.0 + p.by_phosphate * (phosphate - 1.0))
    uraemia = p.uraemia * (1.0 - nephrons) / (1.0 + 4.0 * nephrons)
    lost = breakdown * (1.0 + uraemia + p.turnover * (osteoblasts - 1.0)) + p.dialysed * clearance / (volume * p.loss)
    return p.healthy * made / lost
