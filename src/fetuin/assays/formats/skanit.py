"""Thermo SkanIt kinetic exports (XLSX, text).

Two views are known: *readings* with `Reading` and `Avg. time [s]` columns and the wells across, and the *list* with a row
a well and read: `Well`, `Wavelength(s) [nm]`, `Measurement time(s)`, `Raw absorbance`, where every well has its own times.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fetuin.assays.formats import cells
from fetuin.assays.formats.contract import Format
from fetuin.assays.formats.document import Document, Sheet
from fetuin.assays.formats.tables import A_READING, Block, build, check_times, check_wells, contents, mode_of, plate
from fetuin.assays.plate import Plate

SHEETS = ("general information", "session information", "instrument information", "layout definitions")


def recognise(document: Document) -> str | None:
    """The program's name or sheets, or its heading of average times."""
    names = {s.name.lower() for s in document.sheets}
    if names & set(SHEETS[:3]) and len(document.sheets) > 1:
        return "sheets 'General information', 'Instrument information'"
    if document.says("skanit"):
        return "the word SkanIt in the header"
    if any(_readings(s) is not None or _list(s) is not None for s in document.sheets):
        return "a column 'Avg. time [s]' or 'Measurement time(s)'"
    return None


def read(document: Document) -> list[Plate]:
    """Every kinetic table of every sheet."""
    out: list[Plate] = []
    for sheet in document.sheets:
        if sheet.name.lower() in SHEETS:
            continue
        words = sheet.name + " " + " ".join(" ".join(r) for r in sheet.head[:10])
        name = sheet.name or document.path.name.split(".")[0]
        common = {"source": document.name, "name": name, "mode": mode_of(words), "format": "skanit"}
        start = 0
        while (spot := _readings(sheet, start)) is not None:
            made, start = _table(sheet, spot, common)
            out.append(made)
        if (head := _list(sheet)) is not None:
            out += _series(sheet, head, common)
    if not out:
        sheet = next((s for s in document.sheets if s.name.lower() not in SHEETS), document.sheets[0])
        raise sheet.refuse(
            max(len(sheet.rows) - 1, 0), 0, "a column 'Avg. time [s]' or 'Measurement time(s)'",
            fix="this export holds end-point reads only: export the kinetic step",
        )  # fmt: skip
    return out


def _readings(sheet: Sheet, start: int = 0) -> tuple[int, int] | None:
    """(row, column) of 'Avg. time [s]' (or 'Time [s]' beside 'Reading')."""
    for i in range(start, len(sheet.rows)):
        low = [cells.text(c).lower() for c in sheet.rows[i][:4]]
        for j, word in enumerate(low):
            if word.startswith("avg. time") or (word.startswith("time [") and "reading" in low):
                return i, j
    return None


def _well_of(words: str) -> str | None:
    """'A1', 'A01' and 'A1 Un0001' name well A1."""
    return cells.well(words) or cells.well(words.partition(" ")[0])


def _table(sheet: Sheet, spot: tuple[int, int], common: dict[str, Any]) -> tuple[Plate, int]:
    head, at = spot
    unit = cells.unit_of(sheet.text(head, at))
    wells, names = [], []
    for j in range(sheet.width(head)):
        word = sheet.text(head, j)
        if j == at or word.lower() in ("reading", "", "temperature", "temp. [°c]"):
            continue
        well = _well_of(word)
        if well is None:
            raise sheet.refuse(head, j, "the name of a well, A1 to P24")
        wells.append((well, j))
        names.append(word.partition(" ")[2])
    check_wells(sheet, [(w, head, j) for w, j in wells])
    times: list[tuple[float, int]] = []
    i = head + 1
    while i < len(sheet.rows) and not sheet.blank(i):
        when = cells.minutes(sheet.cell(i, at), unit, sheet.comma)
        if when is None:
            raise sheet.refuse(i, at, "a time in the unit of its heading")
        times.append((when, i))
        i += 1
    if not times or not wells:
        raise sheet.refuse(head, at, "wells beside the time and a row a reading below")
    check_times(sheet, [(t, k, at) for t, k in times])
    return plate(Block(sheet, wells, times, across=True), **common, **contents((w for w, _ in wells), names)), i


def _list(sheet: Sheet) -> int | None:
    for i in range(min(len(sheet.rows), 60)):
        low = [cells.text(c).lower() for c in sheet.rows[i][:12]]
        if "well" in low and any(w.startswith("measurement time") for w in low):
            return i
    return None


def _series(sheet: Sheet, head: int, common: dict[str, Any]) -> list[Plate]:
    """A row a well and read: one plate a wavelength, every well with its own times."""
    low = [cells.text(c).lower() for c in sheet.rows[head]]
    at_well = low.index("well")
    at_time = next(j for j, w in enumerate(low) if w.startswith("measurement time"))
    at_wave = next((j for j, w in enumerate(low) if w.startswith("wavelength")), None)
    at_value = next(
        (j for j, w in enumerate(low) if w.startswith(("raw ", "value", "signal", "rfu", "rlu", "abs"))), None
    )
    if at_value is None:
        raise sheet.refuse(head, len(low) - 1, "a column 'Raw absorbance' or 'Raw fluorescence'")
    unit = cells.unit_of(sheet.text(head, at_time)) or "s"
    found: dict[str, dict[str, list[tuple[float, int, float, bool]]]] = {}
    for i in range(head + 1, len(sheet.rows)):
        if sheet.blank(i):
            break
        well = cells.well(sheet.text(i, at_well).replace(" ", ""))
        if well is None:
            raise sheet.refuse(i, at_well, "the name of a well, A1 to P24")
        when, got = (
            cells.minutes(sheet.cell(i, at_time), unit, sheet.comma),
            cells.reading(sheet.cell(i, at_value), sheet.comma),
        )
        if when is None:
            raise sheet.refuse(i, at_time, "a time in seconds")
        if got is None:
            raise sheet.refuse(i, at_value, A_READING)
        wave = sheet.text(i, at_wave) if at_wave is not None else ""
        found.setdefault(wave, {}).setdefault(well, []).append((when, i, *got))
    if not found:
        raise sheet.refuse(head + 1, at_well, "the name of a well, A1 to P24")
    return [joined(sheet, wells, at_time, wave, common) for wave, wells in found.items()]


def joined(
    sheet: Sheet,
    wells: dict[str, list[tuple[float, int, float, bool]]],
    column: int,
    title: str,
    common: dict[str, Any],
) -> Plate:
    """A plate from wells that each have their own times: {well: [(minutes, row, value, overflow)]}, in any order of rows."""
    most = max(len(line) for line in wells.values())
    minutes, reads = np.full((len(wells), most), np.nan), np.full((len(wells), most), np.nan)
    over = np.zeros((len(wells), most), dtype=bool)
    for k, line in enumerate(wells.values()):
        line.sort(key=lambda r: r[0])
        check_times(sheet, [(t, i, column) for t, i, _, _ in line])
        for j, (when, _, value, beyond) in enumerate(line):
            minutes[k, j], reads[k, j], over[k, j] = when, value, beyond
    return build(list(wells), minutes, reads, over, title=title, **common)


FORMAT = Format(
    title="Thermo SkanIt (XLSX, text)",
    looks_for="the word SkanIt or its sheets 'General information', or a column 'Avg. time [s]' or 'Measurement time(s)'",
    maturity="described",
    recognise=recognise,
    read=read,
)
