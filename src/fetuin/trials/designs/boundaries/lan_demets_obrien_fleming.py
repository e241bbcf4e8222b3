"""Lan and DeMets 1983, O'Brien-Fleming type: 2 (1 - Phi(z_(alpha/2) / sqrt(t)))."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri


def spend(t: np.ndarray, alpha: float, parameter: float | None = None) -> np.ndarray:
    """One-sided error spent by information fraction t."""
    return 2 * ndtr(-ndtri(1 - alpha / 2) / np.sqrt(t))
