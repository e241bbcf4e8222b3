"""What may precipitate: the phosphate at which a phase saturates, and what the choice of constants does to an index.

A saturation index is log10(IAP/Ksp) of the formula unit of the phase: 0 saturated, above 0 supersaturated. Indices of
different phases are not on one scale (their formulas differ in size); differences between sera are surer than values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from fetuin.chemistry.constant_tables import names, table
from fetuin.chemistry.speciation import Speciation, speciate
from fetuin.chemistry.system import Array

LEAST, MOST = 1e-3, 60.0  # mmol/L of phosphate between which saturation is looked for
CLOSE = 1e-7  # of the index
MOST_STEPS = 80


def saturating_phosphate(
    sera: Mapping[str, Array], constants: str = "plasma37", *, phase: str = "Brushite_DCPD", temperature_c: float = 37.0
) -> Array:
    """Phosphate [mmol/L] at which `phase` saturates, all else as given; nan where none between 0.001 and 60 does.

    The index rises with log10 phosphate by a little less than the phosphates of the formula, so dividing by them and
    repeating closes on the answer from below without overshoot.
    """
    n = max(np.size(v) for v in sera.values())
    phosphate = np.full(n, 1.0)
    phosphates = table(constants).phases[phase].composition["P"]
    index = np.full(n, np.inf)
    for _ in range(MOST_STEPS):
        index = speciate({**sera, "P_i": phosphate}, constants, temperature_c=temperature_c).saturation_index(phase)
        if not (np.abs(index) > CLOSE).any():
            break
        step = np.clip(np.nan_to_num(index, nan=0.0, neginf=0.0, posinf=0.0) / phosphates, -1.0, 1.0)
        phosphate = np.clip(phosphate * 10.0**-step, LEAST, MOST)
    return np.where(np.abs(index) <= 1e-4, phosphate, np.nan)


def effect_of_constants(
    sera: Mapping[str, Any], phases: tuple[str, ...] = ("OCP", "Brushite_DCPD", "Hydroxyapatite")
) -> dict[str, dict[str, Any]]:
    """{table: {changed, Ca_free_mM, SI_...}}: the same sera with every table of constants."""
    out: dict[str, dict[str, Any]] = {}
    for name in names():
        s: Speciation = speciate(sera, name).require()
        out[name] = {"changed": list(table(name).changed), "Ca_free_mM": s.ion("Ca")}
        out[name] |= {f"SI_{p}": s.saturation_index(p) for p in phases}
    return out
