r"""The vessel wall: smooth muscle that turns bone-like, and a wall of soft and hard parts in series.

.. math:: \dot M = k_{on} H (1-M) - k_{off} M,\quad H = \frac{P^8}{P^8 + P_{50}^8}\Big(\frac{iCa}{1.2}\Big)^2 (1 + w I)

M is the metaplastic fraction of a segment. The law is as steep as it must be for a wall at a phosphate of 1.4 mmol/L to
stay sound for a lifetime (Jono 2000: no mineral at 1.4 mmol/L, more with each step above).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fetuin.quantities import quantity

STEEPNESS = 8.0  # exponent of phosphate; 4 would leave a healthy wall a quarter metaplastic


@dataclass(frozen=True)
class VesselWall:
    """Parameters of metaplasia and of stiffening that is not mineral."""

    half_phosphate: float = quantity(2.2, "mmol/L", "assumption: facts A1", "phosphate at half the drive", (1.9, 2.6))
    metaplasia_rate: float = quantity(
        1 / 56, "/d", "assumption: facts A1, 8 weeks in man", "k_on at full drive", (0.01, 0.04)
    )
    reversal_rate: float = quantity(1 / 91, "/d", "assumption: facts A1, 13 weeks", "k_off", (0.004, 0.02))
    injury_weight: float = quantity(
        2.0, "1", "assumption: injured wall turns sooner", "w, drive per unit of injury", (0.0, 5.0)
    )
    lost_pyrophosphate: float = quantity(
        0.7, "1", "assumption: facts A1, TNAP of metaplastic wall", "local pyrophosphate lost at M = 1", (0.4, 0.9)
    )
    vesicles: float = quantity(
        30.0, "1", "assumption: facts A1, sites x (1 + 30 M)", "nucleation sites per M", (10.0, 60.0)
    )
    uraemic_stiffening: float = quantity(
        0.015,
        "/a",
        "assumption: published 0.02 to 1.3 m/s a year; 0.15 at 10 m/s chosen",
        "relative rise of PWV a year without kidney, beside age and mineral",
        (0.0, 0.05),
    )


def drive(m: Any, phosphate: Any, ionised: Any, w: VesselWall) -> Any:
    """H of an uninjured wall; phosphate and ionised calcium mmol/L."""
    return m.hill(phosphate, w.half_phosphate, STEEPNESS) * (ionised / 1.2) * (ionised / 1.2)


def turning(fraction: Any, drive: Any, injury: Any, w: VesselWall) -> Any:
    """dM/dt [/d]."""
    on = w.metaplasia_rate * drive * (1.0 + w.injury_weight * injury)
    return on * (1.0 - fraction) - w.reversal_rate * fraction


def steady(drive: float, injury: float, w: VesselWall) -> float:
    """M at rest."""
    on = w.metaplasia_rate * drive * (1.0 + w.injury_weight * injury)
    return on / (on + w.reversal_rate)


def uraemia(nephrons: Any) -> Any:
    """0 in health to 1 without kidney; most of it below a fifth of filtration."""
    return (1.0 - nephrons) / (1.0 + 9.0 * nephrons)


def series_stiffness(soft: float, hard_over_soft: float, fraction: float) -> float:
    """Modulus of a wall with a mineral arc `fraction` in series, relative to `soft`'s unit: E_s/((1-f) + f E_s/E_c)."""
    return soft / ((1.0 - fraction) + fraction / hard_over_soft)


def mineral_speed(arc: Any, path: Any) -> Any:
    """PWV of a path relative to no mineral: arcs of `arc` over a part `path` of it. Transit times add, (1-f)^-1/2 each."""
    return 1.0 / (1.0 - path + path * (1.0 - arc) ** 0.5)
