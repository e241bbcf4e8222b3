"""A volume: values on a grid, and what the scanner said of how they came to be."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Acquisition:
    """What matters for a score, in DICOM's words. None where the header does not say: it is never guessed."""

    modality: str = ""
    kvp: float | None = None
    kernel: str = ""
    slice_thickness: float | None = None  # mm
    contrast: str = ""
    date: str = ""
    manufacturer: str = ""
    model: str = ""
    series: str = ""
    description: str = ""


@dataclass(frozen=True)
class Volume:
    """Values [slices, rows, columns]; slices in ascending position along the slice normal.

    `spacing` is (increment between slices, row spacing, column spacing) in mm; `unit` is "HU" for CT. `affine` maps
    (column, row, slice) to patient coordinates in mm (LPS). `warnings` say what was odd but tolerable.
    """

    values: np.ndarray
    spacing: tuple[float, float, float]
    unit: str = "HU"
    acquisition: Acquisition = field(default_factory=Acquisition)
    affine: np.ndarray | None = None
    warnings: tuple[str, ...] = ()
    source: str = ""

    @property
    def voxel_volume(self) -> float:
        """mm3, by the increment between slices: overlapping slices are not counted twice."""
        return float(np.prod(self.spacing))

    @property
    def pixel_area(self) -> float:
        """mm2."""
        return float(self.spacing[1] * self.spacing[2])
