"""Bone SPECT: concentrations in regions and their ratios, SUV where the header allows it.

A reconstruction's noise is not Poisson: the standard error of a mean is the spread within the region over the root of the
number of independent resolution volumes. Planar cut-offs do not hold for these ratios and are never printed with them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from fetuin.errors import FetuinError, InputError, NotEnoughDataError
from fetuin.imaging.regions import mirrored
from fetuin.imaging.suv import factor
from fetuin.imaging.volume import Volume
from fetuin.quantities import quantity

LIMIT = "no threshold is published for soft-tissue uptake; planar cut-offs do not hold for SPECT: a measured ratio, no verdict"


@dataclass(frozen=True)
class Rule:
    """How independent the voxels of a reconstruction are."""

    resolution: float = quantity(
        12.0, "mm", "assumption: LEHR SPECT of the trunk", "width within which voxels share noise"
    )


@dataclass(frozen=True)
class Uptake:
    """What a region of a SPECT holds: voxels, volume [mL], mean, its standard error and maximum, in the image's unit."""

    region: str
    voxels: int
    volume_ml: float
    mean: float
    se: float
    maximum: float
    suv_mean: float | None = None
    suv_max: float | None = None


def is_spect(volume: Volume) -> bool:
    """True for a stack of reconstructed slices (more than two frames with a place along an axis)."""
    return volume.affine is not None and len(volume.values) > 2


def measure(volume: Volume, name: str, mask: np.ndarray, suv: float | None = None) -> Uptake:
    """Mean, error and maximum under a mask; `suv` is the factor from `suv.factor`."""
    inside = volume.values[mask].astype(float)
    if not len(inside):
        raise InputError("an empty region", where=name, why="no voxel of the scan lies in it", fix="draw it again")
    size = len(inside) * volume.voxel_volume
    independent = max(1.0, min(float(len(inside)), size / Rule().resolution ** 3))
    mean, top = float(inside.mean()), float(inside.max())
    se = float(inside.std(ddof=1)) / math.sqrt(independent) if len(inside) > 1 else float("nan")
    values = (None, None) if suv is None else (mean * suv, top * suv)
    return Uptake(name, len(inside), size / 1000, mean, se, top, *values)


def ratio(a: Uptake, b: Uptake) -> tuple[float, float, float]:
    """Mean of a over mean of b with a 95 % interval from the spread within the regions (log-normal)."""
    if a.mean <= 0 or b.mean <= 0 or not math.isfinite(a.se + b.se):
        raise NotEnoughDataError(
            "no ratio of these regions", where=f"{a.region} / {b.region}", why="a mean is zero or a region has one voxel",
            fix="draw larger regions",
        )  # fmt: skip
    value, half = a.mean / b.mean, 1.96 * math.hypot(a.se / a.mean, b.se / b.mean)
    return value, value * math.exp(-half), value * math.exp(half)


def asymmetry(volume: Volume, name: str, mask: np.ndarray, centre: float) -> dict[str, Any]:
    """A region over its mirror image about the column `centre`."""
    value, low, high = ratio(measure(volume, name, mask), measure(volume, f"mirror of {name}", mirrored(mask, centre)))
    return {"of": name, "midline": centre, "ratio": value, "low": low, "high": high}


def summary(volume: Volume, masks: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Each region, its ratio to the first, and SUV or the reason why there is none."""
    if volume.unit not in ("counts", "Bq/mL"):
        raise InputError(
            "not a nuclear image", where="(0008,0060) Modality", why=f"values are in {volume.unit}", fix="pass NM SPECT"
        )
    suv, refused = _suv(volume)
    found = [measure(volume, n, m, suv) for n, m in masks.items()]
    return {
        "kind": "spect", "unit": volume.unit, "total": float(volume.values.sum(dtype=float)), "maximum": float(volume.values.max()),
        "voxel_mm": list(volume.spacing), "regions": [asdict(u) for u in found], "ratios": _ratios(found),
        "suv": {"factor": suv, "unit": "g/mL", "refused": refused}, "limit": LIMIT,
    }  # fmt: skip


def _suv(volume: Volume) -> tuple[float | None, dict[str, str] | None]:
    try:
        return factor(volume), None
    except FetuinError as error:
        return None, {"reason": f"{error.what}: {error.why}", "tag": error.where, "fix": error.fix}


def _ratios(found: Sequence[Uptake]) -> list[dict[str, Any]]:
    out = []
    for u in found[1:]:
        row: dict[str, Any] = {"of": u.region, "to": found[0].region}
        try:
            row |= dict(zip(("ratio", "low", "high"), ratio(u, found[0])))
        except NotEnoughDataError as error:
            row |= {"ratio": None, "low": None, "high": None, "refused": f"{error.what}: {error.why}"}
        out.append(row)
    return out
