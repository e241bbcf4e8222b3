"""Targets: every place where a gene, a drug or an injury can act on the body, each with its neutral value.

A flux adds (neutral 0); a fold change multiplies (neutral 1). `joined` combines any number of Targets. The equations
know no drug and no disease; drugs and diseases know no equation. A new place to act is a new field here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from fetuin.errors import InputError

ADDS, MULTIPLIES = 0.0, 1.0


def flux(unit: str, meaning: str) -> Any:
    """A place where something is added; neutral is 0."""
    return field(default=ADDS, metadata={"unit": unit, "meaning": meaning})


def fold(meaning: str) -> Any:
    """A place where something is multiplied; neutral is 1."""
    return field(default=MULTIPLIES, metadata={"unit": "1", "meaning": meaning})


@dataclass(frozen=True)
class Targets:
    """What is moved. Fluxes in canonical units per day; folds without unit."""

    # gut
    calcium_intake: float = flux("mmol/d", "calcium swallowed beside the diet")
    phosphate_intake: float = flux("mmol/d", "phosphate swallowed beside the diet")
    magnesium_intake: float = flux("mmol/d", "magnesium swallowed beside the diet")
    phosphate_bound: float = flux("mmol/d", "capacity to bind phosphate in the gut")
    calcium_absorption: float = fold("active and passive calcium absorption")
    calcium_passage: float = fold("passive calcium absorption, as far as a dissolved salt raises it")
    phosphate_absorption: float = fold("passive phosphate absorption")
    gut_phosphate_transport: float = fold("active phosphate transport (NaPi-IIb)")
    magnesium_absorption: float = fold("magnesium absorption")
    # into and out of plasma
    calcium_infusion: float = flux("mmol/d", "calcium infused")
    phosphate_infusion: float = flux("mmol/d", "phosphate infused")
    magnesium_infusion: float = flux("mmol/d", "magnesium infused")
    pth_infusion: float = flux("ng/L/d", "PTH given, per litre of its volume")
    tissue_phosphate_release: float = flux("mmol/d", "phosphate set free by dying cells")
    bicarbonate_intake: float = flux("mmol/d", "alkali given")
    acid_load: float = flux("mmol/d", "acid made or given beside the diet")
    # parathyroid
    parathyroid_mass: float = fold("functioning parathyroid tissue")
    parathyroid_calcium_sensing: float = fold("ionised calcium as the parathyroid perceives it")
    calcimimetic: float = flux(
        "1",
        "relative rise of perceived calcium by a drug, at a full set of receptors; goes with their cube (dimers, and no reserve)",
    )
    parathyroid_vitamin_d_action: float = flux(
        "1", "vitamin D receptor activation in the gland alone by a drug (1 = normal calcitriol)"
    )
    parathyroid_growth: float = fold("drive to parathyroid growth")
    pth_response_kidney: float = fold("what the kidney makes of PTH")
    pth_response_bone: float = fold("what bone makes of PTH")
    pthrp: float = flux("ng/L", "PTH-related peptide, as PTH of equal effect")
    # FGF23, Klotho, vitamin D
    fgf23_production: float = fold("production of intact FGF23")
    fgf23_action: float = fold("active FGF23 at its receptor")
    klotho: float = fold("renal Klotho")
    cyp27b1: float = fold("renal 1-alpha-hydroxylase")
    cyp24a1: float = fold("24-hydroxylase")
    vitamin_d_intake: float = flux("kIU/d", "vitamin D taken")
    calcitriol_dose: float = flux("pmol/L/d", "calcitriol given")
    extrarenal_calcitriol: float = fold("one plus the calcitriol made outside the kidney, relative to the kidney's")
    vitamin_d_action: float = flux("1", "vitamin D receptor activation by a drug (1 = normal calcitriol)")
    vitamin_d_receptor: float = fold("what tissues make of calcitriol")
    # kidney
    kidney_calcium_sensing: float = fold("ionised calcium as the tubule perceives it")
    phosphate_reabsorption: float = fold("threshold of renal phosphate reabsorption")
    calcium_reabsorption: float = fold("threshold of renal calcium reabsorption")
    magnesium_reabsorption: float = fold("threshold of renal magnesium reabsorption")
    gfr: float = fold("filtration, beside the course of kidney function")
    graft_filtration: float = flux("L/d", "filtration of a transplanted kidney")
    # bone
    rankl: float = fold("RANKL that reaches its receptor")
    rankl_free: float = fold("share of RANKL that an antibody leaves free; precursors wait for the rest")
    bisphosphonate: float = flux("mg/d", "bisphosphonate reaching plasma, as zoledronate of equal strength")
    osteoclast_activity: float = fold("resorption per osteoclast")
    cortical_resorption: float = fold("resorption of cortical bone beside that of all bone")
    bone_formation: float = fold("recruitment of osteoblasts")
    sclerostin: float = fold("active sclerostin")
    mineralisation: float = fold("rate at which osteoid mineralises")
    osteolysis: float = flux("mmol/d", "calcium freed from bone by tumour")
    bone_exchange_release: float = fold("release from the exchangeable bone surface")
    # crystals, particles, vessels
    inhibitor_binding: float = flux(
        "1", "sum of K C of drugs on crystals (phytate, bisphosphonates), beside about 4 of health's own inhibitors"
    )
    bisphosphonate_binding: float = flux(
        "1", "the same of bisphosphonates at healthy filtration; a failing kidney raises their exposure"
    )
    pyrophosphate_synthesis: float = fold("pyrophosphate made (ENPP1, ABCC6)")
    pyrophosphate_added: float = flux("1", "pyrophosphate made by an enzyme that is given (1 = that of health)")
    pyrophosphate_breakdown: float = fold("pyrophosphate hydrolysed (alkaline phosphatase)")
    fetuin_a: float = fold("fetuin-A of plasma")
    matrix_gla_protein: float = fold("carboxylated matrix Gla protein of arteries (vitamin K, warfarin)")
    plasma_citrate: float = flux("mmol/L", "citrate of plasma above the usual")
    calciprotein_ripening: float = fold(
        "time of ripening of calciprotein particles (T50), beside the chemistry of the serum"
    )
    crystal_nucleation: float = fold("nuclei formed at every site")
    deposit_removal: float = fold("removal of deposits by cells")
    vessel_stiffening: float = fold("stiffening of arteries that is neither age nor mineral")
    extravasated_calcium: float = flux(
        "mmol/L", "ionised calcium of tissue fluid in the skin above that of plasma (a leaked infusion)"
    )
    injury_coronary_intima: float = flux("1", "injury of the coronary intima: 1 atheroma, 3 necrosis")
    injury_coronary_media: float = flux("1", "injury of the coronary media")
    injury_aorta: float = flux("1", "injury of the aorta and leg arteries")
    injury_valve: float = flux("1", "injury of the aortic valve")
    injury_kidney: float = flux("1", "injury of the kidney")
    injury_lung: float = flux("1", "injury of the lung")
    injury_stomach: float = flux("1", "injury of the stomach")
    injury_periarticular: float = flux("1", "injury of periarticular tissue")
    injury_skin: float = flux("1", "injury of the skin")
    injury_injured_tissue: float = flux("1", "injury of a muscle, a scar, an infarct: 1 inflamed, 3 dead")


NAMES: tuple[str, ...] = tuple(f.name for f in fields(Targets))
FLUXES: frozenset[str] = frozenset(f.name for f in fields(Targets) if f.default == ADDS)
NEUTRAL = Targets()


def joined(several: Iterable[Targets]) -> Targets:
    """All of them at once: fluxes add, fold changes multiply."""
    values = {f.name: float(f.default) for f in fields(Targets)}  # type: ignore[arg-type]
    for t in several:
        for name in NAMES:
            values[name] = values[name] + getattr(t, name) if name in FLUXES else values[name] * getattr(t, name)
    return Targets(**values)


def from_mapping(values: Mapping[str, float], where: str) -> Targets:
    """Targets from names and values; an unknown name or a value that is not a finite, non-negative number is refused."""
    for name, value in values.items():
        if name not in NAMES:
            raise InputError(f"'{name}' is no target.", where=where, fix=f"one of: {', '.join(NAMES)}")
        if not isinstance(value, int | float) or not value == value or abs(value) > 1e9:
            raise InputError(f"target {name} = {value!r} is not a finite number.", where=where)
        if name not in FLUXES and value < 0:
            raise InputError(f"target {name} = {value} is negative.", where=where, why="a fold change multiplies")
    return Targets(**{k: float(v) for k, v in values.items()})


def as_inputs(targets: Targets) -> dict[str, float]:
    """The Targets as inputs of the body: `targets.NAME` -> value."""
    return {f"targets.{name}": getattr(targets, name) for name in NAMES}
