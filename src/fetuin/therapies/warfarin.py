"""Warfarin: a vitamin K antagonist. Matrix Gla protein stays uncarboxylated, and arteries lose a guard. Milligrams a day."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Act, Dosing, Therapy
from fetuin.therapies.kinetics import acts, levels


@dataclass(frozen=True)
class Warfarin:
    """How much matrix Gla protein is lost."""

    most: float = quantity(
        0.9, "1", "assumption: uncarboxylated protein predominates at high doses", "largest loss", (0.5, 1.0)
    )
    half: float = quantity(2.5, "mg/d", "assumption: 5 mg/d take most of it", "dose at half of it", (1.0, 5.0))
    half_life: float = quantity(
        7.0, "d", "assumption: tissue protein follows within weeks", "half-life of the effect", (2.0, 20.0)
    )


def course(dosing: Dosing, p: Warfarin) -> tuple[Act, ...]:
    """Carboxylated matrix Gla protein, falling over weeks and coming back after."""
    return acts(levels(dosing, p.half_life), lambda mg: Targets(matrix_gla_protein=1.0 - p.most * mg / (p.half + mg)))


THERAPY = Therapy(
    name="warfarin",
    dose_unit="mg/d",
    maturity="established",
    parameters=Warfarin(),
    course=course,
    mechanism="blocks recycling of vitamin K: clotting factors and matrix Gla protein stay uncarboxylated",
    harms_modelled=("arterial calcification", "calciphylaxis, as far as it is calcification of small arteries"),
    harms_not_modelled=("bleeding",),
    usual=5.0,
    caution="an iatrogenic cause of calcification; stopping it is a decision about thrombosis first",
)
