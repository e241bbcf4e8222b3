"""What becomes of the answer if those who left did worse: reference-based imputation and the tipping point.

Missing visits are imputed at random (MAR) and as if the treated had gone over to the reference (J2R, CR, CIR), then
analysed by ANCOVA at the last visit; the tipping point is how much worse the treated who left must have been for a
rejection to be lost. Only where values at the last visit are missing and there are visits before it; people without any visit
after baseline are in none of these analyses, as in the MMRM.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fetuin.errors import FetuinError
from fetuin.trials.analysis.inference.contract import Test
from fetuin.trials.analysis.multiple_imputation import Incomplete, multiple, posterior_draws, prepare
from fetuin.trials.contrast import Contrast
from fetuin.trials.estimators import Analysed

WAYS = {
    "MAR": "imputed at random", "J2R": "imputed, jump to reference", "CR": "imputed, copy reference",
    "CIR": "imputed, copy increments in reference",
}  # fmt: skip
COUNT = 200  # imputations: on the public example the estimate then repeats within 0.02 of its SE
STEPS, REACH = 13, 4.0  # deltas tried, down to so many SDs of the outcome


def applies(d: Analysed) -> bool:
    """Is anything missing at the last visit that earlier visits tell of?"""
    use = d.treated[0] >= 0
    return d.values.shape[2] >= 2 and bool((~np.isfinite(d.values[0, use, -1])).any())


def imputed(d: Analysed, *, direction: int, level: float, seed: int) -> tuple[list[Contrast], dict[str, Any] | None]:
    """A contrast for each way of imputing, and the tipping point under MAR (None: the imputations have no answer)."""
    try:
        data = _incomplete(d)
        posterior = posterior_draws(data, COUNT, seed)
        found = [_contrast(words, multiple(data, how, COUNT, seed, posterior=posterior)) for how, words in WAYS.items()]
    except FetuinError:
        return [Contrast.failed(words) for words in WAYS.values()], None
    return found, _tipping(data, d, direction, level, seed)


def _incomplete(d: Analysed) -> Incomplete:
    import pandas as pd

    use = (d.treated[0] >= 0) & np.isfinite(d.baseline[0])
    n, m = int(use.sum()), d.values.shape[2]
    values, arm = d.values[0, use], np.where(d.treated[0, use] == 1, "treated", "control")
    long = pd.DataFrame({"y": values.ravel(), "id": np.repeat([f"p{i:06d}" for i in range(n)], m), "visit": [f"v{k:02d}" for _ in range(n) for k in range(m)],
                         "arm": np.repeat(arm, m), "x": np.repeat(d.baseline[0, use], m)}).dropna()  # fmt: skip
    return prepare(
        long,
        "y ~ arm * visit + x:visit",
        subject="id",
        visit="visit",
        arm="arm",
        reference="control",
        analysis="y ~ arm + x",
    )


def _contrast(words: str, t: Test) -> Contrast:
    return Contrast(words, t.estimate, t.se, t.df, t.lower, t.upper, t.p, True)


def _tipping(data: Incomplete, d: Analysed, direction: int, level: float, seed: int) -> dict[str, Any]:
    from fetuin.trials.analysis.tipping_point import tipping_point

    sd = float(np.nanstd(d.values[0, d.treated[0] >= 0, -1]))
    grid = -direction * sd * np.linspace(0.0, REACH, STEPS)  # from nothing outwards
    found = tipping_point(data, "MAR", grid, count=COUNT, seed=seed, level=level)
    p = [t.p for t in (found.tests if direction < 0 else found.tests[::-1])]
    near = next((k for k in range(STEPS - 1) if p[k] < level <= p[k + 1]), None)
    delta = None
    if near is not None:  # the crossing nearest to no shift: far out the difference turns round
        delta = tipping_point(data, "MAR", grid[near : near + 2], count=COUNT, seed=seed, level=level).delta
    return {
        "delta": delta,
        "imputed": found.imputed,
        "level": level,
        "tried_to": float(grid[-1]),
        "imputations": COUNT,
        "seed": seed,
    }
