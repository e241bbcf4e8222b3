"""Calcium carbonate: binds phosphate of food, and is swallowed calcium and alkali. The dose is grams of the salt.

What calcium binds leaves with the stool; the rest is dissolved calcium that the gut may absorb. So the same tablet lowers
the phosphate that comes in and adds calcium that must go somewhere: urine, bone, or soft tissue.
"""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.binding import held
from fetuin.therapies.contract import Therapy

CALCIUM_SHARE = 0.4004  # g of calcium in a gram of CaCO3, by molar masses 40.078 and 100.087


@dataclass(frozen=True)
class CalciumCarbonate:
    """What a gram of the salt binds and gives."""

    binding: float = quantity(
        1.45, "mmol/g", "Daugirdas PBED, the reference: 45 mg/g (Schiller 1989: 39-45 mg/g of salt)",
        "phosphate kept from absorption per gram", (1.2, 1.5),
    )  # fmt: skip
    calcium: float = quantity(9.99, "mmol/g", "molar mass 100.087 g/mol", "calcium per gram")
    calcium_per_phosphate: float = quantity(
        1.5, "1", "assumption: calcium leaves with phosphate as an early calcium phosphate, Ca:P 1.5",
        "calcium kept per phosphate bound", (1.0, 1.67),
    )  # fmt: skip
    alkali: float = quantity(
        2.5, "mmol/g", "assumption: only calcium that is absorbed or leaves as phosphate spares alkali, an eighth of it",
        "net alkali per gram", (1.0, 6.0),
    )  # fmt: skip
    passage: float = quantity(
        0.11, "/g", "Hill 2013: 3.75 g/d of the salt: balance +508 against +61 mg/d (recalled), 8 patients, 45Ca",
        "rise of paracellular calcium absorption per g/d, for calcium of a soluble salt is not held by food", (0.0, 0.3),
    )  # fmt: skip


def effects(dose: float, p: CalciumCarbonate) -> Targets:
    """What `dose` [g/d of the salt] with meals binds, adds and alkalinises."""
    free = p.calcium - p.calcium_per_phosphate * held(p.binding)
    return Targets(
        phosphate_bound=held(p.binding * dose), calcium_intake=free * dose, bicarbonate_intake=p.alkali * dose,
        calcium_passage=1.0 + p.passage * dose,
    )  # fmt: skip


THERAPY = Therapy(
    name="calcium_carbonate",
    dose_unit="g/d",
    maturity="established",
    parameters=CalciumCarbonate(),
    effects=effects,
    mechanism="calcium freed by gastric acid binds phosphate of food; what is not used is absorbed with its alkali",
    harms_modelled=(
        "calcium load",
        "hypercalcaemia and suppression of PTH",
        "milk-alkali syndrome",
        "calcium for deposits",
    ),
    harms_not_modelled=("constipation", "binding of other drugs", "stone disease"),
    usual=3.0,
    units={"Ca": 1 / CALCIUM_SHARE, "elemental": 1 / CALCIUM_SHARE},
    caution="lowers phosphate and adds calcium: at equal phosphate, vessel calcium grew more than with sevelamer",
)
