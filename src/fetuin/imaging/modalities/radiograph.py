"""Projection radiograph: polarity, spacing, window, and the calcified area of a region with its density.

Values are turned so that bone is high whatever the polarity says. In a region, calcium is what stands above its local
background (a morphological opening wider than the deposits sought) by several times the noise. Density is in millimetres
of aluminium where the user names a step wedge on the film; without one it is in grey values above background, said to be
uncalibrated and comparable within one image only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from fetuin.errors import InputError, NotEnoughDataError
from fetuin.imaging.geometry import RADIOGRAPHS
from fetuin.imaging.regions import Region, place
from fetuin.imaging.volume import Volume
from fetuin.quantities import quantity


@dataclass(frozen=True)
class Rule:
    """How calcium is told from what surrounds it."""

    widest: float = quantity(
        12.0, "mm", "assumption: wider than most deposits", "largest width of a deposit that is sought"
    )
    widest_pixels: float = quantity(31.0, "1", "assumption", "the same in pixels, where the image has no spacing")
    noise: float = quantity(
        4.0, "1", "assumption: one false pixel in 30 000", "standard deviations above the background"
    )
    smallest: float = quantity(6.0, "1", "assumption", "pixels that hang together at least")


RULE = Rule()


@dataclass(frozen=True)
class Film:
    """An image with bone high: `values` [rows, columns], spacing in mm or None, window for display, what was turned."""

    values: np.ndarray
    spacing: tuple[float, float] | None
    spacing_from: str
    inverted: bool
    window: tuple[float, float]
    source: str = ""
    date: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Calcified:
    """What a region holds. Areas in mm2 only with a spacing; `density` is the mean above background, in `density_unit`."""

    region: str
    area_pixels: int
    area_mm2: float | None
    share: float
    deposits: int
    density: float | None
    density_unit: str
    integral: float | None
    noise: float


def film(volume: Volume) -> Film:
    """A radiograph from a volume of one image; refused where it is another modality or has several frames."""
    a = volume.acquisition
    if a.modality and a.modality not in RADIOGRAPHS:
        raise InputError(
            "not a radiograph",
            where="(0008,0060) Modality",
            why=f"it is {a.modality}",
            fix="use fetuin ct or fetuin scan",
        )
    if len(volume.values) != 1:
        raise InputError(
            "several images", where="(0028,0008) NumberOfFrames", why=f"{len(volume.values)} frames", fix="pass one"
        )
    values = volume.values[0].astype(float)
    inverted = a.photometric == "MONOCHROME1"
    low, high = float(values.min()), float(values.max())
    centre, width = a.window or ((low + high) / 2, max(high - low, 1.0))
    if inverted:
        values, centre = low + high - values, low + high - centre
    known = not any("PixelSpacing is absent" in w for w in volume.warnings)
    spacing = (volume.spacing[1], volume.spacing[2]) if known else None
    said = a.spacing_from if known else "absent: areas are in pixels"
    return Film(
        values,
        spacing,
        said,
        inverted,
        (centre - width / 2, centre + width / 2),
        volume.source,
        a.date,
        volume.warnings,
    )


def windowed(f: Film) -> np.ndarray:
    """The image as grey 0 to 255 through its window, bone white."""
    low, high = f.window
    return np.clip((f.values - low) / max(high - low, 1e-9) * 255, 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class Wedge:
    """Grey values of the steps of an aluminium wedge on the film and their thickness [mm], both rising."""

    grey: np.ndarray
    thickness: np.ndarray

    def aluminium(self, values: np.ndarray) -> np.ndarray:
        """Thickness of aluminium [mm] as dense as each value, between the steps by straight lines; NaN beyond the wedge."""
        return np.interp(values, self.grey, self.thickness, left=np.nan, right=np.nan)


def wedge(f: Film, steps: Sequence[tuple[Region, float]]) -> Wedge:
    """A wedge from regions drawn on its steps and their thickness [mm]."""
    if len(steps) < 3:
        raise NotEnoughDataError(
            "a wedge needs three steps", where="--wedge", why=f"{len(steps)} given", fix="name more steps"
        )
    at = sorted((mm, float(np.median(f.values[place(r, f.values.shape)]))) for r, mm in steps)
    thickness, grey = (np.array(v) for v in zip(*at))
    if (np.diff(thickness) <= 0).any() or (np.diff(grey) <= 0).any():
        raise InputError(
            "the steps of the wedge do not rise", where="--wedge", why=f"grey values {grey.round(1).tolist()}",
            fix="each thicker step must be whiter; check the regions",
        )  # fmt: skip
    return Wedge(grey, thickness)


def measure(f: Film, region: Region, scale: Wedge | None = None) -> tuple[Calcified, np.ndarray]:
    """What one region holds, and the pixels taken for calcium."""
    from scipy import ndimage as ndi

    inside = place(region, f.values.shape)
    box = _around(region, f)
    values, here = f.values[box], inside[box]
    background = ndi.grey_opening(ndi.gaussian_filter(values, 1.0), size=_width(f))
    above = values - ndi.gaussian_filter(background, 1.0)
    noise = _noise(values[here.any(axis=1)])
    labels, n = ndi.label((above > RULE.noise * noise) & here)
    large = np.bincount(labels.ravel(), minlength=n + 1) >= RULE.smallest
    large[0] = False
    found = large[labels]
    mask = np.zeros(f.values.shape, bool)
    mask[box] = found
    pixel = None if f.spacing is None else f.spacing[0] * f.spacing[1]
    pixels = int(found.sum())
    density, unit = _density(values, background, above, found, scale)
    area = None if pixel is None else pixels * pixel
    total = None if density is None else density * (pixels if area is None else area)
    return Calcified(
        region.name, pixels, area, pixels / int(here.sum()), int(large.sum()), density, unit, total, noise
    ), mask


def _density(
    values: np.ndarray, background: np.ndarray, above: np.ndarray, found: np.ndarray, scale: Wedge | None
) -> tuple[float | None, str]:
    if scale is None:
        return float(above[found].mean()) if found.any() else None, "grey values above background, uncalibrated"
    if not found.any():
        return None, "mm of aluminium"
    step = scale.aluminium(values[found]) - scale.aluminium(background[found])
    if not np.isfinite(step).all():
        return None, "mm of aluminium: the region passes the range of the wedge"
    return float(step.mean()), "mm of aluminium"


def _width(f: Film) -> tuple[int, int]:
    if f.spacing is None:
        return int(RULE.widest_pixels), int(RULE.widest_pixels)
    rows, columns = (max(3, round(RULE.widest / s) | 1) for s in f.spacing)
    return rows, columns


def _around(region: Region, f: Film) -> tuple[slice, slice]:
    """The region with room for the opening about it."""
    pads, bounds = _width(f), (region.rows, region.columns)
    rows, columns = (slice(max(a - p, 0), b + 1 + p) for (a, b), p in zip(bounds, pads))
    return rows, columns


def _noise(values: np.ndarray) -> float:
    """Robust spread of differences between neighbours in a row over root 2; never below half a grey value."""
    d = np.diff(values, axis=1)
    return max(float(1.4826 * np.median(np.abs(d - np.median(d))) / np.sqrt(2)), 0.5)


def summary(f: Film, regions: Sequence[Region], scale: Wedge | None = None) -> tuple[dict[str, Any], np.ndarray]:
    """JSON values of the image and its regions, and the mask of all calcium."""
    found = [measure(f, r, scale) for r in regions]
    mask = np.any([m for _, m in found], axis=0) if found else np.zeros(f.values.shape, bool)
    body = {
        "kind": "radiograph", "source": f.source, "date": f.date, "rows": f.values.shape[0], "columns": f.values.shape[1],
        "polarity": "MONOCHROME1, inverted so that bone is white" if f.inverted else "MONOCHROME2, as stored",
        "inverted": f.inverted, "window": list(f.window), "spacing_mm": list(f.spacing) if f.spacing else None,
        "spacing_from": f.spacing_from, "calibrated": scale is not None, "regions": [asdict(c) for c, _ in found],
        "warnings": list(f.warnings),
        "limit": "a bright edge of bone stands above its background too: draw the region where no bone lies",
    }  # fmt: skip
    return body, np.asarray(mask)
