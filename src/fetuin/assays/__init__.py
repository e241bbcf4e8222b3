"""Assays: from a plate to T50, and from a serum to the T50 that it would be expected to have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fetuin.assays.t50 import T50Result


def measure_plate(
    path: str | Path, layout: str | Path | None = None, model: str = "5pl", *, at: str = ""
) -> list[T50Result]:
    """Read a plate-reader export and measure T50 in every plate of it.

    layout: a plate map in CSV or XLSX; model: a name of `curves.MODELS` or "auto"; at: when, for the record of reads
    left out. Raises FormatError, InputError (file, row, column, expected), NotEnoughDataError.
    """
    from fetuin.assays.formats.recognition import measured, read_plates
    from fetuin.assays.t50 import measure

    plan = None
    if layout is not None:
        from fetuin.assays.layout import read_layout

        plan = read_layout(layout)
    return [measure(plate, plan, model, at=at) for plate in measured(read_plates(path))]
