"""Analysis of covariance by least squares: LS means, contrasts, sequential and partial sums of squares as SAS PROC GLM."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fetuin.errors import NotEnoughDataError
from fetuin.trials.analysis import contrasts
from fetuin.trials.analysis.design_matrix import Design, build
from fetuin.trials.analysis.inference.contract import Inference, Test

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Ancova:
    """A fitted linear model with one variance; `inference` has exact t degrees of freedom."""

    design: Design
    inference: Inference
    sigma2: float
    df: float

    @property
    def factors(self) -> dict[str, list[str]]:
        """Factors and their levels."""
        return contrasts.factors(self.design)

    def ls_mean(self, **fixed: str) -> Test:
        """LS mean at given levels, numbers at their mean."""
        return contrasts.ls_mean(self.design, self.inference, **fixed)

    def differences(self, arm: str, reference: str = "") -> list[contrasts.Difference]:
        """Each arm minus the reference."""
        return contrasts.differences(self.design, self.inference, arm=arm, reference=reference)

    @property
    def sequential(self) -> dict[str, float]:
        """Type 1 sums of squares, in the order of the formula."""
        X, y, seen, out = self.design.X, self.design.y, [], {}
        last = float(y @ y)
        for term, columns in self.design.terms.items():
            seen += columns
            r = y - X[:, seen] @ np.linalg.lstsq(X[:, seen], y, rcond=None)[0]
            now = float(r @ r)
            out[term] = last - now
            last = now
        return out

    @property
    def partial(self) -> dict[str, float]:
        """Type 3 sums of squares."""
        tests = contrasts.type_tests(self.design, self.inference, 3)
        return {k: t.F * t.numerator_df * self.sigma2 for k, t in tests.items()}


def ancova(table: pd.DataFrame, formula: str, *, reference: dict[str, str] | None = None) -> Ancova:
    """Fit `response ~ arm + baseline ...` by least squares on complete rows."""
    design = build(table, formula, reference=reference)
    n, p = design.X.shape
    if n <= p:
        raise NotEnoughDataError("too few rows", where=formula, why=f"{n} rows for {p} parameters", fix="drop a term")
    gram = np.linalg.inv(design.X.T @ design.X)
    beta = gram @ design.X.T @ design.y
    r = design.y - design.X @ beta
    sigma2 = float(r @ r / (n - p))
    return Ancova(design, Inference(beta, gram * sigma2, lambda L: float(n - p)), sigma2, float(n - p))
