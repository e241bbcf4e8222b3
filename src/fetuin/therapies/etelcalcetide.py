"""Etelcalcetide: an intravenous peptide on the calcium receptor, given at the end of dialysis. Milligrams a session."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Act, Dosing, Therapy
from fetuin.therapies.kinetics import acts, levels


@dataclass(frozen=True)
class Etelcalcetide:
    """How much more calcium the receptor perceives."""

    half_life: float = quantity(4.0, "d", "assumption: 3-5 d on thrice-weekly dialysis", "half-life in plasma")
    most: float = quantity(
        0.50, "1", "assumption: like a rise of ionised calcium by this share, at full occupation",
        "largest rise of perceived calcium", (0.1, 0.6),
    )  # fmt: skip
    half_dose: float = quantity(
        2.2, "mg/d", "calibrated to the pivotal trials: PTH -55 % at 26 weeks", "dose rate at half of it"
    )
    kidney: float = quantity(
        0.3, "1", "assumption: the tubule's receptor is reached less", "share of the effect at the tubule", (0.0, 1.0)
    )


def moved(level: float, p: Etelcalcetide) -> Targets:
    """What a level [mg/d at steady state] makes the calcium receptors perceive."""
    rise = p.most * level / (p.half_dose + level)
    return Targets(calcimimetic=rise, kidney_calcium_sensing=1.0 + p.kidney * rise)


def course(dosing: Dosing, p: Etelcalcetide) -> tuple[Act, ...]:
    """Builds up over some half-lives, and wears off after the last dose."""
    return acts(levels(dosing, p.half_life), lambda level: moved(level, p))


THERAPY = Therapy(
    name="etelcalcetide",
    dose_unit="mg",
    maturity="established",
    parameters=Etelcalcetide(),
    course=course,
    mechanism="a peptide that binds the calcium receptor: calcium is perceived as higher, PTH release, synthesis and growth fall",
    harms_modelled=("hypocalcaemia", "hungry bone", "adynamic bone by low PTH"),
    harms_not_modelled=("nausea", "QT interval", "worsening heart failure"),
    usual=5.0,
    interval=7 / 3,
    caution="calcium falls with PTH: it needs to be watched, most of all while the dose rises",
)
