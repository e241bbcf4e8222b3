"""Planar bone scan: counts in regions, conjugate views, bone-to-soft ratio with its counting uncertainty.

No threshold is published for soft-tissue uptake: the result is a measured ratio with an interval, never a verdict. Planar
and SPECT cut-offs are not mixed: this file is planar only, and says so; `bone_spect.py` is the other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from fetuin.errors import InputError, NotEnoughDataError
from fetuin.imaging.regions import Region, mirrored, parse, place
from fetuin.imaging.volume import Volume
from fetuin.quantities import quantity

__all__ = [
    "Counts",
    "Photons",
    "Region",
    "activity_from_conjugate",
    "compare",
    "geometric_mean",
    "measure",
    "parse",
    "ratio",
]

LIMIT = "no threshold is published for soft-tissue uptake: a measured ratio, no verdict"
HEART = "planar heart-to-contralateral cut-offs (1.5 at 1 h, 1.3 at 3 h) are for amyloid tracers, never alone, never for SPECT"


@dataclass(frozen=True)
class Photons:
    """140.5 keV in water."""

    attenuation: float = quantity(
        0.1536814, "1/cm", "xraylib, water at 140.5 keV (0.15368 rounded)", "narrow-beam attenuation"
    )


@dataclass(frozen=True)
class Counts:
    """What a region holds: counts (of one view, or the geometric mean of two), pixels, mean a pixel and its standard error."""

    region: str
    counts: float
    pixels: int
    mean: float
    se: float


def planar(volume: Volume, view: int = 0) -> np.ndarray:
    """One view [rows, columns] of counts; refused where the values are not counts."""
    if volume.unit != "counts":
        raise InputError(
            "not a nuclear image",
            where="(0008,0060) Modality",
            why=f"values are in {volume.unit}",
            fix="pass an NM image",
        )
    if "TOMO" in volume.acquisition.image_type:
        raise InputError(
            "raw projections of a SPECT",
            where="(0008,0008) ImageType",
            why="they are neither planar views nor slices",
            fix="reconstruct them, or pass the planar views",
        )
    if not 0 <= view < len(volume.values):
        raise InputError("no such view", where="--view", why=f"the image has {len(volume.values)}", fix="count from 0")
    return np.asarray(volume.values[view], float)


def conjugate(volumes: Sequence[Volume], names: Sequence[str] = ()) -> list[np.ndarray]:
    """[front, back turned as the front] where both views are there and named by the header or by `names`; else []."""
    views = [planar(v, i) for v in volumes for i in range(len(v.values))]
    said = list(names) or [n for v in volumes for n in _named(v)]
    if len(said) != len(views):
        raise InputError(
            "names and views differ in number", where="--views", why=f"{len(said)} names, {len(views)} views",
            fix="name each view: anterior or posterior",
        )  # fmt: skip
    front = [v for v, n in zip(views, said) if "ant" in n.lower()]
    back = [v[:, ::-1] for v, n in zip(views, said) if "post" in n.lower()]
    if len(front) != 1 or len(back) != 1:
        return []
    if front[0].shape != back[0].shape:
        raise InputError("the two views differ in size", where="(0028,0010) Rows", fix="pass a conjugate pair")
    return [front[0], back[0]]


def _named(volume: Volume) -> list[str]:
    n = volume.acquisition.nuclear
    said = list(n.views) if n is not None else []
    return said if len(said) == len(volume.values) else [volume.acquisition.description] * len(volume.values)


def measure(image: np.ndarray, region: Region) -> Counts:
    """Counts of a region of a planar image."""
    return counted([image], region.name, place(region, image.shape))


def counted(views: Sequence[np.ndarray], name: str, mask: np.ndarray) -> Counts:
    """Counts under a mask: of one view, or the geometric mean of the sums of two opposite ones."""
    sums, n = [float(v[mask].sum()) for v in views], int(mask.sum())
    total = math.prod(sums) ** (1 / len(sums))
    relative = math.sqrt(sum(1 / max(s, 1.0) for s in sums)) / len(sums)
    return Counts(name, total, n, total / n, max(total, 1.0) * relative / n)


def ratio(a: Counts, b: Counts) -> tuple[float, float, float]:
    """Mean of a over mean of b with its 95 % interval from counting (log-normal). Region placement is not in it."""
    if a.counts < 10 or b.counts < 10:
        raise NotEnoughDataError(
            "too few counts for a ratio",
            where=f"{a.region} / {b.region}",
            why=f"{a.counts:g} and {b.counts:g} counts",
            fix="draw larger regions",
        )
    value = a.mean / b.mean
    half = 1.96 * math.hypot(a.se / a.mean, b.se / b.mean)
    return value, value * math.exp(-half), value * math.exp(half)


def geometric_mean(anterior: np.ndarray, posterior: np.ndarray) -> np.ndarray:
    """Conjugate views (posterior already mirrored) to one image that does not depend on depth."""
    return np.sqrt(np.clip(anterior, 0, None) * np.clip(posterior, 0, None))


def view_counts(activity: float, sensitivity: float, seconds: float, depth: float) -> float:
    """Counts of a point source: MBq, cps/MBq, s, cm of water before it."""
    return activity * sensitivity * seconds * math.exp(-Photons().attenuation * depth)


def activity_from_conjugate(mean: float, sensitivity: float, seconds: float, thickness: float) -> float:
    """MBq from the geometric mean of a conjugate pair through `thickness` cm."""
    return mean * math.exp(Photons().attenuation * thickness / 2) / (sensitivity * seconds)


def compare(
    soft: tuple[float, float, float], *, reference: float, reference_gfr: float, gfr: float, minutes: float
) -> dict[str, float]:
    """A measured soft-to-bone ratio against the one expected for this person's kidneys.

    `reference` is the laboratory's own ratio in people with `reference_gfr` mL/min at the same time. It is scaled by the
    tracer model; z counts the spread of that model and of counting. A low GFR raises soft tissue without any disease.
    """
    from fetuin.physiology.tracer import expected_soft_to_bone

    here, low, high = expected_soft_to_bone(minutes, gfr)
    there = expected_soft_to_bone(minutes, reference_gfr)[0]
    expected = reference * here / there
    model_sd = math.log(high / low) / (2 * 1.96)
    counting_sd = math.log(soft[2] / soft[1]) / (2 * 1.96)
    z = math.log(soft[0] / expected) / math.hypot(model_sd, counting_sd)
    return {"expected_ratio": expected, "z": z, "model_sd_log": model_sd, "counting_sd_log": counting_sd}


def ratios(found: Sequence[Counts]) -> list[dict[str, Any]]:
    """Every region over the first, with its interval; the reason where there are too few counts."""
    out = []
    for c in found[1:]:
        row: dict[str, Any] = {"of": c.region, "to": found[0].region}
        try:
            row |= dict(zip(("ratio", "low", "high"), ratio(c, found[0])))
        except NotEnoughDataError as error:
            row |= {"ratio": None, "low": None, "high": None, "refused": f"{error.what}: {error.why}"}
        out.append(row)
    return out


def asymmetry(views: Sequence[np.ndarray], name: str, mask: np.ndarray, centre: float) -> dict[str, Any]:
    """A region over its mirror image about the column `centre`; for the heart, the heart-to-contralateral ratio."""
    value, low, high = ratio(counted(views, name, mask), counted(views, f"mirror of {name}", mirrored(mask, centre)))
    body: dict[str, Any] = {"of": name, "midline": centre, "ratio": value, "low": low, "high": high}
    if name.lower().startswith("heart"):
        body |= {"heart_to_contralateral": value, "limit": HEART}
    return body


def summary(
    volume: Volume, regions: Sequence[Region] = (), view: int = 0, *, views: Sequence[np.ndarray] = (),
    masks: Mapping[str, np.ndarray] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Counts of the image and of each region, and every region's ratio to the first.

    `views`: a conjugate pair from `conjugate`, measured by geometric means; else one view of `volume`.
    """
    image = planar(volume, view)
    used = list(views) or [image]
    placed = {r.name: place(r, image.shape) for r in regions} | dict(masks or {})
    found = [counted(used, name, mask) for name, mask in placed.items()]
    top = np.unravel_index(int(image.argmax()), image.shape)
    return {
        "kind": "planar", "image": "geometric mean of front and back" if len(used) == 2 else f"view {view}",
        "total_counts": float(image.sum()), "maximum": float(image.max()), "maximum_at": [int(v) for v in top],
        "pixel_mm": list(volume.spacing[1:]), "regions": [asdict(c) for c in found], "ratios": ratios(found), "limit": LIMIT,
    }  # fmt: skip
