"""A volume: values on a grid, and what the scanner said of how they came to be."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Nuclear:
    """What the header of a nuclear image says of the tracer and its acquisition. None or empty where it is silent."""

    dose_mbq: float | None = None
    injected: str = ""  # DICOM date and time, YYYYMMDDHHMMSS
    acquired: str = ""
    weight_kg: float | None = None
    seconds: float | None = None  # of one frame
    tracer: str = ""
    collimator: str = ""
    decay_correction: str = ""  # NONE, START (of the series), ADMIN (of the dose)
    units: str = ""  # CNTS, BQML
    views: tuple[str, ...] = ()


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
    photometric: str = ""
    window: tuple[float, float] | None = None  # centre, width
    image_type: tuple[str, ...] = ()
    spacing_from: str = "(0028,0030) PixelSpacing"
    nuclear: Nuclear | None = None


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
