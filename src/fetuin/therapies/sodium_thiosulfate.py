"""Sodium thiosulfate: used in calciphylaxis; what it does there is not settled. Grams a dose, after dialysis.

No inhibition of crystal growth at clinical doses is known. Modelled: its acid, and a slower stiffening of arteries and
fewer new nuclei, as hypotheses after one randomised trial.
"""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Therapy


@dataclass(frozen=True)
class SodiumThiosulfate:
    """What a gram a day does; 25 g three times a week are 10.7 g/d."""

    acid: float = quantity(
        1.5, "mmol/g", "assumption: a sixth of thiosulfate is oxidised to acid", "acid load per gram", (0.5, 4.0)
    )
    stiffening: float = quantity(
        0.12, "/g", "assumption after Djuric 2020: PWV 9.6 against 11.4 m/s at 6 months", "slowing of stiffening per g/d",
        (0.0, 0.3),
    )  # fmt: skip
    nuclei: float = quantity(
        0.10, "/g", "assumption after Djuric 2020: new valve calcium 0 against 8 of 29", "slowing of nucleation per g/d",
        (0.0, 0.3),
    )  # fmt: skip


def effects(dose: float, p: SodiumThiosulfate) -> Targets:
    """Acid, and the hypotheses, at `dose` [g/d]."""
    return Targets(
        acid_load=p.acid * dose, vessel_stiffening=1.0 / (1.0 + p.stiffening * dose),
        crystal_nucleation=1.0 / (1.0 + p.nuclei * dose),
    )  # fmt: skip


THERAPY = Therapy(
    name="sodium_thiosulfate",
    dose_unit="g/d",
    maturity="hypothesis",
    parameters=SodiumThiosulfate(),
    effects=effects,
    mechanism="unsettled: weak chelation of calcium, antioxidant; no inhibition of crystal growth is known",
    harms_modelled=("acidosis",),
    harms_not_modelled=("nausea", "hypotension", "loss of bone mineral by acid beyond the model"),
    usual=10.7,
    caution="coronary calcium progressed in 14 of 22 on it; aortic scores did not differ in the randomised trial",
    aliases=("sodium_thiosulphate", "thiosulfate"),
)
