"""Tecan Magellan kinetic exports (XLSX, text).

The first rows name the cycles (`Monday, May 4, 2026: 10:00:00 / 900 s / 37.1 °C`), then a row a well: its name, then
the reads in the order of the cycles. Also the table with `0s`, `900s` in the first column and the wells across.
"""

from __future__ import annotations

import re

from fetuin.assays.formats import cells
from fetuin.assays.formats.contract import Format
from fetuin.assays.formats.document import Document, Sheet
from fetuin.assays.formats.tables import Block, check_times, check_wells, only_wells, plate, well_header
from fetuin.assays.plate import Plate

STAMP = re.compile(r"[^/]*\d{1,2}:\d{2}:\d{2}[^/]*/\s*([\d.,]+)\s*(ms|s|min|h)\s*(?:/.*)?")
ELAPSED = re.compile(r"([\d.,]+)\s*(ms|s|min|h)")


def recognise(document: Document) -> str | None:
    """A cycle's stamp in the first cell, or Magellan's list of well positions."""
    for sheet in document.sheets:
        if sheet.head and STAMP.fullmatch(sheet.head[0][0]):
            return "first cell 'date: time / 900 s / 37 °C'"
        if sheet.name.startswith("Magellan") or (sheet.head and "Well positions" in sheet.head[0]):
            return "a sheet 'Magellan' or a column 'Well positions'"
        if _heading(sheet) is not None:
            return "rows that begin 0s, 900s ... below wells A1, A2 ..."
    return None


def read(document: Document) -> list[Plate]:
    """One plate a sheet."""
    out = []
    for sheet in document.sheets:
        common = {"source": document.name, "name": sheet.name or document.path.name.split(".")[0], "format": "magellan"}
        if sheet.head and STAMP.fullmatch(sheet.head[0][0]):
            out.append(plate(_stamped(sheet), **common))
        elif (head := _heading(sheet)) is not None:
            out.append(plate(_elapsed(sheet, head), **common))
    if not out:
        raise document.sheets[0].refuse(
            0, 0, "a cycle such as 'Monday, May 4, 2026: 10:00:00 / 900 s / 37.1 °C'",
            fix="this export holds end-point reads only: export a kinetic measurement",
        )  # fmt: skip
    return out


def _stamped(sheet: Sheet) -> Block:
    stamps: list[tuple[float, int, int]] = []
    i = 0
    while i < len(sheet.rows) and cells.well(sheet.cell(i, 0)) is None:
        word = sheet.text(i, 0)
        if match := STAMP.fullmatch(word):
            when = cells.minutes(f"{match[1]} {match[2]}", None, True)
            if when is None:
                raise sheet.refuse(i, 0, "a time such as 900 s")
            stamps.append((when, i, 0))
        elif word:
            raise sheet.refuse(i, 0, "a cycle 'date: time / 900 s / 37 °C' or the name of a well")
        i += 1
    check_times(sheet, stamps)
    wells: list[tuple[str, int]] = []
    for k in range(i, len(sheet.rows)):
        if sheet.blank(k):
            continue
        name = cells.well(sheet.cell(k, 0))
        if name is None:
            raise sheet.refuse(k, 0, "the name of a well, A1 to P24")
        extra = next((j for j in range(1 + len(stamps), sheet.width(k)) if sheet.text(k, j)), None)
        if extra is not None:
            raise sheet.refuse(k, extra, f"the end of the row ({len(stamps)} cycles are named)")
        wells.append((name, k))
    check_wells(sheet, [(w, k, 0) for w, k in wells])
    if not wells:
        raise sheet.refuse(len(sheet.rows) - 1, 0, "the name of a well, A1 to P24")
    return Block(sheet, wells, [(t, j + 1) for j, (t, _, _) in enumerate(stamps)], across=False)


def _heading(sheet: Sheet) -> int | None:
    """The row of wells above a column of elapsed times (0s, 900s)."""
    for i in range(min(len(sheet.rows) - 1, 60)):
        if len(well_header(sheet, i, 1)) >= 2 and not sheet.text(i, 0) and ELAPSED.fullmatch(sheet.text(i + 1, 0)):
            return i
    return None


def _elapsed(sheet: Sheet, head: int) -> Block:
    wells = only_wells(sheet, head, 1)
    times: list[tuple[float, int]] = []
    for i in range(head + 1, len(sheet.rows)):
        if sheet.blank(i):
            break
        match = ELAPSED.fullmatch(sheet.text(i, 0))
        when = cells.minutes(f"{match[1]} {match[2]}", None, True) if match else None
        if when is None:
            raise sheet.refuse(i, 0, "an elapsed time such as 900s")
        times.append((when, i))
    check_times(sheet, [(t, i, 0) for t, i in times])
    return Block(sheet, wells, times, across=True)


FORMAT = Format(
    title="Tecan Magellan (XLSX, text)",
    looks_for="a first cell 'date: time / 900 s / 37 °C', rows 0s, 900s ... below wells, or a column 'Well positions'",
    maturity="described",
    recognise=recognise,
    read=read,
)
