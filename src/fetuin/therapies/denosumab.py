"""Denosumab: an antibody that takes RANKL away from its receptor, under the skin every six months. Milligrams.

While it acts, precursors of osteoclasts wait; when it wears off they come all at once. That rebound, and the calcium dip
where bone was the buffer, follow from the cells of bone (`physiology.bone`); here is only how much RANKL is left.
"""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Act, Dosing, Therapy
from fetuin.therapies.kinetics import acts, by_dose

STEPS = (0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 9.5, 10.0, 10.5, 11.0, 11.5, 12.0, 12.5, 13.0, 13.5, 14.0,
         14.5, 15.0, 16.0, 17.0, 18.0, 20.0, 23.0)  # fmt: skip
"""Edges of pieces in half-lives, fine where RANKL comes back."""


@dataclass(frozen=True)
class Denosumab:
    """Kinetics and potency."""

    half_life: float = quantity(15.0, "d", "facts 5.4: half-life 15 d", "half-life in serum", (13.0, 28.0))
    absorption: float = quantity(
        2.7, "d", "facts 5.4: highest on day 10, half of that in two days", "half-life of absorption", (1.0, 6.0)
    )
    half: float = quantity(
        0.0018, "mg", "calibrated: CTX still low at six months, back by eight (recalled)",
        "amount in the body that takes half of RANKL away", (0.0005, 0.02),
    )  # fmt: skip
    least: float = quantity(0.09, "1", "FREEDOM: CTX > 80 % down by day 5", "RANKL that is never reached", (0.03, 0.15))


def moved(amount: float, p: Denosumab) -> Targets:
    """RANKL left at an amount in the body [mg]."""
    return Targets(rankl_free=p.least + (1.0 - p.least) / (1.0 + amount / p.half))


def course(dosing: Dosing, p: Denosumab) -> tuple[Act, ...]:
    """Dose by dose, until less than a thousandth of RANKL is taken away."""
    return acts(by_dose(dosing, p.half_life, p.absorption, STEPS), lambda amount: moved(amount, p))


THERAPY = Therapy(
    name="denosumab",
    dose_unit="mg",
    maturity="established",
    parameters=Denosumab(),
    course=course,
    mechanism="binds RANKL: osteoclasts are not made, their precursors wait",
    harms_modelled=(
        "hypocalcaemia, deeper as filtration is lost",
        "rebound of resorption after the last dose",
        "adynamic bone",
    ),
    harms_not_modelled=("vertebral fractures of the rebound", "jaw necrosis", "infection"),
    interval=182.625,
    usual=60.0,
    routes={"sc": 0.73},
    caution="stopping it lets resorption overshoot; in dialysis hypocalcaemia can be severe",
)
