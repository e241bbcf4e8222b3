"""Sevelamer: a polymer that binds phosphate of food and is not absorbed. The dose is grams of sevelamer a day."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.binding import held
from fetuin.therapies.contract import Therapy


@dataclass(frozen=True)
class Sevelamer:
    """What a gram binds, and the alkali of its carbonate."""

    binding: float = quantity(
        1.09, "mmol/g", "Daugirdas PBED: 0.75 of calcium carbonate, 1.45 mmol/g; Martin 2011: 26 mg/g absorbed less",
        "phosphate kept from absorption per gram", (0.85, 1.3),
    )  # fmt: skip
    alkali: float = quantity(
        0.6, "mmol/g", "assumption: the carbonate salt gives its carbonate up for phosphate and bile acids",
        "alkali freed per gram", (0.0, 1.5),
    )  # fmt: skip


def effects(dose: float, p: Sevelamer) -> Targets:
    """Dietary phosphate kept in the gut by `dose` [g/d] taken with food, and the alkali of the salt."""
    return Targets(phosphate_bound=held(p.binding * dose), bicarbonate_intake=p.alkali * dose)


THERAPY = Therapy(
    name="sevelamer",
    dose_unit="g/d",
    maturity="established",
    parameters=Sevelamer(),
    effects=effects,
    mechanism="a polymer in the gut exchanges its counter-ion for phosphate of food; neither is absorbed",
    harms_modelled=("hypophosphataemia", "osteomalacia by phosphate depletion"),
    harms_not_modelled=(
        "obstruction and ulcer of the bowel",
        "binding of vitamins and drugs",
        "acidosis with the hydrochloride",
    ),
    usual=7.2,
    units={"tablet": 0.8},
    aliases=("sevelamer_carbonate", "sevelamer_hydrochloride"),
)
