"""Integrated mass: all that a lesion adds to its surroundings, so that blurring moves nothing out of the sum.

    mass = c V sum(HU - background)

over a region that holds the lesion and its blur; the background is the mean of a ring about it. Threshold mass loses what
the blur carries below the threshold and adds the background above it (22 % wrong on a real phantom scan). Each region has
its own background: one for all would be fragile (1 HU about the real phantom's inserts is 6.7 mg).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fetuin.imaging.lesions import Spots
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
        6.0,
        "1",
        "assumption: a cardiac kernel at 0.5 mm pixels",
        "factor on the variance of a sum where it cannot be measured",
    )
    pairs: float = quantity(60.0, "1", "assumption", "neighbours in the ring from which the factor is measured")
    air: float = quantity(
        -250.0, "HU", "assumption: between fat and lung", "voxels below it belong neither to lesion nor to background"
    )


RING = Ring()
MOST = 3_000  # lesions that are weighed one by one; beyond it a region was not chosen but everything was taken


class Mass(NamedTuple):
    """mg of hydroxyapatite with its 95 % interval, and how many parts had no soft tissue about them and are not in it."""

    value: float
    low: float
    high: float
    left_out: int = 0


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
) -> Mass:
    """(mass, low, high) in mg of what lies in `region` [slices, rows, columns] above its surroundings, 95 % interval.

    The ring about the region is its background, slice by slice; `avoid` marks voxels that are no background. Mineral is
    taken to add to its background; an object of known `density` [mg/cm3] that displaces it is weighed by its own step
    above the background instead (as for a phantom insert, FQM). The interval
    covers noise and background; the range of the calibration factor is added linearly, for it is not random.
    """
    box = _box(region, volume.spacing, RING.gap + RING.width)
    found = _weighed(volume.values[box], region[box], volume, c, None if avoid is None else avoid[box], density)
    return _interval([found], c)


def mass_of_regions(volume: Volume, region: np.ndarray, c: Calibration, largest: float) -> Mass | None:
    """The sum over the connected parts of a drawn region (circles), each against its own ring.

    None where a part passes `largest` mm3: a circle the size of a heart is no outline of a lesion.
    """
    from scipy import ndimage as ndi

    labels, n = ndi.label(region, np.ones((3, 3, 3), bool))
    if np.bincount(labels.reshape(-1))[1:].max(initial=0) * volume.voxel_volume > largest:
        return None
    found, margin = [], RING.gap + RING.width
    for i, place in enumerate(ndi.find_objects(labels, n)):
        box = _padded(place, volume.spacing, margin)
        mine = labels[box] == i + 1
        found.append(_weighed(volume.values[box], mine, volume, c, region[box] & ~mine, None))
    return _interval(found, c)


def mass_of_lesions(volume: Volume, found: Spots, c: Calibration, threshold: float, inside: np.ndarray) -> Mass | None:
    """The sum over the lesions found by threshold, each grown by a blur width and one slice within the region `inside`.

    None where there are too many to be a choice. Lesions whose surroundings meet are weighed as one, so that no voxel counts twice.
    """
    n = int(found.lesion.max()) + 1 if len(found) else 0
    if n > MOST:
        return None
    shape, spacing = volume.values.shape, volume.spacing
    place = np.stack(np.unravel_index(found.voxels, shape))
    low, high = np.full((3, n), 2**30), np.full((3, n), -1)
    for axis in range(3):
        np.minimum.at(low[axis], found.voxel_lesion, place[axis])
        np.maximum.at(high[axis], found.voxel_lesion, place[axis])
    group = _groups(low, high, spacing)
    parts = []
    for g in np.unique(group):
        mine = group[found.voxel_lesion] == g
        box = tuple(slice(int(low[a, group == g].min()), int(high[a, group == g].max()) + 1) for a in range(3))
        parts.append(_grown(volume, place[:, mine], box, c, threshold, inside))
    return _interval(parts, c)


def _groups(low: np.ndarray, high: np.ndarray, spacing: tuple[float, float, float]) -> np.ndarray:
    """The number of the group of each box [3, n]: boxes whose surroundings meet belong together."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    meet = np.ones((low.shape[1],) * 2, bool)
    for axis, margin in enumerate((2, 2 * RING.grow / spacing[1], 2 * RING.grow / spacing[2])):
        meet &= low[axis][:, None] <= high[axis][None] + margin
        meet &= low[axis][None] <= high[axis][:, None] + margin
    return np.asarray(connected_components(csr_array(meet), directed=False)[1])


