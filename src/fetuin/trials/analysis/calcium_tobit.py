"""Calcium scores with many zeros: a zero means "below what the scanner sees", left-censored on the log scale.

ln(score + c) at follow-up ~ arm + ln(baseline + c), censored at ln c where the score is 0
"""

from __future__ import annotations

import numpy as np

from fetuin.errors import InputError
from fetuin.trials.analysis.calcium_log import OFFSET, scores
from fetuin.trials.analysis.censored_regression import censored_regression
from fetuin.trials.analysis.ratio import Ratio


def calcium_tobit(baseline: object, follow_up: object, treated: object, *, offset: float = OFFSET) -> Ratio:
    """Treated over control: the ratio of latent geometric means, given baseline (a zero baseline has a level of its own)."""
    b, f, z = scores(baseline, follow_up, treated)
    if not offset > 0:
        raise InputError("the offset must be above 0", where="offset", why=f"{offset}")
    columns = [np.ones(len(b)), z, np.log(b + offset)]
    if 1 < (b == 0).sum() < len(b) - 1:
        columns.append(b == 0)
    X = np.column_stack(columns).astype(float)
    found = censored_regression(np.log(f + offset), X, np.where(f == 0, -1.0, 0.0))
    return Ratio(found.test(np.eye(X.shape[1])[1]))
