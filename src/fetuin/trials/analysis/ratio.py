"""A ratio with its interval, estimated on the log scale: of geometric means, hazards, wins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fetuin.trials.analysis.inference.contract import Test


@dataclass(frozen=True)
class Ratio:
    """`log` is the test of ln(ratio) = 0; the rest is its exponential."""

    log: Test

    @property
    def value(self) -> float:
        """The ratio."""
        return float(np.exp(self.log.estimate))

    @property
    def lower(self) -> float:
        """Lower end of the 95 % interval."""
        return float(np.exp(self.log.lower))

    @property
    def upper(self) -> float:
        """Upper end of the 95 % interval."""
        return float(np.exp(self.log.upper))

    @property
    def p(self) -> float:
        """Two-sided p of a ratio of 1."""
        return self.log.p
