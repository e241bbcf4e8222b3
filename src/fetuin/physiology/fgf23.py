"""FGF23 and Klotho: the bone's answer to a phosphate load, and the kidney's ear for it.

FGF23 follows the phosphate that each nephron has to excrete, plasma phosphate and vitamin D; Klotho, without which
the kidney does not hear it, goes with the nephrons. ng/L, time d.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fetuin.quantities import quantity


@dataclass(frozen=True)
class Fgf23:
    """Parameters of FGF23 and Klotho."""

    rate: float = quantity(
        0.3,
        "/d",
        "facts 6.3: hours to days; Vervloet 2011: +12 % after 36 h",
        "rate at which FGF23 follows its drive",
        (0.2, 2.0),
    )
    load_power: float = quantity(
        0.3,
        "1",
        "assumption: phosphate excreted per nephron signals to bone (glycerol-3-phosphate)",
        "exponent of the load per nephron",
        (0.2, 1.2),
    )
    phosphate_power: float = quantity(
        0.9, "1", "assumption: plasma phosphate adds", "exponent of plasma phosphate", (0.3, 3.0)
    )
    vitamin_d_power: float = quantity(
        1.0, "1", "assumption: calcitriol induces FGF23", "exponent of calcitriol", (0.5, 2.0)
    )
    precursor_power: float = quantity(
        0.35,
        "1",
        "ergocalciferol trial: FGF23 +72 % with calcitriol +24 %",
        "exponent of 25-hydroxyvitamin D, by local activation",
        (0.0, 0.6),
    )
    renal_clearance: float = quantity(
        0.4,
        "1",
        "assumption: part of FGF23 leaves by the kidney",
        "share of clearance that scales with filtration",
        (0.2, 0.6),
    )
    uraemia_power: float = quantity(
        1.3,
        "1",
        "CRIC: FGF23 rises first, before PTH and phosphate",
        "exponent of lost nephrons on production",
        (0.3, 1.8),
    )
    klotho_rate: float = quantity(0.04, "/d", "assumption: weeks", "rate of change of Klotho", (0.02, 0.1))
    klotho_power: float = quantity(
        0.6, "1", "assumption: Klotho falls early in kidney disease", "exponent of nephron mass on Klotho", (0.4, 1.2)
    )
    klotho_vitamin_d: float = quantity(
        0.15, "1", "assumption: calcitriol induces Klotho", "exponent of vitamin D on Klotho", (0.0, 0.4)
    )


def drive(m: Any, load: Any, phosphate: Any, vitamin_d: Any, precursor: Any, nephrons: Any, p: Fgf23) -> Any:
    """FGF23 called for, relative to healthy. All arguments relative to healthy.

    load: phosphate excreted per litre of filtrate; nephrons: filtration.
    """
    made = m.exp(
        p.load_power * m.log((load + 0.01) / 1.01)
        + p.phosphate_power * m.log(phosphate)
        + p.vitamin_d_power * m.log((vitamin_d + 0.15) / 1.15)
        + p.precursor_power * m.log((precursor + 0.05) / 1.05)
        - p.uraemia_power * m.log(nephrons)
    )
    return made / (1.0 - p.renal_clearance + p.renal_clearance * nephrons)


def klotho_target(m: Any, nephrons: Any, vitamin_d: Any, p: Fgf23) -> Any:
    """Klotho, relative to healthy."""
    return m.exp(p.klotho_power * m.log(nephrons) + p.klotho_vitamin_d * m.log((vitamin_d + 0.1) / 1.1))
