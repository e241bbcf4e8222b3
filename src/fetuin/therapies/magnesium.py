"""Magnesium by mouth: absorbed in part, kept as filtration is lost. Millimoles of magnesium a day."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Therapy


@dataclass(frozen=True)
class Magnesium:
    """What of a tablet dissolves and what it binds."""

    available: float = quantity(
        0.6, "1", "assumption: organic salts and slow-release hydroxide dissolve in part", "magnesium of the dose that dissolves",
        (0.4, 0.9),
    )  # fmt: skip
    binding: float = quantity(
        0.05, "1", "assumption: a little phosphate is kept in the gut", "phosphate held per magnesium", (0.0, 0.15)
    )


def effects(dose: float, p: Magnesium) -> Targets:
    """Magnesium swallowed and phosphate bound at `dose` [mmol/d]."""
    return Targets(magnesium_intake=p.available * dose, phosphate_bound=p.binding * dose)


THERAPY = Therapy(
    name="magnesium",
    dose_unit="mmol/d",
    maturity="investigational",
    parameters=Magnesium(),
    effects=effects,
    mechanism="plasma magnesium slows the ripening of calciprotein particles (T50), a little PTH, and amorphous mineral",
    harms_modelled=("hypermagnesaemia as filtration is lost",),
    harms_not_modelled=("diarrhoea",),
    usual=15.0,
    units={"g": 41.15, "mg": 0.04115},
    caution="T50 lengthens, while a benefit on CT is contradictory: MAGiCAL-CKD found none, and more serious adverse events",
)
