"""From a table of cells to a `Plate`: the shape that all kinetic exports share, whatever the vendor calls its parts.

A `Block` says in which row or column each well and each time stands; `plate` reads the cells between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from fetuin.assays.formats import cells
from fetuin.assays.formats.document import Sheet
from fetuin.assays.plate import Plate
from fetuin.errors import InputError

A_READING = "a number, an empty cell for a missing read, or an overflow mark such as OVRFLW"
NO_UNIT_MODES = {"nephelometry": "RNU", "absorbance": "OD", "fluorescence": "RFU", "luminescence": "RLU"}


@dataclass
class Block:
    """Wells and times of one read, and where they stand.

    wells    [(name, row or column)]: columns where `across`, rows otherwise
    times    [(minutes, row or column)]: rows where `across`, columns otherwise
    offsets  minutes added to every time of a well
    """

    sheet: Sheet
    wells: list[tuple[str, int]]
    times: list[tuple[float, int]]
    across: bool
    title: str = ""
    offsets: dict[str, float] = field(default_factory=dict)


def well_header(sheet: Sheet, row: int, start: int = 0) -> list[tuple[str, int]]:
    """The wells named in a row, with their columns."""
    found = ((cells.well(sheet.cell(row, j)), j) for j in range(start, sheet.width(row)))
    return [(name, j) for name, j in found if name]


def only_wells(sheet: Sheet, row: int, start: int) -> list[tuple[str, int]]:
    """The wells of a heading row of which every filled cell from `start` on must name a well, each once."""
    for j in range(start, sheet.width(row)):
        if sheet.text(row, j) and cells.well(sheet.cell(row, j)) is None:
            raise sheet.refuse(row, j, "the name of a well, A1 to P24")
    wells = well_header(sheet, row, start)
    check_wells(sheet, [(w, row, j) for w, j in wells])
    if not wells:
        raise sheet.refuse(row, start, "the name of a well, A1 to P24")
    return wells


def check_wells(sheet: Sheet, wells: Iterable[tuple[str, int, int]]) -> None:
    """Raise where a well stands twice: (name, row, column)."""
    seen: set[str] = set()
    for name, row, column in wells:
        if name in seen:
            raise sheet.refuse(row, column, f"a well not named before ({name} stands twice)")
        seen.add(name)


def check_times(sheet: Sheet, times: Sequence[tuple[float, int, int]]) -> None:
    """Raise where time does not increase: (minutes, row, column)."""
    for (before, _, _), (now, row, column) in pairwise(times):
        if now <= before:
            raise sheet.refuse(row, column, f"a time after {before:g} min")
    if times and times[0][0] < 0:
        raise sheet.refuse(times[0][1], times[0][2], "a time of 0 or more")


def plate(block: Block, *, source: str, name: str = "", mode: str = "", **metadata: str) -> Plate:
    """Read the cells of a block. Every cell that is neither a read nor a known mark is an error with its place."""
    sheet, across = block.sheet, block.across
    if not block.wells or not block.times:
        raise InputError(
            "A kinetic table without wells or times.", where=cells.place(source, 0, 0, sheet.name),
            why="expected at least one well and one time",
        )  # fmt: skip
    n, m = len(block.wells), len(block.times)
    reads, over = np.full((n, m), np.nan), np.zeros((n, m), dtype=bool)
    for i, (_, at) in enumerate(block.wells):
        for j, (_, when) in enumerate(block.times):
            row, column = (when, at) if across else (at, when)
            line = sheet.rows[row]
            cell = line[column] if column < len(line) else ""
            got = cells.reading(cell, sheet.comma)
            if got is None:
                raise sheet.refuse(row, column, A_READING)
            reads[i, j], over[i, j] = got
    times = np.array([t for t, _ in block.times])
    shift = np.array([block.offsets.get(w, 0.0) for w, _ in block.wells])
    return build([w for w, _ in block.wells], times[None, :] + shift[:, None], reads, over,
                 source=source, name=name, mode=mode, title=block.title, **metadata)  # fmt: skip


def build(
    wells: list[str], minutes: np.ndarray, reads: np.ndarray, over: np.ndarray, *, source: str, name: str = "",
    mode: str = "", title: str = "", **metadata: str,
) -> Plate:  # fmt: skip
    """A `Plate`; times at the end at which no well was read (a run that was stopped) are left out and told."""
    used = (np.isfinite(reads) | over).any(axis=0)
    if not used.any():
        raise InputError(
            "The table holds no read at all.", where=cells.place(source, 0, 0), why="expected at least one number",
            fix="export the raw data of the run",
        )  # fmt: skip
    last = int(np.flatnonzero(used)[-1]) + 1
    told = {"read": title} if title else {}
    if last < reads.shape[1]:
        told["times_without_reads_at_end"] = str(reads.shape[1] - last)
    return Plate(
        tuple(wells), minutes[:, :last], reads[:, :last], over[:, :last], mode=mode, unit=NO_UNIT_MODES.get(mode, ""),
        name=name, source=source, metadata=told | {k: v for k, v in metadata.items() if v},
    )  # fmt: skip


def contents(wells: Iterable[str], names: Iterable[Any]) -> dict[str, str]:
    """What the file says of each well, as plate metadata: {'content A01': 'Sample X1'}."""
    return {f"content {w}": cells.text(n) for w, n in zip(wells, names) if cells.text(n)}


def mode_of(words: str) -> str:
    """The kind of read in a vendor's words: nephelometry, absorbance, fluorescence, luminescence; "" where unknown."""
    low = words.lower()
    for mode, marks in (
        ("nephelometry", ("nephel", "scatter", "rnu", "turbidi")),
        ("absorbance", ("absor", "optical density", "photometr", "abs ")),
        ("fluorescence", ("fluor",)),
        ("luminescence", ("lumin",)),
    ):
        if any(m in low for m in marks):
            return mode
    return ""
