"""A CT from file to score: which voxels count, scored, and what a reader of the result should see beside the number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.errors import NotEnoughDataError, UsageError
from fetuin.imaging.volume import Volume


@dataclass(frozen=True)
class Where:
    """Which voxels count: a mask file with its label, circles, or the body without bone; nothing means everything."""

    mask: Path | None = None
    label: str = ""
    circles: Sequence[str] = ()
    soft_tissue: bool = False
    bones: Path | None = None
    bone_label: str = ""
    by_label: bool = False

    def __post_init__(self) -> None:
        if self.soft_tissue and (self.mask is not None or self.circles):
            raise UsageError(
                "the whole body and a region together", where="--soft-tissue, --mask, --roi", fix="give one of them"
            )
        if self.by_label and self.mask is None:
            raise UsageError("no labels without a mask", where="--by-label", fix="give --mask")


@dataclass(frozen=True)
class Examination:
    """A scan, the region that counted (None: everything), its score, and candidates where soft tissue was searched."""

    volume: Volume
    region: np.ndarray | None
    result: Any
    candidates: list[dict[str, Any]] | None = field(default=None)
    labels: dict[str, dict[str, Any]] | None = field(default=None)

    def to_dict(self) -> dict[str, Any]:
        """The score's own keys; `candidates` where soft tissue was searched, `labels` where each was scored."""
        found = {"candidates": self.candidates, "labels": self.labels}
        return self.result.to_dict() | {k: v for k, v in found.items() if v is not None}


def examine(path: Path, where: Where | None = None, *, series: str = "", **options: Any) -> Examination:
    """Read `path`, find the region, score it; `options` as `fetuin.imaging.modalities.ct.score`."""
    from fetuin.imaging import load, region
    from fetuin.imaging.modalities.ct import score

    here, volume = where or Where(), load(Path(path), series=series)
    if here.soft_tissue:
        return _soft_tissue(volume, here, options)
    found, drawn = region(volume, mask=here.mask, label=here.label, circles=here.circles)
    result = score(volume, found, region_is_lesion=drawn, **options)
    if not here.by_label or here.mask is None or result.refused:
        return Examination(volume, found, result)
    labels = _labels(volume, here.mask, options)
    return Examination(volume, found, _vessels(result, labels), labels=labels)


def _labels(volume: Volume, path: Path, options: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The scores of each label that overlaps the scan."""
    from fetuin.imaging.masks import label_names, mask_on
    from fetuin.imaging.modalities.ct import score

    keys = ("agatston", "volume_mm3", "mass_mg", "integrated_mass_mg", "density_score", "refused")
    out = {}
    for name in label_names(path):
        mask = mask_on(volume, path, label=name)
        if mask.any():
            found = score(volume, mask, **options)
            out[name] = {k: getattr(found, k) for k in keys} | {"lesions": len(found.lesions)}
    return out


def _vessels(result: Any, labels: dict[str, dict[str, Any]]) -> Any:
    """CAC-DRS with its number of vessels (A2/N3) where the labels are those of coronary arteries: at most four."""
    if result.site not in ("coronary", "coronaries") or len(labels) > 4 or not result.agatston:
        return result
    vessels = sum(bool(v["agatston"]) for v in labels.values())
    return replace(result, cac_drs=f"{result.cac_drs}/N{vessels}")


def _soft_tissue(volume: Volume, where: Where, options: dict[str, Any]) -> Examination:
    from fetuin.imaging import bone
    from fetuin.imaging.modalities.ct import score

    bones = _bones(volume, where)
    found = bone.soft_tissue(volume, bones)
    if not found.any():
        raise NotEnoughDataError(
            "no soft tissue in the scan", where=volume.source, why="all of the body is bone", fix="pass a larger field"
        )
    result = score(volume, found, **(options | {"site": options.get("site") or "soft_tissue"}))
    listed = None if result.refused else bone.candidates(volume, result, bones, found)
    return Examination(volume, found, result, listed)


def _bones(volume: Volume, where: Where) -> np.ndarray:
    """Bones from a segmentation (all of it, or the labels that are bones by their names), else by the rule."""
    from fetuin.imaging import bone
    from fetuin.imaging.masks import known_labels, mask_on

    if where.bones is None:
        return bone.bone(volume)
    label = where.bone_label or ",".join(known_labels(where.bones, bone.NAMES))
    return mask_on(volume, where.bones, label=label)


def comparable(a: Volume, b: Volume) -> list[str]:
    """In what two scans differ that moves a score without any change in the person."""
    x, y = a.acquisition, b.acquisition
    pairs = (
        ("scanner", f"{x.manufacturer} {x.model}".strip(), f"{y.manufacturer} {y.model}".strip()),
        ("tube voltage", x.kvp, y.kvp), ("kernel", x.kernel, y.kernel), ("slice thickness", x.slice_thickness, y.slice_thickness),
        ("increment", round(a.spacing[0], 3), round(b.spacing[0], 3)),
    )  # fmt: skip
    return [f"{name}: {one or 'unknown'} and {two or 'unknown'}" for name, one, two in pairs if one != two]


def change(now: Examination, before: Examination, **options: Any) -> dict[str, Any]:
    """Has it changed? `options` as `repeatability.change`; years between the scans come from their dates."""
    from fetuin.imaging import repeatability
    from fetuin.imaging.observations import when

    if now.result.refused or before.result.refused:
        refused = now.result.refused or before.result.refused
        return {"refused": refused | {"reason": f"one of the scans was not scored: {refused['reason']}"}}
    dates = [when(e.volume.acquisition.date) for e in (before, now)]
    years = (dates[1] - dates[0]).days / 365.25 if dates[0] and dates[1] else None
    first, second = (repeatability.Score(e.result.agatston, e.result.volume_mm3) for e in (before, now))
    out = repeatability.change(first, second, years=years if years and years > 0 else None, **options)
    return out | {"years": years, "differences_of_the_scans": comparable(before.volume, now.volume), "refused": None}
