"""Calcium acetate: binds more phosphate per calcium than the carbonate. The dose is grams of the salt."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.binding import held
from fetuin.therapies.contract import Therapy

CALCIUM_SHARE = 0.2534  # g of calcium in a gram of Ca(CH3COO)2, by molar masses 40.078 and 158.166


@dataclass(frozen=True)
class CalciumAcetate:
    """What a gram of the salt binds and gives."""

    binding: float = quantity(
        1.45, "mmol/g", "Daugirdas PBED: 1.0 per gram of calcium carbonate; Schiller 1989: 37.7-45 mg/g",
        "phosphate kept from absorption per gram", (1.2, 1.5),
    )  # fmt: skip
    calcium: float = quantity(6.32, "mmol/g", "molar mass 158.166 g/mol", "calcium per gram")
    calcium_per_phosphate: float = quantity(
        1.5, "1", "assumption: calcium leaves with phosphate as an early calcium phosphate, Ca:P 1.5",
        "calcium kept per phosphate bound", (1.0, 1.67),
    )  # fmt: skip
    alkali: float = quantity(
        3.0, "mmol/g", "assumption: a quarter of the acetate is absorbed beyond what the stool takes",
        "net alkali per gram", (1.0, 8.0),
    )  # fmt: skip
    passage: float = quantity(
        0.07, "/g", "assumption: as calcium carbonate, per calcium (Hill 2013)",
        "rise of paracellular calcium absorption per g/d", (0.0, 0.2),
    )  # fmt: skip


def effects(dose: float, p: CalciumAcetate) -> Targets:
    """What `dose` [g/d of the salt] with meals binds, adds and alkalinises."""
    free = p.calcium - p.calcium_per_phosphate * held(p.binding)
    return Targets(
        phosphate_bound=held(p.binding * dose), calcium_intake=free * dose, bicarbonate_intake=p.alkali * dose,
        calcium_passage=1.0 + p.passage * dose,
    )  # fmt: skip


THERAPY = Therapy(
    name="calcium_acetate",
    dose_unit="g/d",
    maturity="established",
    parameters=CalciumAcetate(),
    effects=effects,
    mechanism="a calcium salt that dissolves at any pH binds phosphate of food; what is not used is absorbed",
    harms_modelled=("calcium load", "hypercalcaemia and suppression of PTH", "calcium for deposits"),
    harms_not_modelled=("nausea", "binding of other drugs"),
    usual=4.0,
    units={"tablet": 0.667, "Ca": 1 / CALCIUM_SHARE, "elemental": 1 / CALCIUM_SHARE},
    caution="lowers phosphate and adds calcium: at equal phosphate, vessel calcium grew more than with sevelamer",
)
