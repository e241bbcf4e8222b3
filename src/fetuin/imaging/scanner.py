"""A CT scanner before simulated deposits: partial volume, blur, correlated noise, and what is scored of it.

    HU = tissue + density / c     (mineral adds to the tissue it lies in; c in mg/cm3 per HU)

Deposits are balls on a grid finer than the scan; the slice profile and the in-plane blur are Gaussian; noise has the blur
of the kernel and its spread is that of the finished image.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from fetuin.imaging.body_model import Deposit
from fetuin.imaging.camera import TO_SD
from fetuin.imaging.phantoms.noise import correlated
from fetuin.imaging.volume import Acquisition, Volume
from fetuin.quantities import quantity


@dataclass(frozen=True)
class Scanner:
    """Geometry, blur and noise of a calcium scan."""

    thickness: float = quantity(3.0, "mm", "Agatston, JACC 1990;15:827", "slice thickness and increment")
    pixel: float = quantity(0.5, "mm", "as the real phantom scan, 0.488", "edge of a pixel")
    fwhm_z: float = quantity(3.0, "mm", "assumption: as the slice", "slice sensitivity profile")
    fwhm_xy: float = quantity(0.9, "mm", "assumption: cardiac kernel", "blur in the slice")
    noise: float = quantity(20.0, "HU", "real phantom scan of a large patient: 21.0", "standard deviation")
    tissue: float = quantity(40.0, "HU", "assumption: muscle and blood", "what deposits lie in")
    calibration: float = quantity(0.765, "mg/cm3", "xraylib, hydroxyapatite at 70 keV", "density per HU")


CARDIAC = Scanner()
FINE_Z = 6  # sub-slices a slice
FINE_XY = 2  # sub-pixels a pixel edge, on top of the smooth edge of a ball


def clean(
    deposits: Sequence[Deposit], s: Scanner = CARDIAC, *, size: tuple[float, float, float] = (30.0, 40.0, 40.0)
) -> np.ndarray:
    """HU without noise of a block of tissue of `size` [mm]; deposits lie at mm from its corner."""
    from scipy.ndimage import gaussian_filter1d

    n = tuple(round(a / b) for a, b in zip(size, (s.thickness, s.pixel, s.pixel)))
    step = (s.thickness / FINE_Z, s.pixel / FINE_XY, s.pixel / FINE_XY)
    density = np.zeros((n[0] * FINE_Z, n[1] * FINE_XY, n[2] * FINE_XY))
    for d in deposits:
        _add(density, d, step)
    for axis, fwhm in enumerate((s.fwhm_z, s.fwhm_xy, s.fwhm_xy)):
        if fwhm > 0:
            density = gaussian_filter1d(density, fwhm * TO_SD / step[axis], axis=axis)
    coarse = density.reshape(n[0], FINE_Z, n[1], FINE_XY, n[2], FINE_XY).mean(axis=(1, 3, 5))
    return s.tissue + coarse / s.calibration


def _add(density: np.ndarray, d: Deposit, step: tuple[float, float, float]) -> None:
    """One ball of exactly its mass, its surface smoothed over a voxel."""
    radius = d.diameter / 2
    box = []
    for at, h, n in zip(d.place, step, density.shape):
        box.append(slice(max(math.floor((at - radius) / h) - 1, 0), min(math.ceil((at + radius) / h) + 2, n)))
    z, y, x = ((np.arange(b.start, b.stop) + 0.5) * h - at for b, h, at in zip(box, step, d.place))
    far = np.sqrt(z[:, None, None] ** 2 + y[:, None] ** 2 + x**2)
    share = np.clip((radius - far) / max(step) + 0.5, 0, 1)
    if share.sum() == 0:
        share[np.unravel_index(int(far.argmin()), far.shape)] = 1.0
    millilitre = math.prod(step) / 1000
    density[tuple(box)] += share * (d.mass_mg / (share.sum() * millilitre))


def scan(
    deposits: Sequence[Deposit], s: Scanner = CARDIAC, *, seed: int | None = 0, size: tuple[float, float, float] = (30.0, 40.0, 40.0)
) -> Volume:  # fmt: skip
    """A scan of deposits as a volume of HU; without noise where `seed` is None."""
    values = clean(deposits, s, size=size)
    if seed is not None and s.noise > 0:
        values = values + correlated(values.shape, s.noise, s.fwhm_xy, s.pixel, np.random.default_rng(seed))
    facts = Acquisition("CT", 120.0, slice_thickness=s.thickness, manufacturer="simulated")
    return Volume(
        values.astype(np.float32), (s.thickness, s.pixel, s.pixel), "HU", facts, np.diag([s.pixel, s.pixel, s.thickness, 1.0]),
        source="simulated deposits",
    )  # fmt: skip


def plaques(mass_mg: float, number: int, *, density: float = 400.0, seed: int = 0, size: tuple[float, float, float] = (30.0, 40.0, 40.0)) -> list[Deposit]:  # fmt: skip
    """The mineral of a site [mg] as `number` equal balls at random places, as a simulated person's deposit is spread."""
    rng = np.random.default_rng(seed)
    edge = Deposit((0, 0, 0), mass_mg / number, density).diameter / 2 + 4
    low, high = np.minimum(edge, np.array(size) / 2), np.maximum(np.array(size) - edge, np.array(size) / 2)
    return [Deposit(tuple(rng.uniform(low, high)), mass_mg / number, density) for _ in range(number)]


def with_noise(s: Scanner, noise: float) -> Scanner:
    """The same scanner at another noise [HU]."""
    return replace(s, noise=noise)
