"""Integrated mass: all that a lesion adds to its surroundings, so that blurring moves nothing out of the sum.

    mass = c V sum(HU - background)

over a region that holds the lesion and its blur; the background is the mean of a ring about it. Threshold mass loses what
the blur carries below the threshold and adds the background above it (22 % wrong on a real phantom scan).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fetuin.imaging.policy import Calibration
from fetuin.imaging.volume import Volume
from fetuin.quantities import quantity


@dataclass(frozen=True)
class Ring:
    """Distances about a region, and what noise does to a sum."""

    grow: float = quantity(
        2.0, "mm", "assumption: about one blur width of a cardiac kernel", "margin added to a lesion found by threshold"
    )
    gap: float = quantity(0.5, "mm", "assumption", "between region and ring")
    width: float = quantity(2.5, "mm", "assumption: wide enough for a mean, narrow enough to be local", "of the ring")
    correlation: float = quantity(
        3.0, "1", "assumption: neighbouring voxels share noise", "factor on the variance of a sum"
    )


RING = Ring()


def within(region: np.ndarray, distance: float, spacing: tuple[float, float, float]) -> np.ndarray:
    """Pixels at most `distance` mm from the region, in the slice.

    A disc is its rows: the region widened by each row's half width, moved up and down. A distance transform says the same
    (a test compares) and reads every pixel many times over.
    """
    if not region.any() or distance <= 0:
        return region
    box = _box(region, spacing, distance)
    wide, grown, width = region[box].copy(), np.zeros_like(region[box]), 0
    for dy in range(int(distance / spacing[1] + 1e-9), -1, -1):  # from the narrowest row of the disc to the widest
        while math.hypot(dy * spacing[1], (width + 1) * spacing[2]) <= distance:
            width += 1
            part = region[box]
            wide[..., width:] |= part[..., :-width]
            wide[..., :-width] |= part[..., width:]
        if math.hypot(dy * spacing[1], 0.0) <= distance:
            grown[:, dy:] |= wide[:, : wide.shape[1] - dy]
            grown[:, : wide.shape[1] - dy] |= wide[:, dy:]
    out = np.zeros_like(region)
    out[box] = grown
    return out


def integrated_mass(
    volume: Volume, region: np.ndarray, c: Calibration, *, avoid: np.ndarray | None = None, density: float | None = None
) -> tuple[float, float, float]:
    """(mass, low, high) in mg of what lies in `region` [slices, rows, columns] above its surroundings, 95 % interval.

    The ring about the region is its background, slice by slice; `avoid` marks voxels that are no background. Mineral is
    taken to add to its background; an object of known `density` [mg/cm3] that displaces it is weighed by its own step
    above the background instead (as for a phantom insert, FQM). The interval
    covers noise and background; the range of the calibration factor is added linearly, for it is not random.
    """
    r = RING
    box = _box(region, volume.spacing, r.gap + r.width)
    part, values = region[box], volume.values[box].astype(float)
    ring = within(part, r.gap + r.width, volume.spacing) & ~within(part, r.gap, volume.spacing)
    if avoid is not None:
        ring &= ~avoid[box]
    if part.sum() == 0 or ring.sum() < 12:
        return float("nan"), float("nan"), float("nan")
    total, variance = 0.0, 0.0
    sd = float(values[ring].std())
    for inside, about, v in zip(part, ring, values):
        n, m = int(inside.sum()), int(about.sum())
        if not n:
            continue
        background = v[about].mean() if m >= 8 else values[ring].mean()
        total += float(v[inside].sum() - n * background)
        variance += r.correlation * sd**2 * (n + n * n / max(m, 8))
    unit = volume.voxel_volume / 1000  # mm3 to cm3
    if density is not None:
        unit *= density / c.factor / (density / c.factor - float(values[ring].mean()))
    mass, half = c.factor * unit * total, 1.96 * c.factor * unit * np.sqrt(variance)
    spread = abs(mass) * np.array([1 - c.low / c.factor, c.high / c.factor - 1])
    return mass, float(mass - half - spread[0]), float(mass + half + spread[1])


def _box(region: np.ndarray, spacing: tuple[float, float, float], margin: float) -> tuple[slice, slice, slice]:
    out = []
    for axis in range(3):
        hit = np.flatnonzero(region.any(axis=tuple(a for a in range(3) if a != axis)))
        pad = 0 if axis == 0 else int(margin / spacing[axis]) + 2
        low, high = (hit[0], hit[-1]) if len(hit) else (0, 0)
        out.append(slice(max(int(low) - pad, 0), int(high) + pad + 1))
    return out[0], out[1], out[2]
