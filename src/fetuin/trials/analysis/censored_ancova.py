"""Analysis of covariance of a censored response: a T50 beyond the last read counts as "at least that long".

Without censored rows the estimate is that of ANCOVA; its standard error is by maximum likelihood.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fetuin.errors import InputError
from fetuin.trials.analysis.censored_regression import CensoredRegression, censored_regression
from fetuin.trials.analysis.contrasts import Difference, factors, grid_row
from fetuin.trials.analysis.design_matrix import build

if TYPE_CHECKING:
    import pandas as pd


def censored_ancova(
    table: pd.DataFrame, formula: str, *, censored: str, arm: str, reference: str = ""
) -> tuple[list[Difference], CensoredRegression]:
    """Each arm minus the reference, and the fit.

    `censored` is a column: 0 seen, -1 the truth is at most, 1 at least the value. A covariate that is itself censored (a
    baseline T50 beyond the last read) is taken at its limit: say so in the report.
    """
    if censored not in table.columns:
        raise InputError(f"no column {censored!r}", where="censored", fix="0 seen, -1 below, 1 above")
    design = build(table, formula, reference={arm: reference} if reference else None)
    found = censored_regression(design.y, design.X, design.table[censored].to_numpy(float))
    levels = factors(design)[arm]
    base = grid_row(design, {arm: levels[0]})
    return [Difference(a, levels[0], "", found.test(grid_row(design, {arm: a}) - base)) for a in levels[1:]], found
