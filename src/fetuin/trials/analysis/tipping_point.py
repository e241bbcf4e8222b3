"""Tipping point: how much worse than imputed must the treated who left have been for the result to be lost?

Values imputed under a strategy get `delta` added in the treated (and, in two dimensions, another in the control) before the
analysis; the tipping point is the delta at which p crosses the level. Imputations are drawn once, so the curve is smooth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from fetuin.errors import InputError
from fetuin.trials.analysis.inference.contract import Test
from fetuin.trials.analysis.multiple_imputation import Incomplete, ancova_each, impute, rubin

Array = np.ndarray


@dataclass(frozen=True)
class TippingPoint:
    """Result at each delta [response units]; `delta` where p = `level` (None: not within the deltas asked for)."""

    deltas: Array
    tests: list[Test]
    delta: float | None
    level: float
    imputed: int


def tipping_point(
    data: Incomplete,
    how: str,
    deltas: object,
    *,
    count: int = 500,
    seed: int = 0,
    level: float = 0.05,
    control: float = 0.0,
) -> TippingPoint:
    """Deltas are added to the imputed values of the treated, `control` to those of the control arm, at the last visit."""
    grid = np.sort(np.asarray(deltas, float).ravel())
    if len(grid) < 2 or not np.isfinite(grid).all():
        raise InputError(
            "two or more deltas are needed", where="deltas", why=f"{grid.tolist()}", fix="a range, in response units"
        )
    values = impute(data, how, count, seed)
    gone = ~np.isfinite(data.Y[:, -1])
    treated = data.A[:, data.arm] == 1
    df = float(data.A.shape[0] - data.A.shape[1])

    def at(delta: float) -> Test:
        shifted = values + np.where(gone, np.where(treated, delta, control), 0.0)
        return rubin(*ancova_each(data, shifted), df)

    tests = [at(float(d)) for d in grid]
    over = [t.p - level for t in tests]
    crossing = next((i for i in range(len(grid) - 1) if over[i] * over[i + 1] <= 0), None)
    tip = None
    if crossing is not None:
        tip = float(brentq(lambda d: at(d).p - level, grid[crossing], grid[crossing + 1], xtol=1e-8))
    return TippingPoint(grid, tests, tip, level, int((gone & treated).sum()))
