"""Magnesium carbonate: a binder that is also swallowed magnesium and alkali. The dose is grams of the anhydrous salt."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.binding import held
from fetuin.therapies.contract import Therapy


@dataclass(frozen=True)
class MagnesiumCarbonate:
    """What a unit of dose does."""

    binding: float = quantity(
        2.46,
        "mmol/g",
        "Daugirdas PBED: 1.7 per gram anhydrous (hydrated 1.3)",
        "phosphate kept from absorption per gram",
        (1.9, 2.6),
    )
    magnesium: float = quantity(11.86, "mmol/g", "molar mass 84.314 g/mol", "magnesium per gram")
    alkali: float = quantity(3.0, "mmol/g", "assumption: an eighth of the carbonate", "net alkali per gram", (1.0, 8.0))


def effects(dose: float, p: MagnesiumCarbonate) -> Targets:
    """What `dose` [g/d of the salt] with meals binds, adds and alkalinises."""
    free = p.magnesium - held(p.binding)
    return Targets(
        phosphate_bound=held(p.binding * dose), magnesium_intake=free * dose, bicarbonate_intake=p.alkali * dose
    )


THERAPY = Therapy(
    name="magnesium_carbonate",
    dose_unit="g/d",
    maturity="established",
    parameters=MagnesiumCarbonate(),
    effects=effects,
    mechanism="magnesium freed by gastric acid binds phosphate of food; the rest is absorbed in part",
    harms_modelled=("hypermagnesaemia as filtration is lost",),
    harms_not_modelled=(
        "diarrhoea",
        "weakness and heart block of severe hypermagnesaemia",
    ),
    usual=2.0,
    units={"Mg": 3.469, "elemental": 3.469},
    caution="magnesium lengthens T50, while a benefit on CT is contradictory: MAGiCAL-CKD found none, and more serious adverse events",
)
