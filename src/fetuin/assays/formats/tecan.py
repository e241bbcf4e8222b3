"""Tecan i-control and SparkControl exports, XLSX or text, English and German.

Each read is a table under `Cycle Nr.`: a row a well (with `Time [s]` and `Temp.` rows above) or, in the comma export, a
row a cycle with the wells across. With several reads in a well, each well has a block `Cycles / Well` with its own
times, so the read offset of every well is kept; the reported value is its `Mean`. Magellan has its own file.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fetuin.assays.formats import cells
from fetuin.assays.formats.contract import Format
from fetuin.assays.formats.document import Document, Sheet
from fetuin.assays.formats.tables import A_READING, Block, build, check_times, check_wells, mode_of, only_wells, plate
from fetuin.assays.plate import Plate
from fetuin.errors import InputError

CYCLE = ("cycle nr.", "cycle no.", "zyklus nr.", "zyklen nr.")
BLOCKS = ("cycles / well", "zyklen / well")
TIME = ("time [", "zeit [")
TEMPERATURE = ("temp.", "temperatur")
MEAN = ("mean", "mittelwert")
A_TIME = "a time in the unit of its heading"
KEEP = {"date:": "date", "datum:": "date", "time:": "time", "zeit:": "time", "device": "device", "gerät": "device",
        "plate": "plate_type", "platte": "plate_type"}  # fmt: skip


def recognise(document: Document) -> str | None:
    """The name of the program, or its table of cycles."""
    for sheet in document.sheets:
        for row in sheet.head:
            line = "\t".join(row).lower()
            if line.startswith(("application:", "programm:", "method name:")) and ("tecan" in line or "spark" in line):
                return "'Application: Tecan i-control' or 'SparkControl'"
        if any(row and row[0].lower().startswith((*CYCLE, *BLOCKS)) for row in sheet.head):
            return "a table headed 'Cycle Nr.' or 'Cycles / Well'"
    return None


def _starts(sheet: Sheet, row: int, words: tuple[str, ...]) -> bool:
    return sheet.text(row, 0).lower().startswith(words)


def read(document: Document) -> list[Plate]:
    """Every read of every sheet that holds an export."""
    out = [p for sheet in document.sheets for p in _sheet(document, sheet)]
    if not out:
        sheet = document.sheets[0]
        raise sheet.refuse(
            max(len(sheet.rows) - 1, 0), 0, "a kinetic table headed 'Cycle Nr.' or 'Cycles / Well'",
            fix="this export holds no kinetic read: export a kinetic measurement",
        )  # fmt: skip
    return out


def _sheet(document: Document, sheet: Sheet) -> list[Plate]:
    told: dict[str, str] = {}
    out: list[Plate] = []
    modes: list[str] = []
    i = 0
    while i < len(sheet.rows):
        key = sheet.text(i, 0).lower()
        value = next((sheet.text(i, j) for j in range(1, sheet.width(i)) if sheet.text(i, j)), "")
        for words, field in KEEP.items():
            if key.startswith(words) and (value or ":" in key):
                told.setdefault(field, value or sheet.text(i, 0).partition(":")[2].strip())
        if key in ("mode", "modus") and mode_of(value):
            modes.append(mode_of(value))
        common = {
            "source": document.name,
            "name": sheet.name or document.path.name.split(".")[0],
            "format": "tecan",
        } | told
        if _starts(sheet, i, CYCLE):
            mode = modes[min(len(out), len(modes) - 1)] if modes else mode_of(_title(sheet, i))
            made, i = _cycles(sheet, i, common | {"mode": mode})
            out.append(made)
        elif _starts(sheet, i, BLOCKS):
            made, i = _wells(sheet, i, common | {"mode": modes[-1] if modes else ""})
            out.append(made)
        else:
            i += 1
    return out


def _title(sheet: Sheet, row: int) -> str:
    """The label of a read: 'Label: Label1' or the line just above the table."""
    for i in range(row - 1, max(row - 25, -1), -1):
        word = sheet.text(i, 0)
        if word.lower().startswith("label:"):
            return word.partition(":")[2].strip() or sheet.text(i, 1)
        if word and i >= row - 2 and not any(sheet.text(i, j) for j in range(1, sheet.width(i))):
            return word
    return ""


def _end(sheet: Sheet, start: int) -> int:
    """The first row after `start` that is blank or begins no well or number."""
    i = start
    while i < len(sheet.rows) and not sheet.blank(i):
        i += 1
    return i


def _cycles(sheet: Sheet, row: int, common: dict[str, Any]) -> tuple[Plate, int]:
    """One `Cycle Nr.` table in either orientation, and the row after it."""
    stop = _end(sheet, row)
    across = sheet.text(row, 1).lower().startswith(TIME)
    block = _across(sheet, row, stop) if across else _down(sheet, row, stop)
    block.title = _title(sheet, row)
    return plate(block, **common), stop


def _across(sheet: Sheet, row: int, stop: int) -> Block:
    """A row a cycle: Cycle Nr., Time [s], Temp., A1, A2, ..."""
    unit = cells.unit_of(sheet.text(row, 1))
    first = 3 if sheet.text(row, 2).lower().startswith(TEMPERATURE) else 2
    wells = only_wells(sheet, row, first)
    times = [(_time(sheet, i, 1, unit), i) for i in range(row + 1, stop)]
    check_times(sheet, [(t, i, 1) for t, i in times])
    if not wells or not times:
        raise sheet.refuse(row, 2, "wells A1, A2, ... and a row a cycle below")
    return Block(sheet, wells, times, across=True)


def _down(sheet: Sheet, row: int, stop: int) -> Block:
    """A row a well, with `Time [s]` and `Temp.` rows above."""
    at = next((i for i in range(row + 1, min(row + 4, stop)) if _starts(sheet, i, TIME)), None)
    if at is None:
        raise sheet.refuse(row + 1, 0, "'Time [s]'")
    unit = cells.unit_of(sheet.text(at, 0))
    last = max((j for j in range(1, sheet.width(at)) if sheet.text(at, j)), default=0)
    times = [(_time(sheet, at, j, unit), j) for j in range(1, last + 1)]
    check_times(sheet, [(t, at, j) for t, j in times])
    wells: list[tuple[str, int]] = []
    for i in range(at + 1, stop):
        if _starts(sheet, i, TEMPERATURE):
            continue
        name = cells.well(sheet.cell(i, 0))
        if name is None:
            raise sheet.refuse(i, 0, "the name of a well, A1 to P24")
        wells.append((name, i))
    check_wells(sheet, [(w, i, 0) for w, i in wells])
    if not wells or not times:
        raise sheet.refuse(at + 1, 0, "the name of a well, A1 to P24")
    return Block(sheet, wells, times, across=False)


def _time(sheet: Sheet, row: int, column: int, unit: str | None) -> float:
    when = cells.minutes(sheet.cell(row, column), unit, sheet.comma)
    if when is None:
        raise sheet.refuse(row, column, A_TIME)
    return when


def _wells(sheet: Sheet, row: int, common: dict[str, Any]) -> tuple[Plate, int]:
    """All blocks `Cycles / Well` of one read: each well with its own times."""
    series: dict[str, tuple[list[float], list[tuple[float, bool]]]] = {}
    title, i, stop = _title(sheet, row), row, row
    while i < len(sheet.rows):
        if _starts(sheet, i, BLOCKS):
            stop = _end(sheet, i)
            name = cells.well(sheet.cell(i + 1, 0))
            if name is None:
                raise sheet.refuse(i + 1, 0, "the name of a well, A1 to P24")
            if name in series:
                break  # the next read begins with the first well again
            series[name] = _one_well(sheet, i + 1, stop)
            i = stop
        elif sheet.text(i, 0) and not sheet.text(i, 0)[0].isdigit():
            break
        else:
            i += 1
    most = max(len(t) for t, _ in series.values())
    minutes, reads = np.full((len(series), most), np.nan), np.full((len(series), most), np.nan)
    over = np.zeros((len(series), most), dtype=bool)
    for k, (times, values) in enumerate(series.values()):
        minutes[k, : len(times)] = times
        reads[k, : len(values)], over[k, : len(values)] = zip(*values)
    return build(list(series), minutes, reads, over, title=title, **common), i


def _one_well(sheet: Sheet, row: int, stop: int) -> tuple[list[float], list[tuple[float, bool]]]:
    at = next((i for i in range(row, stop) if _starts(sheet, i, TIME)), None)
    mean = next((i for i in range(row, stop) if _starts(sheet, i, MEAN)), None)
    if at is None or mean is None:
        expected = "'Time [s]' in the block of this well" if at is None else "'Mean' in the block of this well"
        raise sheet.refuse(row, 0, expected)
    unit = cells.unit_of(sheet.text(at, 0))
    last = max((j for j in range(1, sheet.width(at)) if sheet.text(at, j)), default=0)
    times = [_time(sheet, at, j, unit) for j in range(1, last + 1)]
    check_times(sheet, [(t, at, j) for j, t in enumerate(times, 1)])
    values = []
    for j in range(1, last + 1):
        got = cells.reading(sheet.cell(mean, j), sheet.comma)
        if got is None:
            raise sheet.refuse(mean, j, A_READING)
        values.append(got)
    if not times:
        raise _empty(sheet, at)
    return times, values


def _empty(sheet: Sheet, row: int) -> InputError:
    return sheet.refuse(row, 1, A_TIME)


FORMAT = Format(
    title="Tecan i-control or SparkControl (XLSX, CSV, text)",
    looks_for="'Application: Tecan i-control' or 'SparkControl', or a table headed 'Cycle Nr.' or 'Cycles / Well'",
    maturity="described",
    recognise=recognise,
    read=read,
)
