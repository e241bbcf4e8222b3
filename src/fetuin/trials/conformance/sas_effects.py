"""SAS's fixed effects as contrasts of ours. SAS codes against the levels that its listings leave out.

The listings of the example data use these references: ARMCD PBO, AVISIT VIS1, RACE Asian, SEX Male.
"""

from __future__ import annotations

import numpy as np

from fetuin.trials.analysis.contrasts import factors, grid_row
from fetuin.trials.analysis.mmrm import Fit

REFERENCES = {"ARMCD": "PBO", "AVISIT": "VIS1", "RACE": "Asian", "SEX": "Male"}


def _references(fit: Fit) -> dict[str, str]:
    levels = factors(fit.design)
    return {f: REFERENCES.get(f, v[0]) if REFERENCES.get(f) in v else v[0] for f, v in levels.items()}


def contrast(fit: Fit, effect: str, level: str, formula: str) -> np.ndarray:
    """The row L of one printed effect: a cell minus the reference cell, or a difference of such differences."""
    base = _references(fit)
    if effect == "Intercept":
        return grid_row(fit.design, base)
    parts = effect.split()
    names = parts[0].split("*")
    chosen = level.split(" | ") if level else [" ".join(parts[1:])]
    if len(names) == 1:
        return grid_row(fit.design, base | {names[0]: chosen[0]}) - grid_row(fit.design, base)
    a, b = names
    both, only_a, only_b = base | {a: chosen[0], b: chosen[1]}, base | {a: chosen[0]}, base | {b: chosen[1]}
    return (
        grid_row(fit.design, both)
        - grid_row(fit.design, only_a)
        - grid_row(fit.design, only_b)
        + grid_row(fit.design, base)
    )
