"""Soft-tissue uptake against what these kidneys leave behind: a map of z-scores and the places that stand out.

    expected counts of a pixel = total of the body x share outside bone (tracer model, GFR, time) x share of tissue on its line
    z = (counts in a disc - expected) / sqrt(expected + (spread x expected)^2)

A low GFR leaves tracer in tissue fluid; without it in the expectation every dialysis patient would look diseased. Bone,
bladder, kidneys and the injection site are hot as well: the map tells where, its reader tells what. No threshold is
published for soft-tissue uptake; z counts counting noise and the spread of the model, no more.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from fetuin.imaging.regions import midline, outline
from fetuin.physiology.tracer import expected_soft_share
from fetuin.quantities import quantity


@dataclass(frozen=True)
class Rule:
    """How the map is drawn."""

    radius: float = quantity(
        10.0, "mm", "assumption: about the resolution of a camera", "of the disc or ball that is summed"
    )
    depth: float = quantity(0.6, "1", "assumption: a limb or trunk is an ellipse", "depth over width of the body")
    tissue: float = quantity(
        0.3, "1", "assumption: muscle, fat and blood differ", "spread of uptake between soft tissues"
    )
    hot: float = quantity(3.0, "1", "assumption: one false pixel in 740", "z above which a place is listed")
    smallest: float = quantity(100.0, "mm2", "assumption: a third of the disc", "area of a place that is listed")
    water: float = quantity(0.01536814, "1/mm", "xraylib, water at 140.5 keV", "narrow-beam attenuation")


RULE = Rule()
MOST = 30  # places listed


@dataclass(frozen=True)
class Place:
    """A spot of the map: where (pixels from 0), its size, greatest z, uptake over expected, and over its mirror image."""

    at: tuple[int, ...]
    pixels: int
    z: float
    over_expected: float
    over_mirror: float | None
    over_mirror_low: float | None
    over_mirror_high: float | None


@dataclass(frozen=True)
class UptakeMap:
    """z and expected counts on the grid of the image; NaN outside the body; the places that stand out."""

    z: np.ndarray
    expected: np.ndarray
    places: tuple[Place, ...]
    soft_share: tuple[float, float, float]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, without the map itself."""
        return {
            "soft_share_expected": self.soft_share[0], "soft_share_interval": list(self.soft_share[1:]),
            "places": [asdict(p) for p in self.places],
            "limit": "bone, bladder, kidneys and the injection site are hot too: a map with z-scores, no verdict",
        }  # fmt: skip


def tissue_weight(body: np.ndarray, pixel: float, *, views: int) -> np.ndarray:
    """Counts that an even activity would give in each pixel [relative]: thickness of an ellipse, attenuated.

    Each run of a row (trunk, arm, leg) is an ellipse of its own. One view sees (1 - exp(-mu t)) / mu, the geometric mean of
    two opposite ones t exp(-mu t / 2).
    """
    out, mu = np.zeros(body.shape), RULE.water
    for r, row in enumerate(body):
        edge = np.flatnonzero(np.diff(np.concatenate(([0], row.astype(np.int8), [0]))))
        for a, b in zip(edge[::2], edge[1::2]):
            x = (np.arange(a, b) + 0.5 - (a + b) / 2) / ((b - a) / 2)
            t = RULE.depth * (b - a) * pixel * np.sqrt(1 - x**2)
            out[r, a:b] = t * np.exp(-mu * t / 2) if views == 2 else (1 - np.exp(-mu * t)) / mu
    return out


def planar_map(
    views: list[np.ndarray], pixel: float, *, gfr: float, minutes: float, exclude: np.ndarray | None = None
) -> UptakeMap:
    """The map of a whole-body view, or of the geometric mean of two opposite ones. `exclude`: bladder, injection site."""
    image = views[0] if len(views) == 1 else np.sqrt(np.prod([_summed(v, pixel) for v in views], axis=0))
    body = outline(sum(views))  # type: ignore[arg-type]
    free = body if exclude is None else body & ~exclude
    share = expected_soft_share(minutes, gfr)
    weight = tissue_weight(body, pixel, views=len(views))
    summed = _summed(image, pixel) if len(views) == 1 else image
    total = float((image if len(views) == 1 else image / _disc(pixel, 2).sum())[free].sum())
    expected = _summed(total * share[0] * weight / weight[free].sum(), pixel)
    noise = np.maximum(expected, 1.0) / (1.0 if len(views) == 1 else 2.0)
    return _map(summed, expected, noise, free, share, RULE.smallest / pixel**2)


