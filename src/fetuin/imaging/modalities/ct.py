"""CT calcium: Agatston, volume, mass, integrated mass and density of what lies above the threshold in a region.

    Agatston = sum over spots of area [mm2] x weight(peak) x increment / 3 mm

A spot is a connected set of pixels of one slice; its weight is 1, 2, 3 or 4 by its own peak. Sources and the places where
open codes disagree: docs/explanation/ct-calcium.md.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from fetuin.errors import NotEnoughDataError
from fetuin.imaging import guards
from fetuin.imaging.lesions import Spots, spots
from fetuin.imaging.mass import Mass, mass_of_lesions, mass_of_regions
from fetuin.imaging.policy import Calibration, Policy, calibration, policy, thresholds
from fetuin.imaging.repeatability import aortic_stenosis, cac_drs
from fetuin.imaging.volume import Volume

CORONARY = (
    "",
    "coronary",
    "coronaries",
    "heart",
)  # sites whose score CAC-DRS names; "" is the default region of a heart
VALVE = "aortic_valve"
STANDARD_INCREMENT = 3.0  # mm, contiguous slices of the original score: Agatston, JACC 1990;15:827


@dataclass(frozen=True)
class Lesion:
    """Spots that overlap from slice to slice. Position: centre in (slice, row, column), counted from 0."""

    number: int
    position: tuple[float, float, float]
    slices: tuple[int, int]
    area_mm2: float
    volume_mm3: float
    peak_hu: float
    mean_hu: float
    weight: int
    agatston: float
    mass_mg: float


@dataclass(frozen=True)
class CalciumScore:
    """The scores of one region. None where refused; `refused` then says why, with tag and remedy."""

    agatston: float | None
    volume_mm3: float | None
    mass_mg: float | None
    integrated_mass_mg: float | None
    integrated_mass_low: float | None
    integrated_mass_high: float | None
    density_score: float | None
    cac_drs: str | None
    lesions: tuple[Lesion, ...]
    flags: tuple[dict[str, str], ...]
    refused: dict[str, str] | None
    method: dict[str, Any] = field(default_factory=dict)
    site: str = ""
    meaning: dict[str, str] = field(default_factory=dict)
    voxels: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64), repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; the voxels counted go to pictures and segmentations, not here."""
        return {k: v for k, v in asdict(replace(self, voxels=np.zeros(0))).items() if k != "voxels"}

    def counted(self, shape: tuple[int, ...]) -> np.ndarray:
        """The voxels that the score counted, as a boolean array."""
        out = np.zeros(shape, bool)
        out.reshape(-1)[self.voxels] = True
        return out


def score(
    volume: Volume, mask: np.ndarray | None = None, *, policy_name: str = "literature", table: str = "standard",
    kvp: float | None = None, factor: float | None = None, allow_contrast: bool = False, region_is_lesion: bool = False,
    site: str = "", sex: str = "",
) -> CalciumScore:  # fmt: skip
    """Score the calcium of `volume` [HU] inside `mask` (bool, same shape; None: everything).

    `policy_name` and `table` are files of `policies/` and `thresholds/`; `kvp` replaces an unknown tube voltage; `factor`
    is mg/cm3 per HU. `region_is_lesion`: the mask is drawn round a lesion (a circle), so integrated mass takes all of it.
    `site` names what the region is; CAC-DRS belongs to the coronary arteries, and with `sex` (M, F) a score of the
    `aortic_valve` is given its published meaning.
    """
    rule = policy(policy_name)
    c = calibration(volume.acquisition.manufacturer, factor)
    voltage = volume.acquisition.kvp or kvp
    method: dict[str, Any] = {"policy": asdict(rule), "thresholds": table, "kvp": voltage, "calibration": asdict(c)}
    method |= {
        "increment_mm": volume.spacing[0],
        "slice_thickness_mm": volume.acquisition.slice_thickness,
        "source": volume.source,
    }
    inside = np.ones(volume.values.shape, bool) if mask is None else mask
    refused = guards.refusal(volume, inside, allow_contrast=allow_contrast)
    try:
        steps = thresholds(table, voltage)
    except NotEnoughDataError as error:
        refused = refused or {
            "code": "kvp",
            "reason": f"{error.what}: {error.why}",
            "tag": error.where,
            "fix": error.fix,
        }
    if refused:
        flags = tuple({"code": "reading", "text": w} for w in volume.warnings)
        return CalciumScore(None, None, None, None, None, None, None, None, (), flags, refused, method)
    method["threshold_hu"] = steps[0]
    above = volume.values >= steps[0]
    if mask is not None:
        above &= inside
    found = spots(volume.values, above, connectivity=rule.connectivity, minimum=rule.smallest(volume.pixel_area))
    lesions = _lesions(volume, found, rule, steps, c)
    drawn = mask is not None and region_is_lesion
    mass = mass_of_regions(volume, inside, c, guards.LIMITS.large_mask) if drawn else None
    if mass is None:
        mass = mass_of_lesions(volume, found, c, steps[0], inside)
    return _total(volume, inside, lesions, mass, method, site, sex, found.voxels)


