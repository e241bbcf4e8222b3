"""Haybittle 1971, Peto 1976: a fixed high bound (3 unless named) at every look but the last, which is solved for."""

from __future__ import annotations

import numpy as np

BOUND = 3.0  # Peto, Br J Cancer 1976;34:585


def fixed(t: np.ndarray, parameter: float | None = None) -> np.ndarray:
    """Bounds at all looks but the last."""
    return np.full(len(t) - 1, BOUND if parameter is None else parameter)
