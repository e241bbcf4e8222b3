"""Where the frames of a nuclear image lie: a reconstructed SPECT keeps one place and one direction for all its slices.

    slice k lies at ImagePositionPatient + k x SpacingBetweenSlices x normal

Planar views and raw projections have no place along an axis; nothing is added to them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fetuin.imaging.header import item, number

RECONSTRUCTED = ("RECON TOMO", "RECON GATED TOMO")


def nuclear_places(ds: Any, frames: int) -> list[dict[str, Any]]:
    """What to add to each frame: nothing, or its position, axes and the header's warning."""
    kinds = [str(v).upper() for v in (ds.get("ImageType") or []) if not isinstance(ds.get("ImageType"), str)]
    if ds.get("Modality") != "NM" or not any(k in RECONSTRUCTED for k in kinds) or frames < 2:
        return [{} for _ in range(frames)]
    detector = item(ds, "DetectorInformationSequence")
    step = number(ds.get("SpacingBetweenSlices")) or number(ds.get("SliceThickness")) or 0.0
    axes = _numbers(detector, "ImageOrientationPatient", 6)
    start = _numbers(detector, "ImagePositionPatient", 3)
    if step == 0:
        return [{} for _ in range(frames)]  # refused later: a slice has no place
    axes = np.array([1.0, 0, 0, 0, 1, 0]) if axes is None else axes
    start = np.zeros(3) if start is None else start
    normal = np.cross(axes[:3], axes[3:])
    order = _numbers(ds, "SliceVector", frames)
    order = np.arange(1, frames + 1) if order is None else order
    return [{"position": start + (k - 1) * step * normal, "axes": axes} for k in order]


def _numbers(ds: Any, key: str, n: int) -> np.ndarray | None:
    try:
        out = np.array([float(v) for v in ds.get(key)])
    except (TypeError, ValueError, AttributeError):
        return None
    return out if out.shape == (n,) and np.isfinite(out).all() else None
