"""Rates of change compared: every person has a line, the arms differ in its mean slope.

    y_ij = a_i + b_i t_ij + e_ij,  mean of b_i: beta + delta in the treated

by REML with Satterthwaite's degrees of freedom (Laird and Ware 1982). Visits may fall at other times in each person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fetuin.errors import InputError, NumericalError
from fetuin.trials.analysis.inference import inference
from fetuin.trials.analysis.inference.contract import Test
from fetuin.trials.analysis.mmrm import Fit, fit

if TYPE_CHECKING:
    import pandas as pd

VISIT, TIME, ARM = "visit number", "time of visit", "arm of person"


@dataclass(frozen=True)
class Slopes:
    """Mean slope of each arm and their difference, in response units per unit of time; the fit behind them."""

    treated: Test
    control: Test
    difference: Test
    fit: Fit


def slopes(
    table: pd.DataFrame,
    *,
    response: str,
    subject: str,
    time: str,
    arm: str,
    reference: str,
    method: str = "satterthwaite",
) -> Slopes:
    """Slope of the other arm minus that of `reference`; a long table, one row a person and time."""
    import pandas as pd

    t = table.dropna(subset=[response, time]).sort_values([subject, time])
    arms = sorted(t[arm].astype(str).unique())
    if len(arms) != 2 or reference not in arms:
        raise InputError("two arms are needed, one of them the reference", where=arm, why=f"{arms}, {reference!r}")
    scale = float(t[time].abs().max())
    if not scale > 0 or t[time].nunique() < 3:
        raise InputError("three different times are needed", where=time, why=f"{t[time].nunique()} in all")
    shape = pd.DataFrame(
        {
            response: t[response].astype(float),
            subject: t[subject].astype(str),
            TIME: t[time].astype(float) / scale,  # lines in units of the longest time: the search is tame
            VISIT: (t.groupby(subject).cumcount() + 100).astype(str),
            ARM: (t[arm].astype(str) != reference).astype(float),
        }
    )
    try:
        f = fit(
            shape,
            f"{response} ~ `{TIME}` * `{ARM}`",
            subject=subject,
            visit=VISIT,
            covariance="random_slope",
            coordinates=[TIME],
        )
    except np.linalg.LinAlgError:
        raise NumericalError("the fit did not converge", where="random slopes", why="a variance vanishes") from None
    by, names = inference(method)(f), f.design.columns
    slope = np.array([n == f"`{TIME}`" or n == TIME for n in names]) / scale
    more = np.array([":" in n for n in names]) / scale
    return Slopes(by.test(slope + more), by.test(slope), by.test(more), f)
