"""Lan and DeMets 1983, Pocock type: alpha ln(1 + (e - 1) t)."""

from __future__ import annotations

import numpy as np


def spend(t: np.ndarray, alpha: float, parameter: float | None = None) -> np.ndarray:
    """One-sided error spent by information fraction t."""
    return alpha * np.log1p((np.e - 1) * t)
