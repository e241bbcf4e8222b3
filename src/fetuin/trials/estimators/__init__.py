"""Estimators of many trials at once. ONE PER FILE: each offers `estimate(Analysed) -> Estimates`; plain twins in `analysis/`."""

from __future__ import annotations

from fetuin.trials.estimators.contract import Analysed, Estimates, estimator

__all__ = ["Analysed", "Estimates", "estimator"]
