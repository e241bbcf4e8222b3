"""Teriparatide: PTH(1-34) once a day under the skin. A pulse builds bone; the same hormone held high resorbs it.

The pulse is over in hours, so it stands as what it does: recruitment of osteoblasts at once, RANKL later, and the mean
rise of PTH that the kidney hears.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Act, Dosing, Therapy


@dataclass(frozen=True)
class Teriparatide:
    """What a daily pulse does."""

    formation_most: float = quantity(
        0.7, "1", "assumption: P1NP doubles to trebles", "largest rise of osteoblast recruitment", (0.4, 1.5)
    )
    rankl_most: float = quantity(
        0.6, "1", "assumption: CTX rises after P1NP, by half or more", "largest rise of RANKL", (0.4, 1.5)
    )
    cortical: float = quantity(
        1.0, "1", "assumption: cortical bone becomes porous; the hip gains little", "largest rise of cortical resorption",
        (0.5, 1.5),
    )  # fmt: skip
    half: float = quantity(
        20.0, "ug/d", "assumption: 40 ug act more than 20 ug", "dose at half of the effect", (10.0, 40.0)
    )
    delay: float = quantity(
        90.0, "d", "assumption: the anabolic window of some months", "time constant of the rise of RANKL", (40.0, 150.0)
    )
    hormone: float = quantity(
        0.15, "ng/L per ug/d", "assumption: an hour-long peak of 100 ng/L, as PTH of equal effect over the day",
        "mean PTH-like effect per dose", (0.05, 0.4),
    )  # fmt: skip


def course(dosing: Dosing, p: Teriparatide) -> tuple[Act, ...]:
    """Osteoblasts from the first day, RANKL in steps that lag, both gone with the drug."""
    dose = dosing.amount / dosing.every
    share = 2.0 * dose / (p.half + dose) / 2.0
    edges = [e for e in (0.0, 20.0, 45.0, 80.0, 130.0, 200.0, 300.0) if e < dosing.last]
    found = []
    for a, b in zip(edges, [*edges[1:], dosing.last], strict=True):
        risen = 1.0 - math.exp(-(a + min(b, a + 100.0)) / 2.0 / p.delay)
        moved = Targets(bone_formation=1.0 + p.formation_most * share, rankl=1.0 + p.rankl_most * share * risen,
                        pthrp=p.hormone * dose, cortical_resorption=1.0 + p.cortical * share)  # fmt: skip
        found.append(Act(moved, {}, a, b - a))
    return tuple(found)


THERAPY = Therapy(
    name="teriparatide",
    dose_unit="ug",
    maturity="established",
    parameters=Teriparatide(),
    course=course,
    mechanism="daily pulses of PTH recruit osteoblasts before they raise RANKL",
    harms_modelled=("a rise of calcium", "loss of gained mineral after it is stopped"),
    harms_not_modelled=("nausea", "osteosarcoma of growing rats"),
    interval=1.0,
    usual=20.0,
    routes={"sc": 1.0},
    caution="in adynamic bone of dialysis it is tried, not established",
)
