"""Student's t-test of the change from baseline."""

from __future__ import annotations

from fetuin.trials.estimators.contract import Analysed, Estimates
from fetuin.trials.estimators.t_test import compare


def estimate(d: Analysed) -> Estimates:
    """Difference of mean changes."""
    return compare(d.treated, d.outcome - d.baseline)
