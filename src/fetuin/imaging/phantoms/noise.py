"""The cardiac insert under correlated noise: what noise alone does to a score. The truth is the object's, not the image's."""

from __future__ import annotations

import math

import numpy as np

from fetuin.imaging.phantoms import qrm
from fetuin.imaging.volume import Volume

SD = 20.0  # HU; the real phantom scan of a large patient has 21.0
FWHM = 0.9  # mm in the slice, as the blur of a cardiac kernel; assumption
TO_SD = 1 / (2 * math.sqrt(2 * math.log(2)))


def correlated(shape: tuple[int, ...], sd: float, fwhm: float, pixel: float, rng: np.random.Generator) -> np.ndarray:
    """Gaussian noise of exactly this standard deviation in expectation, blurred in the slice."""
    from scipy.ndimage import gaussian_filter1d

    width = fwhm * TO_SD / pixel
    impulse = np.zeros(64)
    impulse[32] = 1
    gain = float((gaussian_filter1d(impulse, width) ** 2).sum())  # one axis; the field is filtered along two
    field = rng.standard_normal(shape, np.float32)
    for axis in (-1, -2):
        field = gaussian_filter1d(field, width, axis=axis)
    return field * (sd / gain)


def phantom(*, sd: float = SD, seed: int = 0) -> tuple[Volume, dict[str, float]]:
    """The QRM insert with blur and correlated noise of `sd` HU, and its truth. The same seed gives the same scan."""
    from dataclasses import replace

    clean, truth = qrm.phantom(fwhm_xy=FWHM, fwhm_z=3.0)
    field = correlated(clean.values.shape, sd, FWHM, clean.spacing[1], np.random.default_rng(seed))
    noisy = replace(clean, values=(clean.values + field).astype(np.float32), source="QRM insert with noise, simulated")
    return noisy, truth | {"noise_hu": sd, "seed": float(seed)}