def _grown(
    volume: Volume, place: np.ndarray, box: tuple[slice, ...], c: Calibration, threshold: float, inside: np.ndarray
) -> tuple[float, float]:
    spacing = volume.spacing
    wide = _padded(box, spacing, RING.grow + RING.gap + RING.width, slices=1)
    values = volume.values[wide]
    region = np.zeros(values.shape, bool)
    region[tuple(p - b.start for p, b in zip(place, wide))] = True
    region = within(region, max(RING.grow, *spacing[1:]), spacing)
    flat = region.copy()
    region[:-1] |= flat[1:]
    region[1:] |= flat[:-1]
    region &= inside[wide]
    return _weighed(values, region, volume, c, (values >= threshold) & ~region, None)


def _weighed(
    values: np.ndarray, region: np.ndarray, volume: Volume, c: Calibration, avoid: np.ndarray | None, density: float | None
) -> tuple[float, float]:  # fmt: skip
    """(mass, standard error from noise and background) in mg of a region of a box of values; NaN without a background."""
    r = RING
    width = max(r.width, 2 * max(volume.spacing[1:]))  # two pixels at least, where pixels are coarse
    ring = within(region, r.gap + width, volume.spacing) & ~within(region, r.gap, volume.spacing)
    tissue = values >= r.air
    ring &= tissue
    if avoid is not None:
        ring &= ~avoid
    if region.sum() == 0 or ring.sum() < 8:
        return float("nan"), float("nan")
    total, variance = 0.0, 0.0
    whole = values[ring].astype(float)
    sd, mean = float(whole.std()), float(whole.mean())
    correlation = _correlation(values, ring, mean, sd)
    for inside, about, v in zip(region & tissue, ring, values):
        n, m = int(inside.sum()), int(about.sum())
        if not n:
            continue
        background = float(v[about].mean(dtype=float)) if m >= 8 else mean
        total += float(v[inside].sum(dtype=float) - n * background)
        variance += correlation * sd**2 * (n + n * n / max(m, 8))
    unit = volume.voxel_volume / 1000 * c.factor  # mm3 to cm3, HU to mg/cm3
    if density is not None:
        unit *= density / c.factor / (density / c.factor - mean)
    return unit * total, abs(unit) * math.sqrt(variance)


def _correlation(values: np.ndarray, ring: np.ndarray, mean: float, sd: float) -> float:
    """How much more a sum of correlated noise varies than of independent noise, from neighbours in the ring.

    Gaussian blur of s pixels gives neighbours a correlation rho = exp(-1 / (4 s^2)) and the sum, along one axis, a factor
    sqrt(4 pi s^2) = sqrt(-pi / ln rho); never below 1.
    """
    if sd <= 0:
        return 1.0
    factor = 1.0
    for axis in (1, 2):
        one, two = (np.swapaxes(v, 1, axis) for v in (ring, values))
        both = one[:, 1:] & one[:, :-1]
        if both.sum() < RING.pairs:
            return RING.correlation
        product = (two[:, 1:][both].astype(float) - mean) * (two[:, :-1][both].astype(float) - mean)
        rho = min(max(float(product.mean()) / sd**2, 1e-6), 0.95)
        factor *= max(1.0, math.sqrt(-math.pi / math.log(rho)))
    return factor


def _interval(found: list[tuple[float, float]], c: Calibration) -> Mass:
    """Sum of the parts: noise adds in squares, the range of the calibration linearly."""
    kept = [(m, s) for m, s in found if math.isfinite(m)]
    if found and not kept:
        return Mass(math.nan, math.nan, math.nan, len(found))
    mass = sum(m for m, _ in kept)
    half = 1.96 * math.sqrt(sum(s * s for _, s in kept))
    low, high = abs(mass) * (1 - c.low / c.factor), abs(mass) * (c.high / c.factor - 1)
    return Mass(mass, mass - half - low, mass + half + high, len(found) - len(kept))


def _padded(
    box: tuple[slice, ...], spacing: tuple[float, float, float], margin: float, *, slices: int = 0
) -> tuple[slice, slice, slice]:
    pads = (slices, int(margin / spacing[1]) + 4, int(margin / spacing[2]) + 4)
    z, y, x = (slice(max(b.start - p, 0), b.stop + p) for b, p in zip(box, pads))
    return z, y, x


def _box(region: np.ndarray, spacing: tuple[float, float, float], margin: float) -> tuple[slice, slice, slice]:
    out = []
    for axis in range(3):
        hit = np.flatnonzero(region.any(axis=tuple(a for a in range(3) if a != axis)))
        out.append(slice(int(hit[0]), int(hit[-1]) + 1) if len(hit) else slice(0, 1))
    return _padded(tuple(out), spacing, margin)
