"""Phosphate between plasma and cells, and its controlled mobilisation when plasma phosphate is pulled down.

During dialysis plasma phosphate falls fast, then holds: release from cells rises with the fall and with time
(Agar 2011, Poleszczuk 2016, Daugirdas 2018). mmol, L, d.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fetuin.quantities import quantity


@dataclass(frozen=True)
class PhosphateShift:
    """Parameters of the exchange."""

    store: float = quantity(
        90, "mmol", "facts 6.1: fast exchangeable, some 100-300 mmol", "exchangeable phosphate of cells", (80.0, 300.0)
    )
    exchange: float = quantity(
        50,
        "L/d",
        "assumption: half of KM 87-99 mL/min (HEMO, Agar) at rest",
        "clearance between plasma and cells at rest",
        (40.0, 150.0),
    )
    mobilised: float = quantity(
        1.0,
        "1",
        "Agar 2011, HEMO: KM 45-208 mL/min in sessions",
        "rise of the exchange when fully mobilised",
        (0.2, 5),
    )
    mobilisation_fall: float = quantity(
        0.5,
        "1",
        "facts 2.7: a fast first hour, then a plateau or a rise",
        "relative fall at which half is mobilised",
        (0.3, 0.7),
    )
    mobilisation_rate: float = quantity(
        20.0, "/d", "Poleszczuk 2016: delay of an hour", "rate at which mobilisation follows the fall", (8.0, 48.0)
    )


def into_cells(plasma: Any, store: Any, mobilisation: Any, reference: Any, p: PhosphateShift) -> Any:
    """Net phosphate into cells [mmol/d], none at the reference; faster when mobilised."""
    return p.exchange * (1.0 + p.mobilised * mobilisation) * (plasma - reference * store / p.store)


def mobilisation_target(m: Any, plasma: Any, store: Any, reference: Any, p: PhosphateShift) -> Any:
    """How far mobilisation is called, 0 at rest, to 1: the relative fall of plasma below what the cells hold."""
    held = reference * store / p.store
    return m.smooth_step((held - plasma) / (held + 0.05) - p.mobilisation_fall, 0.08)
