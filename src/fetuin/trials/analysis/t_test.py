"""Two means compared: Welch's t-test, or Student's where one variance is assumed."""

from __future__ import annotations

import numpy as np

from fetuin.errors import NotEnoughDataError
from fetuin.trials.analysis.inference.contract import Test
from fetuin.trials.analysis.samples import pair


def t_test(treated: object, control: object, *, equal_variances: bool = False, level: float = 0.95) -> Test:
    """Mean of treated minus mean of control.

    Welch 1947: se^2 = s1^2/n1 + s2^2/n2, df of Satterthwaite; with `equal_variances` the pooled variance and n1 + n2 - 2.
    """
    a, b = pair(treated, control)
    va, vb = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    if va + vb == 0:
        raise NotEnoughDataError(
            "there is no spread", where="treated, control", why="every value of an arm is the same"
        )
    if equal_variances:
        df = float(len(a) + len(b) - 2)
        pooled = ((len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)) / df
        se = np.sqrt(pooled * (1 / len(a) + 1 / len(b)))
    else:
        se = np.sqrt(va + vb)
        df = float((va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1)))
    return Test.of(float(a.mean() - b.mean()), float(se), df, level=level)