def _weights(found: Spots, rule: Policy, steps: tuple[float, ...]) -> np.ndarray:
    peak = found.peak
    if rule.peak == "lesion" and len(found):
        highest = np.full(found.lesion.max() + 1, -np.inf)
        np.maximum.at(highest, found.lesion, peak)
        peak = highest[found.lesion]
    return np.digitize(peak, steps[1:]) + 1


def _lesions(
    volume: Volume, found: Spots, rule: Policy, steps: tuple[float, ...], c: Calibration
) -> tuple[Lesion, ...]:
    area, weight = found.pixels * volume.pixel_area, _weights(found, rule, steps)
    part = area * weight * volume.spacing[0] / STANDARD_INCREMENT
    out = []
    for k in np.unique(found.lesion):
        i = np.flatnonzero(found.lesion == k)
        n, total = found.pixels[i].sum(), found.total[i].sum()
        at = tuple(float(np.average(v[i], weights=found.pixels[i])) for v in (found.slice, found.row, found.column))
        cubic = float(n * volume.voxel_volume)
        out.append(
            Lesion(
                int(k) + 1, (at[0], at[1], at[2]), (int(found.slice[i].min()), int(found.slice[i].max())), float(area[i].sum()), cubic,
                float(found.peak[i].max()), float(total / n), int(weight[i].max()), float(part[i].sum()),
                float(cubic / 1000 * total / n * c.factor),
            )
        )  # fmt: skip
    return tuple(sorted(out, key=lambda z: -z.agatston))


def _total(
    volume: Volume, inside: np.ndarray, lesions: tuple[Lesion, ...], mass: Mass | None, method: dict[str, Any],
    site: str, sex: str, voxels: np.ndarray,
) -> CalciumScore:  # fmt: skip
    agatston = float(sum(z.agatston for z in lesions))
    area = sum(z.area_mm2 for z in lesions) * volume.spacing[0] / STANDARD_INCREMENT
    noise = guards.noise_sd(volume)
    flags = guards.flags(volume, inside, agatston, noise)
    if mass is None or not np.isfinite(mass.value):
        text = "too many lesions to weigh one by one" if mass is None else "no lesion has soft tissue about it"
        flags.append({"code": "integrated_mass", "text": f"integrated mass was not computed: {text}"})
        mass = None
    elif mass.left_out:
        text = f"{mass.left_out} lesions without soft tissue about them are not in the integrated mass"
        flags.append({"code": "integrated_mass", "text": text})
    mean, low, high = mass[:3] if mass else (None, None, None)
    return CalciumScore(
        agatston, float(sum(z.volume_mm3 for z in lesions)), float(sum(z.mass_mg for z in lesions)), mean, low, high,
        agatston / area if area else None, cac_drs(agatston) if site in CORONARY else None, lesions, tuple(flags), None,
        method | {"noise_hu": noise}, site, _meaning(site, agatston, sex), voxels,
    )  # fmt: skip


def _meaning(site: str, agatston: float, sex: str) -> dict[str, str]:
    """What a score at this site is called, where a published rule exists; empty elsewhere."""
    if site == VALVE and sex in ("M", "F"):
        return {"severe_aortic_stenosis": aortic_stenosis(agatston, sex), "limit": "poor discrimination in low flow"}
    return {}
