"""Two means, stage by stage: the t statistic of each stage alone and of all data so far, one-sided p for any null difference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from fetuin.errors import InputError

Array = np.ndarray


@dataclass(frozen=True)
class StageMeans:
    """Sizes, means and SDs of the two groups [stages]; the effect is mean 1 - mean 2, greater is better."""

    n1: Array
    n2: Array
    m1: Array
    m2: Array
    s1: Array
    s2: Array

    @classmethod
    def of(cls, n1: object, n2: object, m1: object, m2: object, s1: object, s2: object) -> StageMeans:
        """From numbers or lists; refused where a stage cannot be."""
        a = [np.atleast_1d(np.asarray(v, float)) for v in (n1, n2, m1, m2, s1, s2)]
        if len({len(v) for v in a}) > 1:
            raise InputError("stages differ in number", where="n1, n2, m1, m2, s1, s2", why=str([len(v) for v in a]))
        if not all(np.isfinite(v).all() for v in a) or min(a[0].min(), a[1].min()) < 1 or (a[0] + a[1] < 3).any():
            raise InputError(
                "a stage has too few people", where="n1, n2", why=f"{a[0]}, {a[1]}", fix="3 in all, 1 an arm"
            )
        if min(a[4].min(), a[5].min()) < 0 or (a[4] + a[5] == 0).any():
            raise InputError("a stage has no spread", where="s1, s2", why="an SD must be above 0", fix="check the data")
        return cls(*a)

    @property
    def stages(self) -> int:
        """Stages seen."""
        return len(self.n1)

    @property
    def overall(self) -> StageMeans:
        """All data up to each stage."""

        def pooled(n: Array, m: Array, s: Array) -> tuple[Array, Array, Array]:
            total = np.cumsum(n)
            mean = np.cumsum(n * m) / total
            squares = np.cumsum((n - 1) * s**2 + n * m**2) - total * mean**2
            return total, mean, np.sqrt(squares / np.maximum(total - 1, 1))

        (n1, m1, s1), (n2, m2, s2) = pooled(self.n1, self.m1, self.s1), pooled(self.n2, self.m2, self.s2)
        return StageMeans(n1, n2, m1, m2, s1, s2)

    @property
    def effect(self) -> Array:
        """Difference of means."""
        return self.m1 - self.m2

    @property
    def df(self) -> Array:
        """Degrees of freedom."""
        return self.n1 + self.n2 - 2

    @property
    def se(self) -> Array:
        """Standard error of the difference, one variance for both groups."""
        pooled = ((self.n1 - 1) * self.s1**2 + (self.n2 - 1) * self.s2**2) / self.df
        return np.sqrt(pooled * (1 / self.n1 + 1 / self.n2))

    @property
    def root_information(self) -> Array:
        """E Z of each stage for a difference of one SD."""
        return 1 / np.sqrt(1 / self.n1 + 1 / self.n2)

    def p(self, null: float = 0.0) -> Array:
        """One-sided p of `effect > null`."""
        return stats.t(self.df).sf((self.effect - null) / self.se)

    def z(self, null: float = 0.0) -> Array:
        """The same as a normal score; kept from both ends so that far tails stay finite."""
        t = (self.effect - null) / self.se
        return np.where(
            t > 0, stats.norm.isf(stats.t(self.df).sf(np.abs(t))), -stats.norm.isf(stats.t(self.df).sf(np.abs(t)))
        )
