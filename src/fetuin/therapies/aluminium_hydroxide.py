"""Aluminium hydroxide: a strong binder, kept for short courses because bone and brain store aluminium. Grams a day."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.binding import held
from fetuin.therapies.contract import Therapy


@dataclass(frozen=True)
class AluminiumHydroxide:
    """What a unit of dose does."""

    binding: float = quantity(
        2.18,
        "mmol/g",
        "Daugirdas PBED: 1.5 per gram of calcium carbonate",
        "phosphate kept from absorption per gram",
        (1.5, 2.5),
    )
    mineralisation: float = quantity(
        0.08, "/g", "assumption: aluminium at the front slows mineralisation; osteomalacia of long use",
        "fall of the mineralisation rate per g/d", (0.02, 0.2),
    )  # fmt: skip
    formation: float = quantity(
        0.05,
        "/g",
        "assumption: aluminium bone disease is adynamic",
        "fall of osteoblast recruitment per g/d",
        (0.0, 0.15),
    )


def effects(dose: float, p: AluminiumHydroxide) -> Targets:
    """What `dose` [g/d] binds, and what stored aluminium does to bone."""
    return Targets(
        phosphate_bound=held(p.binding * dose), mineralisation=1.0 / (1.0 + p.mineralisation * dose),
        bone_formation=1.0 / (1.0 + p.formation * dose),
    )  # fmt: skip


THERAPY = Therapy(
    name="aluminium_hydroxide",
    dose_unit="g/d",
    maturity="established",
    parameters=AluminiumHydroxide(),
    effects=effects,
    mechanism="aluminium binds phosphate of food; what is absorbed stays in bone where the kidney cannot clear it",
    harms_modelled=(
        "hypophosphataemia",
        "osteomalacia",
        "adynamic bone",
    ),
    harms_not_modelled=(
        "encephalopathy",
        "anaemia",
    ),
    usual=2.0,
    units={},
    aliases=("aluminum_hydroxide",),
)
