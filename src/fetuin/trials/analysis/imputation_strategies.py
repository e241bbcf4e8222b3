"""Where the mean of a person who left goes: MAR, jump to reference, copy reference, copy increments in reference.

Carpenter, Roger and Kenward 2013 (J Biopharm Stat 23:1352): the marginal mean of one person, before and after leaving; missing
visits are then drawn from the normal law conditional on what was seen.
"""

from __future__ import annotations

import numpy as np

from fetuin.errors import InputError

Array = np.ndarray
NAMES = {"MAR": "MAR", "J2R": "J2R", "JR": "J2R", "CR": "CR", "CIR": "CIR"}  # rbmi calls J2R JR


def strategy(name: str) -> str:
    """The strategy's name in one spelling; refused when unknown."""
    if name.upper() not in NAMES:
        raise InputError(f"no imputation strategy {name!r}", where="strategy", fix="MAR, J2R, CR or CIR")
    return NAMES[name.upper()]


def marginal(name: str, own: Array, reference: Array, last: Array) -> Array:
    """Marginal means [..., n, m] of people whose last visit before leaving is `last` [n] (-1: none).

    `own` and `reference` are means [..., n, m] under the person's arm and under the reference arm.
    """
    after = np.arange(own.shape[-1]) > last[:, None]
    if name == "MAR":
        return own
    if name == "CR":
        return np.where((last < own.shape[-1] - 1)[:, None], reference, own)
    if name == "J2R":
        return np.where(after, reference, own)
    at = np.maximum(last, 0)[:, None]
    gap = np.take_along_axis(own - reference, np.broadcast_to(at, (*own.shape[:-1], 1)), axis=-1)
    return np.where(after, reference + np.where((last >= 0)[:, None], gap, 0.0), own)
