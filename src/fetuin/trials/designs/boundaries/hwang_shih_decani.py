"""Hwang, Shih and DeCani 1990: alpha (1 - e^(-gamma t)) / (1 - e^-gamma); gamma 0 is alpha t."""

from __future__ import annotations

import numpy as np


def spend(t: np.ndarray, alpha: float, parameter: float | None = None) -> np.ndarray:
    """One-sided error spent by information fraction t; `parameter` is gamma (-4 unless named)."""
    gamma = -4.0 if parameter is None else parameter
    return alpha * t if gamma == 0 else alpha * np.expm1(-gamma * t) / np.expm1(-gamma)
