"""The cardiac calcification insert: nine cylinders of known mass, with exact partial volume and a chosen blur.

Diameter = length = 1, 3 and 5 mm; 200, 400 and 800 mg/cm3 of hydroxyapatite; axis along z. True mass 168.2323 mg, true
volume 360.498 mm3. A cylinder has 1.25 rho HU and displaces its background (100 mg/cm3 is 130.7 HU at 70 keV; the even
factor is this phantom's own), so integrated mass needs the object's density: `mass.integrated_mass(density=...)`.
"""

from __future__ import annotations

import math

import numpy as np

from fetuin.imaging.volume import Acquisition, Volume

SIZES = (1.0, 3.0, 5.0)  # mm
DENSITIES = (200.0, 400.0, 800.0)  # mg/cm3
HU_PER_DENSITY = 1.25  # HU per mg/cm3; definition of this phantom
BACKGROUND = 40.0  # HU
PITCH = 20.0  # mm between cylinders
FINE = 20  # sub-samples a pixel edge: partial volume in the slice to 0.1 %
TRUE_MASS = sum(math.pi / 4 * d**3 * rho for d in SIZES for rho in DENSITIES) / 1000  # mg
TRUE_VOLUME = 3 * sum(math.pi / 4 * d**3 for d in SIZES)  # mm3


def _cover(n: int, pitch: float, at: float, length: float) -> np.ndarray:
    """Share of each slice [n] that a cylinder of `length` centred at `at` fills."""
    edge = (np.arange(n + 1) - n / 2) * pitch
    low, high = np.maximum(edge[:-1], at - length / 2), np.minimum(edge[1:], at + length / 2)
    return np.clip(high - low, 0, None) / pitch


def _disc(n: int, pixel: float, y: float, x: float, radius: float) -> np.ndarray:
    """Share of each pixel [n, n] that a disc covers."""
    out = np.zeros((n, n))
    rows, columns = (_near(n, pixel, at, radius) for at in (y, x))
    dy, dx = ((np.arange(len(p) * FINE) + 0.5) / FINE + p[0] - n / 2 for p in (rows, columns))
    inside = (dy[:, None] * pixel - y) ** 2 + (dx[None, :] * pixel - x) ** 2 <= radius**2
    out[np.ix_(rows, columns)] = inside.reshape(len(rows), FINE, len(columns), FINE).mean(axis=(1, 3))
    return out


def _near(n: int, pixel: float, at: float, radius: float) -> np.ndarray:
    """The pixels of one axis that a disc can touch."""
    low, high = (math.floor((at + side * radius) / pixel + n / 2) for side in (-1, 1))
    return np.arange(max(low, 0), min(high, n - 1) + 1)


def phantom(*, thickness: float = 3.0, pixel: float = 0.5, offset: tuple[float, float, float] = (0.0, 0.1, 0.15), fwhm_z: float = 0.0, fwhm_xy: float = 0.0, noise: float = 0.0, seed: int = 0) -> tuple[Volume, dict[str, float]]:  # fmt: skip
    """The scan and its truth. `offset` (z, y, x) in mm; blur as full width at half maximum in mm; noise in HU."""
    from scipy.ndimage import gaussian_filter, gaussian_filter1d

    slices = 2 * math.ceil(15 / thickness) + 1
    n = int(4 * PITCH / pixel)
    field = np.zeros((slices, n, n))
    for i, rho in enumerate(DENSITIES):
        for j, d in enumerate(SIZES):
            y, x = (i - 1) * PITCH + offset[1], (j - 1) * PITCH + offset[2]
            field += (
                _cover(slices, thickness, offset[0], d)[:, None, None]
                * _disc(n, pixel, y, x, d / 2)
                * (rho * HU_PER_DENSITY - BACKGROUND)
            )
    to_sd = 1 / (2 * math.sqrt(2 * math.log(2)))
    if fwhm_xy:
        field = gaussian_filter(field, (0, fwhm_xy * to_sd / pixel, fwhm_xy * to_sd / pixel))
    if fwhm_z:
        field = gaussian_filter1d(field, fwhm_z * to_sd / thickness, axis=0)
    if noise:
        field = field + np.random.default_rng(seed).normal(0, noise, field.shape)
    facts = Acquisition("CT", 120.0, slice_thickness=thickness, manufacturer="phantom")
    volume = Volume(
        (field + BACKGROUND).astype(np.float32), (thickness, pixel, pixel), "HU", facts, source="QRM insert, simulated"
    )
    return volume, {"mass_mg": TRUE_MASS, "volume_mm3": TRUE_VOLUME, "calibration": 1 / HU_PER_DENSITY}
