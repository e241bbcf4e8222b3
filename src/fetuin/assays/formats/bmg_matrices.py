"""The microplate views of BMG's programs: one plate matrix a cycle, under `Cycle 2 (0 min 38 s)` or a sheet a cycle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from fetuin.assays.formats import cells
from fetuin.assays.formats.bmg_tables import label, origin
from fetuin.assays.formats.document import Sheet
from fetuin.assays.formats.tables import A_READING, build
from fetuin.assays.plate import Plate

CYCLE = re.compile(r"(?:microplate )?cycle\s*(\d+)\s*\(([^)]*)\)?", re.IGNORECASE)
Reads = dict[str, dict[float, dict[str, tuple[float, bool]]]]  # {title: {minutes: {well: (value, overflow)}}}


def columns(sheet: Sheet, row: int) -> list[tuple[int, int]]:
    """[(plate column, sheet column)] of a matrix's heading row 1, 2, 3, ...; empty where the row is not one."""
    if sheet.text(row, 0):
        return []
    found: list[tuple[int, int]] = []
    for j in range(1, sheet.width(row)):
        word = sheet.text(row, j)
        if not word and found:
            break
        if word.lstrip("0") != str(len(found) + 1):
            return []
        found.append((len(found) + 1, j))
    return found if 2 <= len(found) <= 24 else []


def cycles(sheets: Sequence[Sheet], common: dict[str, Any]) -> list[Plate]:
    """The plates of all matrices that have a time; empty where no cycle is named."""
    reads: Reads = {}
    for sheet in sheets:
        when = _time(sheet, sheet.name, 0) if CYCLE.match(sheet.name) else None
        title, i = "", 0
        while i < len(sheet.rows):
            first = next((sheet.text(i, j) for j in range(min(3, sheet.width(i))) if sheet.text(i, j)), "")
            if CYCLE.match(sheet.text(i, 0)):
                when = _time(sheet, sheet.text(i, 0), i)
            elif heads := columns(sheet, i):
                if when is not None and "raw data" in title.lower():
                    _matrix(sheet, i + 1, heads, reads.setdefault(label(title), {}).setdefault(when, {}))
            elif first:
                title = first if not (len(first) == 1 and first.isalpha()) else title
            i += 1
    return [_plate(title, by_time, common) for title, by_time in reads.items() if len(by_time) > 1]


def _time(sheet: Sheet, words: str, row: int) -> float:
    match = CYCLE.match(words)
    when = cells.minutes(match[2].split(" - ")[0].split("  -")[0].strip(), None, True) if match else None
    if when is None:
        raise sheet.refuse(row, 0, "a cycle with its time, such as 'Cycle 2 (0 min 38 s)'")
    return when


def _matrix(sheet: Sheet, start: int, heads: list[tuple[int, int]], into: dict[str, tuple[float, bool]]) -> None:
    for i in range(start, len(sheet.rows)):
        letter = sheet.text(i, 0).upper()
        if not (len(letter) == 1 and "A" <= letter <= "P"):
            return
        for number, j in heads:
            got = cells.reading(sheet.cell(i, j), sheet.comma)
            if got is None:
                raise sheet.refuse(i, j, A_READING)
            well = f"{letter}{number:02d}"
            if well in into and not np.isnan(into[well][0]):
                raise sheet.refuse(i, j, f"one matrix a cycle and read (well {well} was read twice)")
            into[well] = got


def _plate(title: str, by_time: dict[float, dict[str, tuple[float, bool]]], common: dict[str, Any]) -> Plate:
    times = sorted(by_time)
    nothing = (cells.NAN, False)
    everywhere = list(dict.fromkeys(w for t in times for w in by_time[t]))
    wells = [w for w in everywhere if any(by_time[t].get(w, nothing) != nothing and
             (by_time[t][w][1] or not np.isnan(by_time[t][w][0])) for t in times if w in by_time[t])]  # fmt: skip
    got = np.array([[by_time[t].get(w, nothing) for t in times] for w in wells] or [[nothing]], dtype=float)
    minutes = np.tile(times, (len(wells), 1))
    return build(wells, minutes, got[:, :, 0], got[:, :, 1].astype(bool), title=title, **common, **origin(title))
