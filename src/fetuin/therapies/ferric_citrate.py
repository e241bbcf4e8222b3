"""Ferric citrate: iron that binds phosphate, with iron and citrate absorbed. The dose is grams of ferric citrate."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.binding import held
from fetuin.therapies.contract import Therapy


@dataclass(frozen=True)
class FerricCitrate:
    """What a unit of dose does."""

    binding: float = quantity(
        0.93, "mmol/g", "assumption: PBED near 0.64 per g tablet; the table of facts 5.1 contradicts itself",
        "phosphate kept from absorption per gram", (0.6, 1.45),
    )  # fmt: skip
    alkali: float = quantity(
        1.0, "mmol/g", "assumption: part of the citrate is absorbed and burnt to bicarbonate", "alkali per gram",
        (0.0, 3.0),
    )  # fmt: skip
    fgf23: float = quantity(
        0.02, "/g", "assumption: repleted iron lowers FGF23 transcription", "fall of FGF23 production per g/d",
        (0.0, 0.05),
    )  # fmt: skip


def effects(dose: float, p: FerricCitrate) -> Targets:
    """Dietary phosphate kept in the gut by `dose` [g/d], the alkali of citrate, and FGF23 less as iron is repleted."""
    return Targets(
        phosphate_bound=held(p.binding * dose), bicarbonate_intake=p.alkali * dose, fgf23_production=1.0 / (1.0 + p.fgf23 * dose)
    )  # fmt: skip


THERAPY = Therapy(
    name="ferric_citrate",
    dose_unit="g/d",
    maturity="established",
    parameters=FerricCitrate(),
    effects=effects,
    mechanism="ferric iron binds phosphate of food as ferric phosphate; some iron and citrate are absorbed",
    harms_modelled=(
        "hypophosphataemia",
        "alkali load",
    ),
    harms_not_modelled=(
        "iron overload",
        "aluminium absorption raised by citrate",
    ),
    usual=6.0,
    units={"tablet": 1.0},
)
