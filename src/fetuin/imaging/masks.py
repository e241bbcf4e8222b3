"""Masks from files onto the grid of a volume: NIfTI label images and DICOM segmentations, a label by number or by name.

Grids that differ by a flip, an order of axes or a crop are turned; anything else is refused, never resampled in silence.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from fetuin.errors import InputError
from fetuin.imaging import sandbox
from fetuin.imaging.nifti import is_nifti, read_labels
from fetuin.imaging.volume import Volume

SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"
Layer = tuple[np.ndarray, np.ndarray]  # values [slices, rows, columns] of label numbers, affine (column, row, slice)


def mask_on(volume: Volume, path: Path, *, label: str = "") -> np.ndarray:
    """A boolean mask [slices, rows, columns] on the grid of `volume`: every non-zero label, or the ones named.

    `label` is a number, a name, several of either parted by commas, or a name with `*` for any ending.
    """
    path = Path(path)
    layers, names = _layers(path)
    chosen = _chosen(label, names, path.name)
    out = np.zeros(volume.values.shape, bool)
    met = False
    for values, affine in layers:
        inside = values != 0 if chosen is None else np.isin(values, list(chosen))
        if affine is None or volume.affine is None:
            out |= _same(inside, volume, path.name)
            met = True
        else:
            met |= _paste(out, volume, inside, affine, path.name)
    if not met:
        raise InputError(
            "the mask does not overlap the scan",
            where=path.name,
            why="their positions differ",
            fix="use the mask of this scan",
        )
    return out


def _layers(path: Path) -> tuple[list[Any], dict[str, int]]:
    if not path.exists():
        raise InputError("no such file", where=str(path), fix="check the path")
    if is_nifti(path):
        volume, names = read_labels(path)
        return [(volume.values, volume.affine)], names
    return sandbox.run(_segmentation, str(path.absolute()), where=path.name)


def _chosen(label: str, names: dict[str, int], where: str) -> set[int] | None:
    if not label:
        return None
    out: set[int] = set()
    for part in (p.strip() for p in label.split(",")):
        if part.isdigit():
            out.add(int(part))
            continue
        found = [k for n, k in names.items() if n == part or (part.endswith("*") and n.startswith(part[:-1]))]
        if not found:
            known = ", ".join(list(names)[:12]) or "none: give its number"
            raise InputError(
                f"no label called {part!r}", where=f"{where} --label", why=f"named: {known}", fix="name one of these"
            )
        out.update(found)
    return out


def _paste(out: np.ndarray, volume: Volume, inside: np.ndarray, affine: np.ndarray, where: str) -> bool:
    """Mark in `out` where the mask lies on the grid of the volume; True where they overlap."""
    there = np.linalg.inv(np.asarray(volume.affine)) @ affine  # mask (column, row, slice) -> volume's
    turn = np.round(there[:3, :3])
    flat = inside.shape[0] == 1  # a single plane has no direction of its own across it
    off = np.abs(there[:3, :3] - turn)
    if flat:
        off[:, 2] = 0
    if off.max() > 0.01 or (not flat and np.abs(turn).sum() != 3):
        raise InputError(
            "the mask lies on another grid",
            where=where,
            why="spacing or direction differs",
            fix="resample the mask to the scan",
        )
    s, r, c = np.nonzero(inside)
    at = np.rint(there[:3, :3] @ np.stack([c, r, s]) + there[:3, 3:4]).astype(int)
    kept = np.all((at >= 0) & (at < np.array(volume.values.shape[::-1])[:, None]), axis=0)
    out[at[2, kept], at[1, kept], at[0, kept]] = True
    return bool(kept.any()) or not len(s)


def _same(mask: np.ndarray, volume: Volume, where: str) -> np.ndarray:
    if mask.shape != volume.values.shape:
        raise InputError(
            "the mask has another shape",
            where=where,
            why=f"{mask.shape} for a scan of {volume.values.shape}",
            fix="use the mask of this scan",
        )
    return mask


def _segmentation(name: str) -> tuple[list[Any], dict[str, int]]:
    """In the child: the planes of a DICOM segmentation, each with its place and the number of its segment."""
    from fetuin.imaging.dicom import parsed, typed

    label, ds = Path(name).name, parsed(Path(name))
    return typed(label, lambda: _whole(ds, label))


def _whole(ds: Any, label: str) -> tuple[list[Layer], dict[str, int]]:
    kind = str(ds.get("SOPClassUID", ""))
    if kind != SEGMENTATION:
        raise InputError(
            "neither a NIfTI mask nor a DICOM segmentation",
            where=f"{label} (0008,0016) SOPClassUID",
            why=kind or "absent",
            fix="pass .nii, .nii.gz or a DICOM SEG file",
        )
    return _planes(ds, label), _labels(ds)


def _planes(ds: Any, label: str) -> list[Layer]:
    from fetuin.imaging.dicom import pixels
    from fetuin.imaging.header import item

    values = pixels(ds, label)
    shared = item(ds, "SharedFunctionalGroupsSequence")
    groups = ds.get("PerFrameFunctionalGroupsSequence") or []
    out = []
    for i, plane in enumerate(values):
        places = [g for g in (groups[i] if i < len(groups) else None, shared) if g is not None]
        number = _find(places, "SegmentIdentificationSequence", "ReferencedSegmentNumber")
        out.append(((plane > 0).astype(np.int16)[None] * int(number or 1), _affine(places, f"{label} frame {i + 1}")))
    return out


def _labels(ds: Any) -> dict[str, int]:
    return {str(s.get("SegmentLabel", "")): int(s.get("SegmentNumber", 0)) for s in ds.get("SegmentSequence") or []}


def _find(groups: list[Any], macro: str, key: str) -> Any:
    from fetuin.imaging.header import item

    for g in groups:
        inner = item(g, macro)
        if inner is not None and inner.get(key) not in (None, ""):
            return inner.get(key)
    return None


def _affine(groups: list[Any], where: str) -> np.ndarray:
    try:
        position = np.array([float(v) for v in _find(groups, "PlanePositionSequence", "ImagePositionPatient")])
        axes = np.array([float(v) for v in _find(groups, "PlaneOrientationSequence", "ImageOrientationPatient")])
        dy, dx = (float(v) for v in _find(groups, "PixelMeasuresSequence", "PixelSpacing"))
    except (TypeError, ValueError):
        raise InputError(
            "a plane of the segmentation has no place",
            where=f"{where} (0020,0032)",
            why="position, orientation or spacing is absent",
            fix="export it again",
        ) from None
    out = np.eye(4)
    out[:3, 0], out[:3, 1], out[:3, 3] = axes[:3] * dx, axes[3:] * dy, position
    out[:3, 2] = np.cross(axes[:3], axes[3:])
    return out


def known_labels(path: Path, patterns: str) -> list[str]:
    """The names of a label file that one of the comma-parted `patterns` (`rib*`) fits; empty where it names none."""
    _, names = _layers(Path(path))
    wanted = patterns.split(",")
    return [n for n in names if any(n == w or (w.endswith("*") and n.startswith(w[:-1])) for w in wanted)]


def label_names(path: Path) -> list[str]:
    """Every label of a file, by name where it has names, else by number."""
    layers, names = _layers(Path(path))
    found = sorted({int(v) for values, _ in layers for v in np.unique(values) if v})
    by_number = {k: n for n, k in names.items()}
    return [by_number.get(k, str(k)) for k in found]
