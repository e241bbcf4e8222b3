"""From single frames to one grid: order along the normal, duplicates, gaps, tilt. Each refusal names its tag."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from fetuin.errors import InputError
from fetuin.imaging.header import concentration_map
from fetuin.imaging.nuclear_geometry import nuclear_places
from fetuin.imaging.volume import Acquisition, Volume

UNEVEN = 0.01  # share of the increment by which slice positions may differ; assumption: rounding in the header
RADIOGRAPHS = ("CR", "DX", "RG", "MG", "RF", "XA", "PX", "IO")
TILT = 0.02  # in-plane shift per mm of table travel above which a series is tilted (about 1 degree); assumption


def frames(ds: Any, label: str, pixels: Callable[[Any, str], np.ndarray]) -> list[dict[str, Any]]:
    """Every frame of a data set with its values in the modality's unit, place and spacing."""
    from fetuin.imaging.header import acquisition

    stored, facts = pixels(ds, label), acquisition(ds)
    shared = ds.get("SharedFunctionalGroupsSequence") or [None]
    per_frame = ds.get("PerFrameFunctionalGroupsSequence") or []
    places = nuclear_places(ds, len(stored))
    out = []
    for i, values in enumerate(stored):
        groups = [g for g in (per_frame[i] if i < len(per_frame) else None, shared[0], ds) if g is not None]
        out.append(_frame(groups, values, facts, f"{label} frame {i + 1}" if len(stored) > 1 else label) | places[i])
    return out


def _find(groups: list[Any], macro: str, key: str) -> Any:
    """A tag from the frame's own group, the shared group or the top of the file."""
    for g in groups:
        inner = (g.get(macro) or [None])[0] if macro in g else g
        if inner is not None and inner.get(key) not in (None, ""):
            return inner.get(key)
    return None


def _frame(groups: list[Any], values: np.ndarray, facts: Acquisition, label: str) -> dict[str, Any]:
    mapped = concentration_map(groups[-1]) if facts.nuclear is not None else None
    slope = _number(
        _find(groups, "PixelValueTransformationSequence", "RescaleSlope"), 1.0, f"{label} (0028,1053) RescaleSlope"
    )
    intercept = _number(
        _find(groups, "PixelValueTransformationSequence", "RescaleIntercept"),
        0.0,
        f"{label} (0028,1052) RescaleIntercept",
    )
    if mapped is not None:
        slope, intercept = mapped
    if facts.modality == "CT" and _find(groups, "PixelValueTransformationSequence", "RescaleSlope") is None:
        raise InputError(
            "no rescale slope",
            where=f"{label} (0028,1053)",
            why="CT numbers cannot be computed",
            fix="export the original series",
        )
    return {
        "label": label,
        "values": _rescaled(values, slope, intercept),
        "position": _vector(_find(groups, "PlanePositionSequence", "ImagePositionPatient"), 3, f"{label} (0020,0032)"),
        "axes": _vector(
            _find(groups, "PlaneOrientationSequence", "ImageOrientationPatient"), 6, f"{label} (0020,0037)"
        ),
    } | _spacing(groups, facts, label)


def _spacing(groups: list[Any], facts: Acquisition, label: str) -> dict[str, Any]:
    """Pixel spacing; of a projection radiograph without it, the detector's own, which the result then says."""
    said = _vector(_find(groups, "PixelMeasuresSequence", "PixelSpacing"), 2, f"{label} (0028,0030)")
    if said is None and facts.modality in RADIOGRAPHS:
        said = _vector(groups[-1].get("ImagerPixelSpacing"), 2, f"{label} (0018,1164)")
        if said is not None:
            facts = replace(facts, spacing_from="(0018,1164) ImagerPixelSpacing, not corrected for magnification")
    if said is not None and min(said) <= 0:
        raise InputError(
            "a pixel spacing of zero or less",
            where=f"{label} (0028,0030) PixelSpacing",
            why=f"{said.tolist()} mm",
            fix="export it again",
        )
    return {"spacing": said, "acquisition": facts}


