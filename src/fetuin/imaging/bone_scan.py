"""A bone scan from files to ratios: which kind it is, which regions, what is expected for these kidneys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.errors import InputError, UsageError
from fetuin.imaging import regions as places
from fetuin.imaging.modalities import bone_scintigraphy as planar
from fetuin.imaging.modalities import bone_spect as spect
from fetuin.imaging.uptake import UptakeMap, planar_map, spect_map
from fetuin.imaging.volume import Volume
from fetuin.physiology.tracer import decay

WHOLE_BODY = 1300.0  # mm; an image at least this long may hold a whole adult body; assumption


@dataclass(frozen=True)
class Request:
    """What to measure: drawn regions, a template or a label file; mirrored regions; the person's kidneys and the time."""

    regions: Sequence[str] = ()
    template: str = ""
    mask: Path | None = None
    mirror: Sequence[str] = ()
    midline: float | None = None
    exclude: Sequence[str] = ()
    view: int = 0
    views: Sequence[str] = ()
    gfr: float | None = None
    minutes: float | None = None
    reference: float | None = None
    reference_gfr: float = 90.0
    sensitivity: float | None = None
    seconds: float | None = None
    thickness: float | None = None

    def __post_init__(self) -> None:
        if self.reference is not None and self.gfr is None:
            raise UsageError("--gfr and --reference go together", fix="give both, or --gfr alone for a map")
        if self.gfr is not None and self.minutes is None:
            raise UsageError(
                "what is expected depends on the time", where="--minutes", fix="give the minutes after injection"
            )


@dataclass(frozen=True)
class BoneScan:
    """The measurement as JSON values, the pictures' data, and the map of uptake where one was asked for."""

    body: dict[str, Any]
    image: np.ndarray
    masks: dict[str, np.ndarray]
    date: str = ""
    uptake: UptakeMap | None = field(default=None)


def load(files: Sequence[Path]) -> list[Volume]:
    """The images; planar and SPECT together are refused: their ratios are not comparable."""
    from fetuin.imaging import load as read

    volumes = [read(f, unit="counts") for f in files]
    if len({spect.is_spect(v) for v in volumes}) > 1 or (spect.is_spect(volumes[0]) and len(volumes) > 1):
        raise UsageError(
            "planar views and SPECT together", where="FILE...", why="their ratios and cut-offs are not comparable",
            fix="one call for the planar views and one for each SPECT",
        )  # fmt: skip
    return volumes


def examine(files: Sequence[Path], want: Request) -> BoneScan:
    """Measure a planar scan (one view, or a conjugate pair in one file or two) or one SPECT."""
    volumes = load(files)
    found = _spect(volumes[0], want) if spect.is_spect(volumes[0]) else _planar(volumes, want)
    return found


def _facts(volume: Volume, want: Request) -> dict[str, Any]:
    n, minutes = volume.acquisition.nuclear, want.minutes
    return {
        "source": volume.source, "warnings": list(volume.warnings), "tracer": n.tracer if n else "", "dose_mbq": n.dose_mbq if n else None,
        "collimator": n.collimator if n else "", "seconds": want.seconds or (n.seconds if n else None), "minutes": minutes,
        "decay_factor": decay(minutes) if minutes is not None else None,
    }  # fmt: skip


def _planar(volumes: list[Volume], want: Request) -> BoneScan:
    volume = volumes[0]
    pair = planar.conjugate(volumes, want.views)
    image = planar.planar(volume, want.view)
    used = pair or [image]
    shown = planar.geometric_mean(*pair) if pair else image
    masks = _masks(used[0], volume, want)
    body = planar.summary(volume, (), want.view, views=pair, masks=masks) | _facts(volume, want)
    if pair:
        body |= {"total_counts": float(sum(v.sum() for v in pair)), "views": 2}
    centre = (
        want.midline if want.midline is not None else (places.midline(places.outline(shown)) if want.mirror else 0.0)
    )
    body["asymmetry"] = [planar.asymmetry(used, n, _one(masks, n), centre) for n in want.mirror]
    _activities(body, want, pair)
    _against_kidneys(body, want)
    uptake = None
    if want.gfr is not None and want.minutes is not None:
        uptake, body["uptake_map"] = _planar_map(used, volume, want)
    return BoneScan(body, shown, masks, volume.acquisition.date, uptake)