def spect_map(
    values: np.ndarray, spacing: tuple[float, float, float], body: np.ndarray, bones: np.ndarray, *, gfr: float, minutes: float
) -> UptakeMap:  # fmt: skip
    """The map of a reconstructed SPECT of most of the body: soft tissue is taken to hold an even concentration.

    Noise of a reconstruction is not Poisson: it is the robust spread of the smoothed values in soft tissue.
    """
    from scipy.ndimage import gaussian_filter

    share = expected_soft_share(minutes, gfr)
    smooth = gaussian_filter(values.astype(float), [RULE.radius / 2 / s for s in spacing])
    soft = body & ~bones
    expected = np.full(values.shape, float(values[body].sum()) * share[0] / max(int(soft.sum()), 1))
    typical = float(np.median(smooth[soft]))
    noise = (1.4826 * float(np.median(np.abs(smooth[soft] - typical)))) ** 2
    return _map(smooth, expected, np.full(values.shape, noise), soft, share, 2.0)


def _map(
    summed: np.ndarray, expected: np.ndarray, noise: np.ndarray, inside: np.ndarray, share: tuple[float, float, float],
    smallest: float,
) -> UptakeMap:  # fmt: skip
    spread = math.hypot((share[2] - share[1]) / (2 * 1.96 * share[0]), RULE.tissue)
    z = np.where(inside, (summed - expected) / np.sqrt(noise + (spread * expected) ** 2), np.nan)
    return UptakeMap(z, expected, _places(z, summed, expected, inside, smallest), share)


def _places(
    z: np.ndarray, summed: np.ndarray, expected: np.ndarray, inside: np.ndarray, smallest: float
) -> tuple[Place, ...]:
    from scipy import ndimage as ndi

    labels, n = ndi.label(np.nan_to_num(z, nan=-1) > RULE.hot)
    if n == 0:
        return ()
    centre, found = midline(inside), []
    for i, box in enumerate(ndi.find_objects(labels)):
        mine = labels[box] == i + 1
        if mine.sum() < smallest:
            continue
        k = int(np.argmax(np.where(mine, z[box], -np.inf)))
        at = tuple(int(v) + b.start for v, b in zip(np.unravel_index(k, mine.shape), box))
        other = (*at[:-1], round(2 * centre - at[-1]))
        mirror = float(summed[other]) if 0 <= other[-1] < z.shape[-1] and inside[other] else 0.0
        here = float(summed[at])
        found.append(
            Place(
                at,
                int(mine.sum()),
                float(z[at]),
                here / max(float(expected[at]), 1e-12),
                *_over(here, mirror, z.ndim == 2),
            )
        )
    return tuple(sorted(found, key=lambda p: -p.z)[:MOST])


def _over(a: float, b: float, planar: bool) -> tuple[float | None, float | None, float | None]:
    """Ratio of two sums of counts with its 95 % counting interval; a reconstruction has no counting interval.

    None where there is too little to divide by.
    """
    if not planar:
        return (a / b if b > 0 else None), None, None
    if a < 10 or b < 10:
        return None, None, None
    half = 1.96 * math.sqrt(1 / a + 1 / b)
    return a / b, a / b * math.exp(-half), a / b * math.exp(half)


def _disc(pixel: float, dimensions: int) -> np.ndarray:
    n = max(1, int(RULE.radius / pixel))
    grid = np.indices((2 * n + 1,) * dimensions) - n
    return ((grid**2).sum(axis=0) * pixel**2 <= RULE.radius**2).astype(float)


def _summed(image: np.ndarray, pixel: float) -> np.ndarray:
    """Counts in the disc about each pixel."""
    from scipy.signal import oaconvolve

    return np.clip(np.asarray(oaconvolve(image, _disc(pixel, 2), mode="same")), 0, None)
