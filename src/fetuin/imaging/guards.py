"""What makes a calcium score wrong before it is counted: contrast, metal, noise, kernel. A refusal says why."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from fetuin.imaging.volume import Volume
from fetuin.quantities import quantity

NO_AGENT = {"", "none", "no", "n", "without", "nativ", "native", "0"}
SOFT = (-50, 130)  # HU of soft tissue and blood without contrast; assumption


@dataclass(frozen=True)
class Limits:
    """Where a guard speaks."""

    blood_pool: float = quantity(
        100.0, "HU", "Comp2Comp refuses a mean above 100 HU", "median of a large mask above which blood is enhanced"
    )
    large_mask: float = quantity(
        20_000.0, "mm3", "assumption: a heart or aorta, not a lesion", "smallest mask whose median is blood"
    )
    metal: float = quantity(
        2_500.0, "HU", "assumption: above stones and bone, below steel", "voxels above it are metal"
    )
    noise: float = quantity(
        23.0, "HU", "assumption: about the limit of cardiac CT protocols", "standard deviation that earns a warning"
    )
    thick: float = quantity(3.0, "mm", "Agatston, JACC 1990;15:827", "slice thickness of the original score")


LIMITS = Limits()


def refusal(volume: Volume, mask: np.ndarray, *, allow_contrast: bool = False) -> dict[str, str] | None:
    """Why this scan must not be scored, as {code, reason, tag, fix}, or None."""
    if volume.unit != "HU":
        return _no("not_ct", f"values are in {volume.unit}, not HU", "(0008,0060) Modality", "pass a CT series")
    agent = volume.acquisition.contrast
    if agent.strip().lower() not in NO_AGENT and not allow_contrast:
        return _no(
            "contrast",
            f"contrast agent in the header: {agent!r}",
            "(0018,0010) ContrastBolusAgent",
            "score a series without contrast, or --allow-contrast if the tag is wrong",
        )
    inside = volume.values[mask]
    if len(inside) * volume.voxel_volume > LIMITS.large_mask and not mask.all():
        median = float(np.median(inside))
        if median > LIMITS.blood_pool and not allow_contrast:
            return _no(
                "contrast",
                f"median of the region is {median:.0f} HU: the blood pool is enhanced",
                "pixel values",
                "score a series without contrast",
            )
    metal = int((inside > LIMITS.metal).sum())
    if metal:
        return _no(
            "metal",
            f"{metal} voxels above {LIMITS.metal:g} HU: metal and its streaks",
            "pixel values",
            "leave the metal out with --mask or --roi",
        )
    return None


def _no(code: str, reason: str, tag: str, fix: str) -> dict[str, str]:
    return {"code": code, "reason": reason, "tag": tag, "fix": fix}


def noise_sd(volume: Volume) -> float:
    """Noise in soft tissue [HU]: the robust spread of differences between neighbours in a row, divided by root 2."""
    middle = volume.values[len(volume.values) // 2].astype(float)
    pair = (
        (middle[:, 1:] > SOFT[0]) & (middle[:, 1:] < SOFT[1]) & (middle[:, :-1] > SOFT[0]) & (middle[:, :-1] < SOFT[1])
    )
    difference = (middle[:, 1:] - middle[:, :-1])[pair]
    if len(difference) < 100:
        return float("nan")
    return float(1.4826 * np.median(np.abs(difference)) / np.sqrt(2))


def flags(volume: Volume, mask: np.ndarray, agatston: float, noise: float) -> list[dict[str, str]]:
    """What a reader must know beside the number."""
    a, out = volume.acquisition, []
    if mask.all():
        out.append(("no_region", "no mask or region: bone and everything else above the threshold is counted"))
    elsewhere = int((volume.values.max(axis=(1, 2)) > LIMITS.metal)[mask.any(axis=(1, 2))].sum())
    if elsewhere:
        out.append(("metal_near", f"metal in {elsewhere} slices of the region: its streaks may cross it"))
    if a.slice_thickness and abs(a.slice_thickness - LIMITS.thick) > 0.51:
        out.append(
            (
                "thickness",
                f"slices are {a.slice_thickness:g} mm thick; the score was made for 3 mm and is scaled by the increment only",
            )
        )
    if a.kernel and re.match(r"(?i)^(B[67]\d|Br[67]\d|Hr[67]\d|FC[358]\d|BONE|EDGE|LUNG|YC|E$)", a.kernel):
        out.append(("kernel", f"the kernel {a.kernel} sharpens edges and raises peaks"))
    if np.isfinite(noise) and noise > LIMITS.noise:
        out.append(("noise", f"noise is {noise:.0f} HU"))
    if agatston < 10:
        out.append(
            (
                "near_zero",
                f"a score near zero: noise of {noise:.0f} HU can make it or hide it"
                if np.isfinite(noise)
                else "a score near zero",
            )
        )
    out += [("reading", w) for w in volume.warnings]
    return [{"code": c, "text": t} for c, t in out]
