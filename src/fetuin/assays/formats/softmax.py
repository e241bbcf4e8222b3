"""Molecular Devices SoftMax Pro text exports: kinetic plates in PlateFormat and TimeFormat, UTF-8, UTF-16 or old text.

A file is a list of blocks that end in `~End`; a plate block begins `Plate:` and names its format, read type and the
wavelengths. PlateFormat prints a matrix a time, wavelengths side by side with an empty column between them; TimeFormat
prints a row a time with the wells across, one table a wavelength. The reduced values after the reads are not reads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from fetuin.assays.formats import cells
from fetuin.assays.formats.contract import Format
from fetuin.assays.formats.document import Document, Sheet
from fetuin.assays.formats.tables import A_READING, Block, build, check_times, mode_of, only_wells, plate
from fetuin.assays.plate import Plate

MOST_ROWS = 16  # of a plate of 384 wells, A to P
A_TIME = "a time such as 00:01:30"


@dataclass(frozen=True)
class Head:
    """The fields of a `Plate:` line that are needed."""

    name: str
    layout: str
    mode: str
    wavelengths: list[str]
    first_row: int
    rows: int


def recognise(document: Document) -> str | None:
    """The count of blocks in the first cell."""
    first = document.sheets[0].text(0, 0)
    return "first cell '##BLOCKS='" if first.startswith("##BLOCKS=") else None


def read(document: Document) -> list[Plate]:
    """Every kinetic plate and wavelength."""
    sheet, out = document.sheets[0], []
    starts = [i for i in range(len(sheet.rows)) if sheet.text(i, 0) == "Plate:"]
    for i in starts:
        if sheet.text(i, 4).lower() != "kinetic":
            continue
        stop = sheet.find("~end", start=i)
        if stop is None:
            raise sheet.refuse(
                len(sheet.rows) - 1, 0, "'~End' at the end of the plate's block", fix="export the whole file again"
            )
        head = _head(sheet, i)
        common = {"source": document.name, "name": head.name, "mode": head.mode, "format": "softmax"}
        out += (
            _matrices(sheet, i, stop, head, common)
            if head.layout == "PlateFormat"
            else _times(sheet, i, stop, head, common)
        )
    if not out:
        at = starts[0] if starts else 0
        raise sheet.refuse(at, 4 if starts else 0, "a plate whose read type is 'Kinetic'", fix="export a kinetic run")
    return out


def _head(sheet: Sheet, row: int) -> Head:
    """The fields of absorbance and fluorescence lines stand at different places: the wavelengths are the landmark."""
    if sheet.text(row, 3) not in ("PlateFormat", "TimeFormat"):
        raise sheet.refuse(row, 3, "'PlateFormat' or 'TimeFormat'")
    mode = mode_of(sheet.text(row, 5))
    at = 16 if mode == "fluorescence" else 15
    waves = sheet.text(row, at).split() or ["all"]
    count = cells.number(sheet.text(row, at - 1))
    if count is None or not 1 <= count <= 20 or int(count) > len(waves):
        raise sheet.refuse(row, at - 1, "the number of wavelengths, and the wavelengths in the next cell")
    rows_at = {"absorbance": 20, "luminescence": 29, "fluorescence": 30}.get(mode, 20)
    rows = cells.number(sheet.text(row, rows_at)) or 0
    first = cells.number(sheet.text(row, rows_at - 1)) or 1
    if not 1 <= first <= MOST_ROWS:
        raise sheet.refuse(row, rows_at - 1, f"the first row that was read, 1 to {MOST_ROWS}")
    names = [f"{w} #{k + 1}" if waves.count(w) > 1 else w for k, w in enumerate(waves[: int(count)])]
    return Head(sheet.text(row, 1), sheet.text(row, 3), mode, names, int(first), int(rows))


def _clock(sheet: Sheet, row: int) -> float:
    when = cells.minutes(sheet.text(row, 0), None, sheet.comma)
    if when is None:
        raise sheet.refuse(row, 0, A_TIME)
    return when


def _groups(sheet: Sheet, row: int) -> list[list[tuple[int, int]]]:
    """Column numbers of the heading, a group a wavelength: [[(plate column, sheet column)]]."""
    groups: list[list[tuple[int, int]]] = [[]]
    for j in range(2, sheet.width(row)):
        word = sheet.text(row, j)
        if not word:
            groups.append([])
        elif len(word) <= 2 and word.isascii() and word.isdigit() and 1 <= int(word) <= 24:
            groups[-1].append((int(word), j))
        else:
            raise sheet.refuse(row, j, "the number of a plate column, 1 to 24")
    return [g for g in groups if g]


def _matrices(sheet: Sheet, start: int, stop: int, head: Head, common: dict[str, Any]) -> list[Plate]:
    groups = _groups(sheet, start + 1)
    if len(groups) < len(head.wavelengths):
        raise sheet.refuse(start + 1, 2, f"columns 1, 2, ... for each of {len(head.wavelengths)} wavelengths")
    times: list[tuple[float, int, int]] = []
    frames: list[list[int]] = []
    for i in range(start + 2, stop):
        if sheet.blank(i):
            continue
        if sheet.text(i, 0):
            times.append((_clock(sheet, i), i, 0))
            frames.append([i])
        elif frames and not sheet.blank(i - 1):
            frames[-1].append(i)
        else:
            break  # the reduced values have no time
    if not frames:
        raise sheet.refuse(start + 2, 0, A_TIME)
    check_times(sheet, times)
    most = head.rows or len(frames[0])
    for (_, i, _), frame in zip(times, frames):
        if len(frame) != most or not 1 <= most <= MOST_ROWS - head.first_row + 1:
            raise sheet.refuse(i, 0, f"{most} rows of the plate under each time, none below row P (here {len(frame)})")
    minutes = [t for t, _, _ in times]
    return [_wavelength(sheet, g, frames, minutes, head, w, common) for g, w in zip(groups, head.wavelengths)]


def _wavelength(
    sheet: Sheet, group: list[tuple[int, int]], frames: list[list[int]], minutes: list[float], head: Head, wave: str,
    common: dict[str, Any],
) -> Plate:  # fmt: skip
    wells, values = [], []
    for r in range(len(frames[0])):
        for number, j in group:
            line = []
            for frame in frames:
                got = cells.reading(sheet.cell(frame[r], j), sheet.comma)
                if got is None:
                    raise sheet.refuse(frame[r], j, A_READING)
                line.append(got)
            if any(over or not np.isnan(v) for v, over in line):
                wells.append(f"{chr(64 + head.first_row + r)}{number:02d}")
                values.append(line)
    got_all = np.array(values or [[(cells.NAN, False)] * len(minutes)], dtype=float)
    grid = np.tile(minutes, (len(got_all), 1))
    return build(wells, grid, got_all[:, :, 0], got_all[:, :, 1].astype(bool), title=wave, **common)


def _times(sheet: Sheet, start: int, stop: int, head: Head, common: dict[str, Any]) -> list[Plate]:
    wells = only_wells(sheet, start + 1, 2)
    out, i = [], start + 2
    for wave in head.wavelengths:
        times: list[tuple[float, int]] = []
        while i < stop and not sheet.blank(i) and sheet.text(i, 0):
            times.append((_clock(sheet, i), i))
            i += 1
        if not times:
            raise sheet.refuse(min(i, stop), 0, A_TIME)
        check_times(sheet, [(t, k, 0) for t, k in times])
        # The heading always names every well of the plate type: those of which nothing was read were not in the run.
        read_here = [(w, j) for w, j in wells if any(sheet.text(k, j) for _, k in times)]
        out.append(plate(Block(sheet, read_here, times, across=True, title=re.sub(r"\s+", " ", wave)), **common))
        while i < stop and sheet.blank(i):
            i += 1
    return out


FORMAT = Format(
    title="Molecular Devices SoftMax Pro (text)",
    looks_for="a first cell '##BLOCKS=' and blocks 'Plate:' ... '~End'",
    maturity="established",
    recognise=recognise,
    read=read,
)
