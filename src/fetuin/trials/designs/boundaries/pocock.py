"""Pocock 1977: the same bound at every look."""

from __future__ import annotations

import numpy as np


def shape(t: np.ndarray, parameter: float | None = None) -> np.ndarray:
    """Bound at information fraction t, up to its constant."""
    return np.ones_like(t)
