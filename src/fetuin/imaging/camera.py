"""A gamma camera before a person: activity in voxels to counts in planar views and in a reconstructed SPECT.

    counts = sensitivity x time x sum over depth of  blur_d( activity x exp(-integral of mu to the camera) )

The collimator's blur grows with the distance d; counts are Poisson. SPECT turns the person, takes planar views and
reconstructs them by ordered-subset expectation maximisation with attenuation; its blur is left in the image, as it is in a
clinical one without resolution recovery. Scatter is left out: sensitivity is that of the photopeak window (assumption).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from fetuin.quantities import quantity

TO_SD = 1 / (2 * math.sqrt(2 * math.log(2)))


@dataclass(frozen=True)
class Collimator:
    """Low energy, high resolution: hole geometry, intrinsic resolution and sensitivity of one head."""

    hole: float = quantity(1.11, "mm", "assumption: recalled LEHR geometry", "hole diameter")
    length: float = quantity(24.05, "mm", "assumption: recalled LEHR geometry", "hole length")
    lead: float = quantity(2.689, "1/mm", "attenuation of lead at 140.5 keV, computed", "absorption by septa")
    intrinsic: float = quantity(3.8, "mm", "vendor tables, 9.5 mm crystal", "resolution of the crystal")
    sensitivity: float = quantity(72.0, "1/s/MBq", "vendor tables give 72 to 91", "counts of one head in air")

    def resolution(self, distance: float) -> float:
        """Full width at half maximum [mm] at `distance` [mm], collimator and crystal."""
        return math.hypot(self.geometric(distance), self.intrinsic)

    def geometric(self, distance: float) -> float:
        """Of the collimator alone: d (le + z) / le with the effective length le = l - 2 / mu."""
        effective = self.length - 2 / self.lead
        return self.hole * (effective + distance) / effective


LEHR = Collimator()
GAP = 30.0  # mm between skin and collimator; assumption
ORBIT = 250.0  # mm, radius of the orbit of a SPECT; assumption


def view(
    activity: np.ndarray, mu: np.ndarray, voxel: float, *, seconds: float, collimator: Collimator = LEHR, back: bool = False, gap: float = GAP
) -> np.ndarray:  # fmt: skip
    """Expected counts [slices, columns] of one head. `activity` [MBq a voxel] and `mu` [1/mm] are [slices, rows, columns].

    The camera stands in front (row 0); `back` puts it behind, and the view is mirrored as that camera sees it.
    """
    from scipy.ndimage import gaussian_filter

    a, m = (x[:, ::-1, ::-1] if back else x for x in (activity, mu))
    before = (np.cumsum(m, axis=1) - m / 2) * voxel  # to the middle of the voxel
    seen = a * np.exp(-before)
    out = np.zeros((a.shape[0], a.shape[2]))
    for row in np.flatnonzero(seen.any(axis=(0, 2))):
        sd = collimator.resolution(gap + (row + 0.5) * voxel) * TO_SD / voxel
        out += gaussian_filter(seen[:, row], sd, mode="reflect")
    return out * collimator.sensitivity * seconds


def planar_pair(
    activity: np.ndarray,
    mu: np.ndarray,
    voxel: float,
    *,
    seconds: float,
    seed: int | None,
    collimator: Collimator = LEHR,
) -> np.ndarray:
    """Front and back views as the cameras see them, Poisson counts; expected counts where `seed` is None."""
    expected = np.stack(
        [view(activity, mu, voxel, seconds=seconds, collimator=collimator, back=b) for b in (False, True)]
    )
    return expected if seed is None else np.random.default_rng(seed).poisson(expected).astype(float)


@cache
def _turn(rows: int, columns: int, degrees: float) -> Any:
    """A turn of the slice about its centre by bilinear weights, as a sparse matrix; its transpose is the exact adjoint."""
    from scipy.sparse import csr_array

    t = math.radians(degrees)
    r, c = (np.indices((rows, columns)).reshape(2, -1).T - [(rows - 1) / 2, (columns - 1) / 2]).T
    y, x = math.cos(t) * r - math.sin(t) * c + (rows - 1) / 2, math.sin(t) * r + math.cos(t) * c + (columns - 1) / 2
    y0, x0, n = np.floor(y).astype(int), np.floor(x).astype(int), rows * columns
    here, source, weight = [], [], []
    for dy, dx in ((0, 0), (0, 1), (1, 0), (1, 1)):
        w = np.abs(1 - dy - (y - y0)) * np.abs(1 - dx - (x - x0))
        ok = (y0 + dy >= 0) & (y0 + dy < rows) & (x0 + dx >= 0) & (x0 + dx < columns) & (w > 0)
        here.append(np.flatnonzero(ok))
        source.append(((y0 + dy) * columns + x0 + dx)[ok])
        weight.append(w[ok])
    return csr_array((np.concatenate(weight), (np.concatenate(here), np.concatenate(source))), shape=(n, n))


def _turned(x: np.ndarray, degrees: float, *, back: bool = False) -> np.ndarray:
    """All slices turned; `back` applies the adjoint."""
    m = _turn(x.shape[1], x.shape[2], float(degrees))
    flat = np.ascontiguousarray(x.reshape(len(x), -1).T)
    return np.asarray(((m.T if back else m) @ flat).T.reshape(x.shape))


def projections(
    activity: np.ndarray, mu: np.ndarray, voxel: float, angles: np.ndarray, *, seconds: float, seed: int | None, collimator: Collimator = LEHR
) -> np.ndarray:  # fmt: skip
    """Counts [angle, slices, columns] of a SPECT, `seconds` a view; expected where `seed` is None."""
    gap = max(GAP, ORBIT - activity.shape[1] * voxel / 2)
    options = {"seconds": seconds, "collimator": collimator, "gap": gap}
    expected = np.stack([view(_turned(activity, a), _turned(mu, a), voxel, **options) for a in angles])  # type: ignore[arg-type]
    return expected if seed is None else np.random.default_rng(seed).poisson(expected).astype(float)


def reconstruct(
    counts: np.ndarray, mu: np.ndarray, voxel: float, angles: np.ndarray, *, seconds: float, sensitivity: float = LEHR.sensitivity,
    iterations: int = 3, subsets: int = 6,
) -> np.ndarray:  # fmt: skip
    """Activity [MBq a voxel] by ordered-subset expectation maximisation with attenuation, without resolution recovery."""
    scale = sensitivity * seconds
    weights = []
    for a in angles:
        turned = _turned(mu, a)
        weights.append(np.exp(-(np.cumsum(turned, axis=1) - turned / 2) * voxel) * scale)
    image = np.full(mu.shape, max(counts.sum(), 1.0) / (len(angles) * scale * mu.size))
    norms = [
        sum(_turned(weights[i], angles[i], back=True) for i in range(k, len(angles), subsets)) for k in range(subsets)
    ]
    for _ in range(iterations):
        for k in range(subsets):
            up = np.zeros_like(image)
            for i in range(k, len(angles), subsets):
                forward = (_turned(image, angles[i]) * weights[i]).sum(axis=1)
                quotient = counts[i] / np.maximum(forward, 1e-9)
                up += _turned(weights[i] * quotient[:, None], angles[i], back=True)
            image = image * up / np.maximum(norms[k], 1e-9)
    return image