def _number(value: Any, default: float, where: str) -> float:
    try:
        out = default if value is None else float(value)
    except (TypeError, ValueError):
        out = float("nan")
    if not np.isfinite(out):
        raise InputError(
            "not a number", where=where, why="the tag does not hold one finite number", fix="export it again"
        )
    return out


def _vector(value: Any, n: int, where: str) -> np.ndarray | None:
    if value is None:
        return None
    try:
        out = np.array([float(v) for v in value])
    except (TypeError, ValueError):
        out = np.full(n, np.nan)
    if out.shape != (n,) or not np.isfinite(out).all():
        raise InputError(
            "not a position, direction or spacing",
            where=where,
            why=f"{n} finite numbers are expected",
            fix="export it again",
        )
    return out


def _rescaled(values: np.ndarray, slope: float, intercept: float) -> np.ndarray:
    """int16 where nothing is lost, float32 otherwise."""
    if slope == 1 and intercept == int(intercept):
        low, high = int(values.min()) + int(intercept), int(values.max()) + int(intercept)
        if low >= -32768 and high <= 32767:
            return values.astype(np.int16, copy=False) + np.int16(intercept) if intercept else values.astype(np.int16)
    return values.astype(np.float32) * np.float32(slope) + np.float32(intercept)


def stack(found: list[dict[str, Any]], where: str) -> Volume:
    """Frames to a volume in ascending position. One frame alone has no increment: its thickness stands for it."""
    shapes = {f["values"].shape for f in found}
    if len(shapes) > 1:
        raise InputError(
            "images of different sizes", where=f"{where} (0028,0010)", why=f"{sorted(shapes)}", fix="pass one series"
        )
    first = found[0]
    if len(found) == 1:
        return _single(first)
    if first["acquisition"].modality == "NM" and all(f["position"] is None for f in found):
        return _views(found)
    if any(f["position"] is None or f["axes"] is None or f["spacing"] is None for f in found):
        lost = next(f for f in found if f["position"] is None or f["axes"] is None or f["spacing"] is None)
        raise InputError(
            "a slice has no place",
            where=f"{lost['label']} (0020,0032)",
            why="ImagePositionPatient, ImageOrientationPatient or PixelSpacing is absent",
            fix="export the original series",
        )
    if max(np.abs(f["axes"] - first["axes"]).max() for f in found) > 1e-3:
        raise InputError(
            "slices of different orientation",
            where=f"{where} (0020,0037)",
            why="a localiser may be among them",
            fix="pass one axial series",
        )
    if max(np.abs(f["spacing"] - first["spacing"]).max() for f in found) > 1e-4:
        raise InputError("slices of different pixel spacing", where=f"{where} (0028,0030)", fix="pass one series")
    return _grid(found, where)


def _grid(found: list[dict[str, Any]], where: str) -> Volume:
    row, column = found[0]["axes"][:3], found[0]["axes"][3:]
    normal = np.cross(row, column)
    found = sorted(found, key=lambda f: float(f["position"] @ normal))
    found, warnings = _without_duplicates(found, normal)
    at = np.array([f["position"] @ normal for f in found])
    steps = np.diff(at)
    increment = float(np.median(steps)) if len(steps) else float(found[0]["acquisition"].slice_thickness or 0)
    _refuse_gaps(found, steps, increment, where)
    _refuse_tilt(found, normal, where)
    values = np.stack([f["values"] for f in found])
    dy, dx = (float(s) for s in found[0]["spacing"])
    facts = found[0]["acquisition"]
    if facts.slice_thickness and increment < facts.slice_thickness * (1 - UNEVEN):
        warnings.append(f"overlapping slices: {facts.slice_thickness:g} mm thick every {increment:g} mm")
    affine = np.eye(4)
    affine[:3, 0], affine[:3, 1], affine[:3, 2] = row * dx, column * dy, normal * increment
    affine[:3, 3] = found[0]["position"]
    return Volume(values, (increment, dy, dx), _unit(facts), facts, affine, tuple(warnings))


