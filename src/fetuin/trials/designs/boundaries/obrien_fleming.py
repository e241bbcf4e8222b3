"""O'Brien-Fleming 1979: c / sqrt(t)."""

from __future__ import annotations

import numpy as np


def shape(t: np.ndarray, parameter: float | None = None) -> np.ndarray:
    """Bound at information fraction t, up to its constant."""
    return 1 / np.sqrt(t)
