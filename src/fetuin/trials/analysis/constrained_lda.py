"""Constrained longitudinal data analysis: the baseline is a response whose mean is the same in every arm.

    E y_i0 = mu_0 whatever the arm;  E y_ij = mu_j + delta_(arm, j) after randomisation;  one covariance over all visits

Liang and Zeger 2000 (Sankhya B 62:134). A person whose baseline or whose follow-up is missing still counts, which ANCOVA
cannot do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fetuin.errors import InputError
from fetuin.trials.analysis.contrasts import Difference, grid_row
from fetuin.trials.analysis.inference import inference
from fetuin.trials.analysis.mmrm import fit

if TYPE_CHECKING:
    import pandas as pd

CELL = "cell of arm and visit"


def constrained_lda(
    table: pd.DataFrame, *, response: str, subject: str, visit: str, arm: str, baseline: str, reference: str, covariates: str = "",
    covariance: str = "us", method: str = "satterthwaite",
) -> list[Difference]:  # fmt: skip
    """Each arm minus the reference at each visit after `baseline` (a level of `visit`; a long table, baseline rows included).

    `covariates` are further terms of the formula, such as "SEX"; `covariance` a file of `covariance/`, `method` of `inference/`.
    """
    visits, arms = table[visit].astype(str), table[arm].astype(str)
    if baseline not in set(visits):
        raise InputError(
            f"no visit {baseline!r}",
            where=visit,
            why=f"visits: {sorted(set(visits))}",
            fix="name the visit of the baseline",
        )
    if reference not in set(arms) or arms.nunique() < 2:
        raise InputError("a reference arm and another are needed", where=arm, why=f"arms: {sorted(set(arms))}")
    free = (visits != baseline) & (arms != reference)
    t = table.assign(**{CELL: visits.where(~free, visits + " in " + arms), visit: visits})
    formula = f"{response} ~ `{CELL}`" + (f" + {covariates}" if covariates else "")
    f = fit(t, formula, subject=subject, visit=visit, covariance=covariance)
    by = inference(method)(f)
    out = []
    for v in (v for v in f.visits if v != baseline):
        for a in sorted(set(arms) - {reference}):
            L = grid_row(f.design, {CELL: f"{v} in {a}"}) - grid_row(f.design, {CELL: v})
            out.append(Difference(a, reference, v, by.test(L)))
    return out
