"""Kim and DeMets 1987, power family: alpha t^rho."""

from __future__ import annotations

import numpy as np


def spend(t: np.ndarray, alpha: float, parameter: float | None = None) -> np.ndarray:
    """One-sided error spent by information fraction t; `parameter` is rho (1 unless named)."""
    return alpha * t ** (1.0 if parameter is None else parameter)