def _spect(volume: Volume, want: Request) -> BoneScan:
    if want.template or want.views:
        raise UsageError(
            "a template and named views are for planar images", where="--template, --views", fix="draw regions"
        )
    masks = _masks(volume.values, volume, want)
    body = spect.summary(volume, masks) | _facts(volume, want)
    centre = want.midline if want.midline is not None else (places.midline(_outline(volume)) if want.mirror else 0.0)
    body["asymmetry"] = [spect.asymmetry(volume, n, _one(masks, n), centre) for n in want.mirror]
    _against_kidneys(body, want)
    uptake = None
    if want.gfr is not None and want.minutes is not None and "bone" in masks:
        uptake = spect_map(
            volume.values, volume.spacing, _outline(volume), masks["bone"], gfr=want.gfr, minutes=want.minutes
        )
        body["uptake_map"] = uptake.to_dict()
    elif want.gfr is not None:
        body["uptake_map"] = {"refused": "no region called 'bone': soft tissue cannot be told from it"}
    return BoneScan(body, volume.values.max(axis=1), masks, volume.acquisition.date, uptake)


def _outline(volume: Volume) -> np.ndarray:
    return np.stack([places.outline(s) if s.max() > 0 else np.zeros(s.shape, bool) for s in volume.values])


def _masks(image: np.ndarray, volume: Volume, want: Request) -> dict[str, np.ndarray]:
    """Regions in the order given; the first is the one that others are compared with."""
    out = places.placed([places.parse(r) for r in want.regions], image.shape)
    if want.mask is not None:
        from fetuin.imaging.masks import known_labels, mask_on

        names = known_labels(want.mask, "*") or [""]
        out |= {n or "mask": mask_on(volume, want.mask, label=n).reshape(image.shape) for n in names}
    if want.template:
        found, bone = places.template(image, want.template)
        order = [bone, *(k for k in found if k != bone)] if bone in found and not out else list(found)
        out |= {k: found[k] for k in order}
    return out


def _one(masks: dict[str, np.ndarray], name: str) -> np.ndarray:
    if name not in masks:
        raise InputError(f"no region called {name!r}", where="--mirror", why=f"known: {', '.join(masks) or 'none'}")
    return masks[name]


def _activities(body: dict[str, Any], want: Request, pair: list[np.ndarray]) -> None:
    """MBq of each region where the pair, the sensitivity, the time and the thickness allow it."""
    asked = (want.sensitivity, body["seconds"], want.thickness)
    if not pair or any(v is None for v in asked):
        return
    for r in body["regions"]:
        r["activity_mbq"] = planar.activity_from_conjugate(
            r["counts"], want.sensitivity or 0, body["seconds"], want.thickness or 0
        )


def _against_kidneys(body: dict[str, Any], want: Request) -> None:
    if want.reference is None or want.gfr is None or want.minutes is None:
        return
    for r in body["ratios"]:
        if r["ratio"] is not None:
            r["against_gfr"] = planar.compare(
                (r["ratio"], r["low"], r["high"]), reference=want.reference, reference_gfr=want.reference_gfr,
                gfr=want.gfr, minutes=want.minutes,
            )  # fmt: skip


def _planar_map(views: list[np.ndarray], volume: Volume, want: Request) -> tuple[UptakeMap | None, dict[str, Any]]:
    """The map, or the reason why the image does not allow one."""
    pixel = float(volume.spacing[1])
    if "(0028,0030) PixelSpacing is absent: lengths are in pixels" in volume.warnings:
        return None, {"refused": "(0028,0030) PixelSpacing is absent: the disc of the map needs millimetres"}
    if views[0].shape[0] * pixel < WHOLE_BODY:
        return None, {
            "refused": f"the image is {views[0].shape[0] * pixel:.0f} mm long: the expected background is known for a whole body only",
            "fix": "use --reference with the laboratory's own ratio",
        }  # fmt: skip
    drop = places.placed([places.parse(r) for r in want.exclude], views[0].shape)
    exclude = np.any(list(drop.values()), axis=0) if drop else None
    assert want.gfr is not None
    assert want.minutes is not None
    found = planar_map(views, pixel, gfr=want.gfr, minutes=want.minutes, exclude=exclude)
    return found, found.to_dict()
