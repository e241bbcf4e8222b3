"""How far each place of a planar bone scan stands above a soft-tissue region, in standard deviations of counting.

A place is the mean of a small box of pixels. Its variance under "the same soft tissue" is Poisson: the region's mean over
the pixels of the box, plus the variance of the region's own mean. Bone stands out as well: the map shows where to look and
is no verdict. No threshold is published for soft-tissue uptake.
"""

from __future__ import annotations

import math

import numpy as np

from fetuin.errors import InputError, NotEnoughDataError
from fetuin.imaging.modalities.bone_scintigraphy import Region, measure


def soft_tissue_z(image: np.ndarray, soft: Region, box: int = 3) -> np.ndarray:
    """z of every pixel [rows, columns] of `image` [counts] against the region `soft`; `box` is odd [pixels].

    Raises NotEnoughDataError where the region holds fewer than 100 counts, InputError where the box is not odd.
    """
    from scipy.ndimage import uniform_filter

    if box < 1 or box % 2 == 0:
        raise InputError(f"a box of {box} pixels has no middle.", where="box", fix="an odd number: 1, 3, 5")
    ground = measure(image, soft)
    if ground.counts < 100:
        raise NotEnoughDataError(
            "too few counts in the soft-tissue region", where=soft.name, why=f"{ground.counts:g} counts, at least 100",
            fix="draw a larger region",
        )  # fmt: skip
    local = uniform_filter(np.asarray(image, float), box, mode="nearest")
    return np.asarray((local - ground.mean) / math.sqrt(ground.mean / box**2 + ground.se**2))
