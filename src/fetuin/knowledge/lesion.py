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
    """One lesion by name, also written with spaces or hyphens; an unknown name lists what there is."""
    name = ALIASES.get(key.lower().replace(" ", "_").replace("-", "_"), key.lower().replace(" ", "_").replace("-", "_"))
    known = lesions()
    if name not in known:
        raise InputError(f"no lesion is known for '{key}'.", fix=f"one of: {', '.join(known)}")
    return known[name]


ALIASES = {
    "primary_hyperparathyroidism": "phpt", "tertiary_hyperparathyroidism": "tertiary_hpt", "fhh": "lookalike_fhh",
    "familial_hypocalciuric_hypercalcaemia": "lookalike_fhh", "cyp24a1_loss": "cyp24a1_slc34a1",
    "sarcoidosis": "sarcoid_granulomatous", "tumoral_calcinosis": "hftc", "pthrp_malignancy": "malignancy_pthrp",
    "osteolytic_malignancy": "malignancy_osteolytic", "calcitriol_malignancy": "calcitriol_lymphoma",
    "hypercalcaemia_of_malignancy": "malignancy_pthrp", "1_alpha_hydroxylase_loss": "cyp27b1_loss",
    "1_alpha_hydroxylase_deficiency": "cyp27b1_loss", "x_linked_hypophosphataemia": "xlh",
    "enpp1": "enpp1_deficiency", "abcc6": "abcc6_deficiency", "nt5e": "nt5e_deficiency", "mgp": "mgp_deficiency",
    "keutel": "mgp_deficiency", "galnt3": "galnt3_deficiency", "klotho": "klotho_deficiency", "fgf23": "fgf23_deficiency",
    "pseudoxanthoma_elasticum": "pxe", "magnesium_loss": "magnesium_deficiency", "tumour_lysis_syndrome": "tumour_lysis",
}  # fmt: skip
