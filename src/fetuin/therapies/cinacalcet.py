"""Cinacalcet: makes the calcium receptor of the parathyroid more sensitive. Milligrams a day by mouth."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Act, Dosing, Therapy
from fetuin.therapies.kinetics import acts, levels


@dataclass(frozen=True)
class Cinacalcet:
    """How much more calcium the receptor perceives."""

    half_life: float = quantity(1.5, "d", "textbook: terminal 30-40 h", "half-life in plasma")
    most: float = quantity(
        0.50, "1", "assumption: like a rise of ionised calcium by this share, at full occupation",
        "largest rise of perceived calcium", (0.1, 0.6),
    )  # fmt: skip
    half_dose: float = quantity(
        60.0,
        "mg/d",
        "calibrated to the label (dialysis) and Leere 2017 (primary hyperparathyroidism)",
        "dose rate at half of it",
    )
    kidney: float = quantity(
        0.3, "1", "assumption: the tubule's receptor is reached less", "share of the effect at the tubule", (0.0, 1.0)
    )


def moved(level: float, p: Cinacalcet) -> Targets:
    """What a level [mg/d at steady state] makes the calcium receptors perceive."""
    rise = p.most * level / (p.half_dose + level)
    return Targets(calcimimetic=rise, kidney_calcium_sensing=1.0 + p.kidney * rise)


def course(dosing: Dosing, p: Cinacalcet) -> tuple[Act, ...]:
    """Builds up over some half-lives, and wears off after the last dose."""
    return acts(levels(dosing, p.half_life), lambda level: moved(level, p))


THERAPY = Therapy(
    name="cinacalcet",
    dose_unit="mg/d",
    maturity="established",
    parameters=Cinacalcet(),
    course=course,
    mechanism="an allosteric activator of the calcium receptor: calcium is perceived as higher, PTH release, synthesis and growth fall",
    harms_modelled=("hypocalcaemia", "hungry bone", "adynamic bone by low PTH"),
    harms_not_modelled=("nausea", "QT interval", "upper bleeding"),
    usual=60.0,
    caution="calcium falls with PTH: it needs to be watched, most of all while the dose rises",
)