def _unit(facts: Acquisition) -> str:
    if facts.nuclear is not None:
        return "Bq/mL" if facts.nuclear.units == "BQML" else "counts"
    return "HU" if facts.modality == "CT" else "1"


def _without_duplicates(found: list[dict[str, Any]], normal: np.ndarray) -> tuple[list[dict[str, Any]], list[str]]:
    kept, dropped = [found[0]], 0
    for f in found[1:]:
        if abs(float((f["position"] - kept[-1]["position"]) @ normal)) > 1e-3:
            kept.append(f)
        elif np.array_equal(f["values"], kept[-1]["values"]):
            dropped += 1
        else:
            raise InputError(
                "two different images at one place",
                where=f"{f['label']} (0020,0032)",
                why=f"{kept[-1]['label']} lies there too",
                fix="pass one phase or reconstruction",
            )
    return kept, [f"{dropped} duplicate images were left out"] if dropped else []


def _refuse_gaps(found: list[dict[str, Any]], steps: np.ndarray, increment: float, where: str) -> None:
    if not increment > 0:
        raise InputError(
            "no distance between slices",
            where=f"{where} (0018,0050)",
            why="one slice without SliceThickness",
            fix="pass the whole series",
        )
    bad = np.flatnonzero(np.abs(steps - increment) > max(UNEVEN * increment, 0.02))
    if len(bad):
        i = int(bad[0])
        raise InputError(
            "slices are missing or unevenly spaced",
            where=f"{found[i]['label']} (0020,0032)",
            why=f"{steps[i]:.3f} mm to the next slice, {increment:.3f} mm elsewhere",
            fix="pass the complete series",
        )


def _refuse_tilt(found: list[dict[str, Any]], normal: np.ndarray, where: str) -> None:
    move = found[-1]["position"] - found[0]["position"]
    along = float(move @ normal)
    if np.linalg.norm(move - along * normal) > TILT * abs(along) + 0.05:
        raise InputError(
            "the gantry was tilted",
            where=f"{where} (0018,1120) GantryDetectorTilt",
            why="slices are shifted against each other",
            fix="resample the series to an untilted grid",
        )


def _views(found: list[dict[str, Any]]) -> Volume:
    """Planar views of one examination, in the order of the file: they have no place along an axis."""
    one, facts = _single(found[0]), found[0]["acquisition"]
    if facts.nuclear is not None and len(facts.nuclear.views) != len(found):
        said = tuple((f["acquisition"].nuclear.views or ("",))[0] for f in found)
        facts = replace(facts, nuclear=replace(facts.nuclear, views=said))
    return Volume(np.stack([f["values"] for f in found]), one.spacing, one.unit, facts, None, one.warnings)


def _single(f: dict[str, Any]) -> Volume:
    facts: Acquisition = f["acquisition"]
    spacing = f["spacing"]
    warnings = [] if spacing is not None else ["(0028,0030) PixelSpacing is absent: lengths are in pixels"]
    dy, dx = (float(s) for s in spacing) if spacing is not None else (1.0, 1.0)
    affine = None
    if f["position"] is not None and f["axes"] is not None:
        affine = np.eye(4)
        affine[:3, 0], affine[:3, 1], affine[:3, 3] = f["axes"][:3] * dx, f["axes"][3:] * dy, f["position"]
        affine[:3, 2] = np.cross(f["axes"][:3], f["axes"][3:]) * (facts.slice_thickness or 1.0)
    return Volume(
        f["values"][None], (facts.slice_thickness or 1.0, dy, dx), _unit(facts), facts, affine, tuple(warnings)
    )
