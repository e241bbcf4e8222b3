"""Wang and Tsiatis 1987: c t^(Delta - 1/2); Delta 0 is O'Brien-Fleming, 1/2 is Pocock."""

from __future__ import annotations

import numpy as np


def shape(t: np.ndarray, parameter: float | None = None) -> np.ndarray:
    """Bound at information fraction t, up to its constant."""
    return t ** ((0.25 if parameter is None else parameter) - 0.5)
