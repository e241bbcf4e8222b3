"""What a method of inference offers: a covariance of beta, and degrees of freedom for any contrast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

Array = np.ndarray


@dataclass(frozen=True)
class Test:
    """One row: estimate, standard error, degrees of freedom, t, p, 95 % interval. NaN df means normal theory."""

    estimate: float
    se: float
    df: float
    t: float
    p: float
    lower: float
    upper: float

    @classmethod
    def of(
        cls, estimate: float, se: float, df: float = float("nan"), *, level: float = 0.95, null: float = 0.0
    ) -> Test:
        """From an estimate, its standard error and degrees of freedom (NaN: normal theory); two-sided against `null`."""
        law = stats.t(df) if np.isfinite(df) else stats.norm()
        half, t = float(law.ppf(0.5 + level / 2)) * se, (estimate - null) / se
        return cls(estimate, se, df, t, float(2 * law.sf(abs(t))), estimate - half, estimate + half)


@dataclass(frozen=True)
class FTest:
    """A test of several contrasts at once."""

    numerator_df: float
    denominator_df: float
    F: float
    p: float


@dataclass(frozen=True)
class Inference:
    """`V` is the covariance of beta; `df(L)` the degrees of freedom of L beta for L [p] or [q, p]; `scale(L)` of F."""

    beta: Array
    V: Array
    df: Callable[[Array], float]
    scale: Callable[[Array], float] = lambda L: 1.0

    def test(self, L: Array, *, level: float = 0.95) -> Test:
        """The contrast L beta for L [p]."""
        return Test.of(float(L @ self.beta), float(np.sqrt(L @ self.V @ L)), self.df(L), level=level)

    def joint(self, L: Array) -> FTest:
        """All rows of L [q, p] at once."""
        q = len(L)
        value = L @ self.beta
        F = float(value @ np.linalg.solve(L @ self.V @ L.T, value)) / q * self.scale(L)
        df = self.df(L)
        return FTest(q, df, F, float(stats.f(q, df).sf(F)))
