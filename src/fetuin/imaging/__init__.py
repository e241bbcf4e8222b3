"""From scan to Observation: read a series, say where to look, measure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from fetuin.imaging.volume import Volume


def load(path: Path, *, series: str = "", unit: str = "HU") -> Volume:
    """A volume from NIfTI (by name; its `unit` is what the caller expects) or DICOM (anything else)."""
    from fetuin.imaging.dicom import read_series
    from fetuin.imaging.nifti import is_nifti, read_nifti

    return read_nifti(Path(path), unit=unit) if is_nifti(Path(path)) else read_series(Path(path), series=series)


def region(
    volume: Volume, *, mask: Path | None = None, label: str = "", circles: Sequence[str] = ()
) -> tuple[np.ndarray | None, bool]:
    """(mask or None for everything, whether it is drawn round lesions) from a mask file (NIfTI, DICOM SEG) or circles."""
    from fetuin.errors import UsageError
    from fetuin.imaging import roi
    from fetuin.imaging.masks import mask_on

    if mask is not None and circles:
        raise UsageError("a mask and circles together", where="--mask, --roi", fix="give one of them")
    if mask is not None:
        return mask_on(volume, mask, label=label), False
    found = None
    for text in circles:
        disc = roi.disc(volume, roi.parse(text))
        found = disc if found is None else found | disc
    return found, found is not None


def measure_scan(path: str | Path, **options: Any) -> Any:
    """Score the calcium of a CT series; options as `fetuin.imaging.modalities.ct.score`, and `mask` as a bool array."""
    from fetuin.imaging.modalities.ct import score

    return score(load(Path(path)), options.pop("mask", None), **options)
