"""Romosozumab: an antibody against sclerostin, monthly for a year. Formation rises at once and wanes; resorption falls."""

from __future__ import annotations

import math
from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Act, Dosing, Therapy


@dataclass(frozen=True)
class Romosozumab:
    """What free sclerostin is left, and how bone gets used to it."""

    half: float = quantity(
        0.3, "mg/d", "assumption: 210 mg a month act nearly in full", "dose rate at half", (0.1, 1.5)
    )
    least: float = quantity(
        0.02, "1", "assumption: little sclerostin stays free", "sclerostin left at most", (0.0, 0.1)
    )
    waning: float = quantity(
        120.0, "d", "assumption: P1NP is back within nine months", "time constant of getting used to it", (60.0, 180.0)
    )
    kept: float = quantity(0.15, "1", "assumption: a small rise stays", "share of the effect that stays", (0.0, 0.4))
    lining: float = quantity(
        0.2,
        "1",
        "assumption: lining cells form bone without resorption before",
        "rise of recruitment at first",
        (0.0, 1.0),
    )
    rankl: float = quantity(
        0.45, "1", "assumption: CTX falls by a third to a half", "largest fall of RANKL", (0.3, 0.6)
    )


def course(dosing: Dosing, p: Romosozumab) -> tuple[Act, ...]:
    """Free sclerostin in steps as bone gets used to its absence; RANKL lower while it is given."""
    rate = dosing.amount / (dosing.every if math.isfinite(dosing.every) else 30.4375)
    last = dosing.last if math.isfinite(dosing.every) else min(30.4375, dosing.horizon)
    share = rate / (p.half + rate)
    lowest = math.log(1.0 - (1.0 - p.least) * share)
    edges = [e for e in (0.0, 15.0, 30.0, 60.0, 90.0, 130.0, 180.0, 250.0, 340.0) if e < last]
    found = []
    for a, b in zip(edges, [*edges[1:], last], strict=True):
        felt = p.kept + (1.0 - p.kept) * math.exp(-(a + min(b, a + 60.0)) / 2.0 / p.waning)
        found.append(
            Act(
                Targets(
                    sclerostin=math.exp(lowest * felt),
                    rankl=1.0 - p.rankl * share,
                    bone_formation=1.0 + p.lining * share * felt,
                ),
                {},
                a,
                b - a,
            )
        )
    return tuple(found)


THERAPY = Therapy(
    name="romosozumab",
    dose_unit="mg",
    maturity="established",
    parameters=Romosozumab(),
    course=course,
    mechanism="free sclerostin falls: osteoblasts are recruited and less RANKL is made; bone gets used to it in months",
    harms_modelled=("hypocalcaemia", "loss of gained mineral after it is stopped"),
    harms_not_modelled=("cardiovascular events", "jaw necrosis"),
    interval=30.4375,
    usual=210.0,
    routes={"sc": 1.0},
    caution="a signal for cardiovascular events in one trial: not modelled",
)
