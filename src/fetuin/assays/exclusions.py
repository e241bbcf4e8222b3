"""What was left out of a measurement, by a person or by the robust fit: who, when, why. Nothing is dropped silently."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from fetuin.assays import start
from fetuin.assays.plate import Plate, well_name
from fetuin.assays.plate_fit import PlateFit
from fetuin.notice import __version__

BY = f"fetuin {__version__}"


@dataclass(frozen=True)
class Exclusion:
    """A read (or, with `minute` None, a whole well) that was left out: by whom, when, why."""

    well: str
    minute: float | None
    reason: str
    by: str
    at: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "well", well_name(self.well))


def masked(plate: Plate, exclusions: tuple[Exclusion, ...]) -> Plate:
    """The plate with the reads that a person left out marked missing. Whole wells stay: they are fitted, not reported."""
    reads, overflow = np.array(plate.reads), np.array(plate.overflow)
    for e in exclusions:
        row = plate.index(e.well)
        if e.minute is not None:
            point = int(np.nanargmin(np.abs(plate.minutes[row] - e.minute)))
            reads[row, point], overflow[row, point] = np.nan, False
    return replace(plate, reads=reads, overflow=overflow) if exclusions else plate


def automatic(fit: PlateFit, at: str) -> tuple[Exclusion, ...]:
    """Every read that the robust fit left out, with its distance from the curve."""
    out = []
    gone = (fit.state == start.UNUSED) & np.isfinite(fit.plate.reads)
    for row, point in np.argwhere(gone):
        z = fit.residual[row, point] / max(float(fit.scale[row]), 1e-12)
        early = "first-cycle transient or " if point < start.FIRST else ""
        reason = f"{early}outlier: {z:+.1f} spreads off the curve"
        out.append(Exclusion(fit.plate.wells[row], float(fit.plate.minutes[row, point]), reason, BY, at))
    return tuple(out)
