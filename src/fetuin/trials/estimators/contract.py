"""What an estimator of many trials takes and gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Analysed:
    """Trials ready to analyse, on the analysed scale; NaN: not used.

    treated [T, n]: 1, 0, or -1 for people of other arms; baseline, outcome [T, n]; values [T, n, W] at the visits after
    baseline; time, status [T, n] of an event.
    """

    treated: Array
    baseline: Array
    outcome: Array
    values: Array
    time: Array
    status: Array

    def first(self, n: int) -> Analysed:
        """The same with only the first `n` people who entered."""
        return Analysed(
            *(x[:, :n] for x in (self.treated, self.baseline, self.outcome, self.values, self.time, self.status))
        )


@dataclass(frozen=True)
class Estimates:
    """One row a trial [T]: treated minus reference, its standard error, degrees of freedom; not converged: NaN."""

    estimate: Array
    se: Array
    df: Array

    @property
    def converged(self) -> Array:
        """Which trials have an answer."""
        return np.isfinite(self.estimate) & np.isfinite(self.se) & (self.se > 0) & (self.df > 0)


def estimator(name: str) -> Callable[[Analysed], Estimates]:
    """The estimator of that file."""
    from importlib import import_module

    return import_module(f"fetuin.trials.estimators.{name}").estimate  # type: ignore[no-any-return]
