"""Lesions: what a disorder moves in the body. `[targets]` of `disorders/*.toml` and of `lesions/*.toml`, merged.

Each target is a table `{ value, source }`, or `{ low, high, source }` for a range. A severity s between 0 (nothing) and
1 (the full lesion) moves a fold change along its logarithm and a flux in proportion; above 1 it goes beyond.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from fetuin.catalog import documents
from fetuin.errors import InputError

LEAST_FOLD = 1e-3


@dataclass(frozen=True)
class Moved:
    """One moved target: its value at full severity, the range, and the source."""

    value: float
    low: float
    high: float
    source: str


@dataclass(frozen=True)
class Lesion:
    """A disorder as the body feels it. `course` may name inputs (a course of kidney function) beside targets."""

    id: str
    name: str
    targets: Mapping[str, Moved]
    note: str = ""
    parameters: Mapping[str, Moved] = field(default_factory=dict)

    def at(self, severity: float, fluxes: frozenset[str]) -> dict[str, float]:
        """{target: value} at a severity; `fluxes` names those that add."""
        if not 0.0 <= severity <= 10.0:
            raise InputError(
                f"severity {severity:g} of {self.id} is not possible.", fix="between 0 (none) and 1 (full)"
            )
        return {
            n: m.value * severity if n in fluxes else math.exp(severity * math.log(max(m.value, LEAST_FOLD)))
            for n, m in self.targets.items()
        }  # fmt: skip


def _moved(name: str, entry: Mapping[str, Any], where: str) -> Moved:
    if "source" not in entry or not ("value" in entry or {"low", "high"} <= set(entry)):
        raise InputError(
            f"target {name} lacks a value or a source.", where=where, fix="{ value = 1.0, source = '...' }"
        )
    value = float(entry.get("value", (entry.get("low", 0.0) + entry.get("high", 0.0)) / 2))
    return Moved(value, float(entry.get("low", value)), float(entry.get("high", value)), entry["source"])


def read_lesion(key: str, d: Mapping[str, Any], where: str) -> Lesion:
    """The Lesion of one TOML document."""
    moved = {n: _moved(n, e, where) for n, e in d.get("targets", {}).items()}
    return Lesion(key, d.get("name", key), moved, d.get("note", ""))


@cache
def lesions() -> dict[str, Lesion]:
    """{id: Lesion} of every disorder that moves a target."""
    found = {}
    for folder in ("disorders", "lesions"):
        for key, d in documents("fetuin.knowledge", folder).items():
            if "targets" in d:
                found[key] = read_lesion(key, d, f"{folder}/{key}.toml")
    return dict(sorted(found.items()))


def lesion(key: str) -> Lesion:
    """One lesion by name, in British or American spelling, with spaces or hyphens; an unknown name lists what there is."""
    known = lesions()
    by_spelling = {_spelt(name): name for name in known} | {_spelt(a): name for a, name in ALIASES.items()}
    name = by_spelling.get(_spelt(key))
    if name is None:
        raise InputError(f"no lesion is known for '{key}'.", fix=f"one of: {', '.join(known)}")
    return known[name]


def _spelt(name: str) -> str:
    plain = name.strip().lower().replace(" ", "_").replace("-", "_").replace("'", "")
    return plain.replace("aemi", "emi").replace("tumour", "tumor")


ALIASES = {
    "primary_hyperparathyroidism": "phpt", "tertiary_hyperparathyroidism": "tertiary_hpt", "fhh": "lookalike_fhh",
    "secondary_hpt": "secondary_hyperparathyroidism", "hypopara": "hypoparathyroidism",
    "familial_hypocalciuric_hypercalcaemia": "lookalike_fhh", "cyp24a1_loss": "cyp24a1_slc34a1",
    "cyp24a1_deficiency": "cyp24a1_slc34a1", "24_hydroxylase_deficiency": "cyp24a1_slc34a1",
    "idiopathic_infantile_hypercalcaemia": "cyp24a1_slc34a1", "sarcoid": "sarcoid_granulomatous",
    "sarcoidosis": "sarcoid_granulomatous", "granulomatous_disease": "sarcoid_granulomatous",
    "tumoral_calcinosis": "hftc", "hyperphosphataemic_familial_tumoral_calcinosis": "hftc",
    "galnt3": "galnt3_deficiency", "klotho": "klotho_deficiency",
    "pthrp_malignancy": "malignancy_pthrp", "humoral_hypercalcaemia_of_malignancy": "malignancy_pthrp",
    "osteolytic_malignancy": "malignancy_osteolytic", "myeloma": "malignancy_osteolytic",
    "calcitriol_malignancy": "calcitriol_lymphoma", "malignancy_calcitriol": "calcitriol_lymphoma",
    "hypercalcaemia_of_malignancy": "malignancy_pthrp", "1_alpha_hydroxylase_loss": "cyp27b1_loss",
    "1_alpha_hydroxylase_deficiency": "cyp27b1_loss", "cyp27b1_deficiency": "cyp27b1_loss",
    "vitamin_d_dependent_rickets_type_1": "cyp27b1_loss", "vddr1": "cyp27b1_loss",
    "x_linked_hypophosphataemia": "xlh", "hypophosphataemic_rickets": "xlh", "magnesium_loss": "magnesium_deficiency",
    "hypomagnesaemia": "magnesium_deficiency", "tumour_lysis_syndrome": "tumour_lysis",
    "vitamin_d_toxicity": "vitamin_d_intoxication", "hypervitaminosis_d": "vitamin_d_intoxication",
    "milk_alkali_syndrome": "milk_alkali", "calcium_alkali_syndrome": "milk_alkali",
    "oral_phosphate_load": "phosphate_load", "adynamic_bone_disease": "adynamic_bone", "ckd_1": "ckd_stage_1",
    "ckd_2": "ckd_stage_2", "ckd_3": "ckd_stage_3", "ckd_4": "ckd_stage_4", "ckd_5": "ckd_stage_5",
    "enpp1": "enpp1_deficiency", "abcc6": "abcc6_deficiency", "nt5e": "nt5e_deficiency", "mgp": "mgp_deficiency",
    "keutel": "mgp_deficiency", "fgf23": "fgf23_deficiency", "pseudoxanthoma_elasticum": "pxe",
}  # fmt: skip
