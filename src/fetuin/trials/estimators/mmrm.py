"""MMRM at the last visit: arm by visit, baseline by visit, unstructured covariance, REML, Satterthwaite. Twin: `analysis/mmrm.py`."""

from __future__ import annotations

import numpy as np

from fetuin.errors import InputError
from fetuin.trials.analysis.mmrm_many import mmrm_many
from fetuin.trials.estimators.contract import Analysed, Estimates


def estimate(d: Analysed) -> Estimates:
    """Difference at the last visit. One visit is an analysis of covariance."""
    if d.values.shape[2] == 1:
        from fetuin.trials.estimators.ancova import estimate as ancova

        return ancova(d)
    values = np.where((d.treated >= 0)[:, :, None] & np.isfinite(d.baseline)[:, :, None], d.values, np.nan)
    T = len(values)
    try:
        found = mmrm_many(values, np.maximum(d.treated, 0), np.nan_to_num(d.baseline), workers=1)
    except InputError:  # an arm without people in one of the trials: each alone, that one has no answer
        if T == 1:
            return Estimates(np.full(1, np.nan), np.full(1, np.nan), np.ones(1))
        parts = [estimate(Analysed(*(x[t : t + 1] for x in vars(d).values()))) for t in range(T)]
        return Estimates(*(np.concatenate([getattr(p, k) for p in parts]) for k in ("estimate", "se", "df")))
    return Estimates(*(x[:, 0, -1] for x in (found.estimate, found.se, found.df)))
