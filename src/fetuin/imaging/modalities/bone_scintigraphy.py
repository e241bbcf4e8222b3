"""Planar bone scan: counts in regions, conjugate views, bone-to-soft ratio with its counting uncertainty.

No threshold is published for soft-tissue uptake: the result is a measured ratio with an interval, never a verdict. Planar
and SPECT cut-offs are not mixed: this file is planar only, and says so.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from fetuin.errors import InputError, NotEnoughDataError
from fetuin.imaging.volume import Volume
from fetuin.quantities import quantity


@dataclass(frozen=True)
class Photons:
    """140.5 keV in water."""

    attenuation: float = quantity(
        0.1536814, "1/cm", "xraylib, water at 140.5 keV (0.15368 rounded)", "narrow-beam attenuation"
    )


@dataclass(frozen=True)
class Region:
    """A rectangle of pixels, counted from 0: rows first to last, columns first to last."""

    name: str
    rows: tuple[int, int]
    columns: tuple[int, int]


@dataclass(frozen=True)
class Counts:
    """What a region holds: counts, pixels, mean a pixel, and the standard error of the mean (Poisson)."""

    region: str
    counts: float
    pixels: int
    mean: float
    se: float


def parse(text: str) -> Region:
    """`name:row0-row1,col0-col1` as a region."""
    try:
        name, _, box = text.partition(":")
        rows, columns = ([int(v) for v in part.split("-")] for part in box.split(","))
        region = Region(name, (rows[0], rows[1]), (columns[0], columns[1]))
    except (ValueError, IndexError):
        raise InputError(
            "not a region",
            where=f"--region {text!r}",
            why='the form is "name:row0-row1,col0-col1"',
            fix='for example --region "thigh:560-620,90-120"',
        ) from None
    if rows[1] < rows[0] or columns[1] < columns[0]:
        raise InputError(
            "an empty region", where=f"--region {text!r}", why="first must not pass last", fix="swap the bounds"
        )
    return region


def planar(volume: Volume, view: int = 0) -> np.ndarray:
    """One view [rows, columns] of counts; refused where the values are not counts."""
    if volume.unit != "counts":
        raise InputError(
            "not a nuclear image",
            where="(0008,0060) Modality",
            why=f"values are in {volume.unit}",
            fix="pass an NM image",
        )
    if view >= len(volume.values):
        raise InputError("no such view", where="--view", why=f"the image has {len(volume.values)}", fix="count from 0")
    return np.asarray(volume.values[view], float)


def measure(image: np.ndarray, region: Region) -> Counts:
    """Counts of a region of a planar image."""
    (r0, r1), (c0, c1) = region.rows, region.columns
    if r0 < 0 or c0 < 0 or r1 >= image.shape[0] or c1 >= image.shape[1]:
        raise InputError(
            "the region lies outside the image",
            where=region.name,
            why=f"the image has {image.shape[0]} rows and {image.shape[1]} columns",
            fix="count from 0",
        )
    part = image[r0 : r1 + 1, c0 : c1 + 1]
    total = float(part.sum())
    return Counts(region.name, total, part.size, total / part.size, math.sqrt(max(total, 1.0)) / part.size)


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
    half = 1.96 * math.sqrt(1 / a.counts + 1 / b.counts)
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


def summary(volume: Volume, regions: list[Region], view: int = 0) -> dict[str, Any]:
    """Counts of the whole view and of each region, and every region's ratio to the first."""
    image = planar(volume, view)
    found = [measure(image, r) for r in regions]
    top = np.unravel_index(int(image.argmax()), image.shape)
    body: dict[str, Any] = {
        "kind": "planar", "total_counts": float(image.sum()), "maximum": float(image.max()), "maximum_at": [int(v) for v in top],
        "pixel_mm": list(volume.spacing[1:]), "regions": [asdict(c) for c in found], "ratios": [],
        "limit": "no threshold is published for soft-tissue uptake: a measured ratio, no verdict",
    }  # fmt: skip
    for c in found[1:]:
        value, low, high = ratio(c, found[0])
        body["ratios"].append({"of": c.region, "to": found[0].region, "ratio": value, "low": low, "high": high})
    return body
