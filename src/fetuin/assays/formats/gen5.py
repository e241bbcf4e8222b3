"""Agilent (BioTek) Gen5 exports, text or XLSX: kinetic tables of every read, several plates in a file, skipped wells.

A plate begins at `Plate Number` (or, without the header, at the first table). A kinetic table has a heading row
`Time | T° Read 2:450,490 | A1 | A2 ...` and a row a time; a run that was stopped ends in empty `0:00:00` rows. The
column layout of newer readers has a row a well and the times across. Result matrices (Max V, Lagtime) are derived
from the curves and not read.
"""

from __future__ import annotations

import re
from typing import Any

from fetuin.assays.formats import cells
from fetuin.assays.formats.contract import Format
from fetuin.assays.formats.document import Document, Sheet
from fetuin.assays.formats.tables import (
    Block,
    check_times,
    check_wells,
    contents,
    mode_of,
    only_wells,
    plate,
    well_header,
)
from fetuin.assays.plate import Plate

KEEP = {"software version": "software", "plate number": "plate", "date": "date", "time": "time", "reader type": "reader",
        "reader serial number": "serial", "plate type": "plate_type", "barcode": "barcode", "plate id": "plate_id"}  # fmt: skip
A_TIME = "a time such as 0:07:31"
DEGREE = re.compile(r"T(?:Â°|\W)\W{0,2}(.*)")


def recognise(document: Document) -> str | None:
    """The header of Gen5, or its kinetic table without the header."""
    for sheet in document.sheets:
        words = {row[0].lower().rstrip(":") for row in sheet.head if row}
        if "software version" in words and words & {
            "experiment file path",
            "protocol file path",
            "reader type",
            "plate number",
        }:
            return "'Software Version' with 'Reader Type:' or 'Plate Number'"
        if any(
            _is_heading(sheet, i) and (DEGREE.fullmatch(sheet.text(i, 1)) or DEGREE.fullmatch(sheet.text(i, 2)))
            for i in range(min(len(sheet.rows), 60))
        ):
            return "a kinetic table 'Time', 'T°', A1, A2"
    return None


def _is_heading(sheet: Sheet, row: int) -> bool:
    """'Time', a temperature column, wells: in column A (text) or B (workbook).

    Two of the three signs make a heading, so that one spoiled cell leads to an error with its place and not to a
    table that is passed over.
    """
    for j in (0, 1):
        signs = (
            sheet.text(row, j).lower() == "time",
            DEGREE.fullmatch(sheet.text(row, j + 1)) is not None,
            len(well_header(sheet, row, j + 2)) >= 1,
        )
        if sum(signs) >= 2 and (signs[2] or sheet.width(row) > j + 2):
            return True
    return False


def read(document: Document) -> list[Plate]:
    """Every kinetic read of every plate, in the order of the file."""
    plates = [p for sheet in document.sheets for p in _sheet(document, sheet)]
    if not plates:
        sheet = document.sheets[0]
        at = sheet.find("procedure details") or sheet.find("results") or 0
        raise sheet.refuse(
            at, 0, "a kinetic table with the heading 'Time', 'T°', A1, A2",
            fix="this export holds no kinetic table: switch on 'Raw Data' of the kinetic reads in the Gen5 export",
        )  # fmt: skip
    return plates


def _sheet(document: Document, sheet: Sheet) -> list[Plate]:
    told: dict[str, str] = {}
    layout: dict[str, str] = {}
    number = 0
    plates = []
    for i in range(len(sheet.rows)):
        key = sheet.text(i, 0).lower().rstrip(":")
        if key == "plate number":
            told, layout, number = (
                {k: v for k, v in told.items() if k in ("software", "reader", "serial")},
                {},
                number + 1,
            )
        if key in KEEP and sheet.text(i, 1) and not (key == "time" and cells.well(sheet.cell(i, 2))):
            told[KEEP[key]] = sheet.text(i, 1)
        elif key == "layout":
            layout = _layout(sheet, i + 1)
        if _is_heading(sheet, i) or _is_columns(sheet, i):
            name = told.get("plate_id") or told.get("barcode") or told.get("plate") or sheet.name or "Plate 1"
            common = {"source": document.name, "name": name, "format": "gen5"} | told | layout
            title = _title(sheet, i)
            common["mode"] = _mode(sheet, i, title)
            plates.append(
                _down(sheet, i, title, common) if _is_heading(sheet, i) else _columns(sheet, i, title, common)
            )
    return plates


def _title(sheet: Sheet, row: int) -> str:
    """The line above the table, or what the temperature column repeats of it."""
    for i in range(row - 1, max(row - 4, -1), -1):
        words = [sheet.text(i, j) for j in range(sheet.width(i)) if sheet.text(i, j)]
        if words:
            if len(words) == 1:
                return words[0]
            break
    j = 1 if sheet.text(row, 0).lower() == "time" else 2
    match = DEGREE.fullmatch(sheet.text(row, j))
    return match[1] if match else ""


def _mode(sheet: Sheet, row: int, title: str) -> str:
    """The kind of read from the procedure: its only kind, or by the form of the title (two wavelengths: fluorescence)."""
    kinds = {m for i in range(row) for j in range(3)
             if sheet.text(i, j).lower() == "read" and (m := mode_of(sheet.text(i, j + 1)))}  # fmt: skip
    if len(kinds) == 1:
        return kinds.pop()
    pairs = re.search(r"\d{3}(?:/\d+)?,\s?\d{3}", title)
    return (
        "fluorescence"
        if pairs
        else ("luminescence" if "lum" in title.lower() else ("absorbance" if title[-3:].isdigit() else ""))
    )


def _layout(sheet: Sheet, row: int) -> dict[str, str]:
    """The Well ID of each well in the layout matrix."""
    heads = [(sheet.text(row, j), j) for j in range(1, sheet.width(row)) if sheet.text(row, j).isdigit()]
    found: dict[str, str] = {}
    letter = ""
    for i in range(row + 1, len(sheet.rows)):
        if sheet.blank(i):
            break
        letter = sheet.text(i, 0) or letter
        if sheet.text(i, sheet.width(i) - 1).lower() != "well id":
            continue
        names = [(cells.well(letter + h), sheet.text(i, j)) for h, j in heads]
        found |= contents((w for w, _ in names if w), (n for w, n in names if w))
    return found


def _down(sheet: Sheet, head: int, title: str, common: dict[str, Any]) -> Plate:
    """A row a time, wells across."""
    start = 1 if sheet.text(head, 1).lower() == "time" or not sheet.text(head, 0) else 0
    if sheet.text(head, start).lower() != "time":
        raise sheet.refuse(head, start, "'Time'")
    if not DEGREE.fullmatch(sheet.text(head, start + 1)):
        raise sheet.refuse(head, start + 1, "the temperature column, 'T° ...'")
    wells = only_wells(sheet, head, start + 2)
    times: list[tuple[float, int]] = []
    for i in range(head + 1, len(sheet.rows)):
        if sheet.blank(i) or (start and sheet.text(i, 0)) or _is_heading(sheet, i):
            break
        when = _clock(sheet.cell(i, start), sheet)
        filled = any(sheet.text(i, j) for _, j in wells)
        if when is None or (when == 0 and times and filled):
            raise sheet.refuse(i, start, A_TIME)
        if not filled and when == 0:
            continue  # a stopped run is filled up with empty 0:00:00 rows
        times.append((when, i))
    if not times:
        raise sheet.refuse(head + 1, start, A_TIME)
    check_times(sheet, [(t, i, start) for t, i in times])
    return plate(Block(sheet, wells, times, across=True, title=title), **common)


def _is_columns(sheet: Sheet, row: int) -> bool:
    """The column layout: 'Well', then times across; known by its times and the wells below, whatever its first cell."""
    times = sum(_clock(sheet.cell(row, j), sheet) is not None for j in range(1, min(sheet.width(row), 12)))
    if times < 2 or isinstance(sheet.cell(row, 1), float):
        return False
    return sheet.text(row, 0).lower() in ("well", "wells") or any(cells.well(sheet.cell(row + k, 0)) for k in (1, 2))


def _columns(sheet: Sheet, head: int, title: str, common: dict[str, Any]) -> Plate:
    """A row a well, times across."""
    if sheet.text(head, 0).lower() not in ("well", "wells"):
        raise sheet.refuse(head, 0, "'Well'")
    last = max(j for j in range(1, sheet.width(head)) if sheet.text(head, j))
    times = [(t, j) for j in range(1, sheet.width(head)) if (t := _clock(sheet.cell(head, j), sheet)) is not None]
    for j in range(1, last + 1):
        if _clock(sheet.cell(head, j), sheet) is None:
            raise sheet.refuse(head, j, A_TIME)
    check_times(sheet, [(t, head, j) for t, j in times])
    wells: list[tuple[str, int]] = []
    for i in range(head + 1, len(sheet.rows)):
        if sheet.blank(i):
            break
        name = cells.well(sheet.cell(i, 0))
        if name is None:
            raise sheet.refuse(i, 0, "the name of a well, A1 to P24")
        wells.append((name, i))
    check_wells(sheet, [(w, i, 0) for w, i in wells])
    if not wells:
        raise sheet.refuse(head + 1, 0, "the name of a well, A1 to P24")
    return plate(Block(sheet, wells, times, across=False, title=title), **common)


def _clock(cell: Any, sheet: Sheet) -> float | None:
    """A Gen5 time: h:mm:ss, m:ss.mmm, or a spreadsheet time as a fraction of a day."""
    if isinstance(cell, float):
        return cells.minutes(cell, "d")
    word = cells.text(cell)
    return cells.minutes(word, None, sheet.comma) if ":" in word or not isinstance(cell, str) else None


FORMAT = Format(
    title="Agilent (BioTek) Gen5 (text, XLSX)",
    looks_for="'Software Version' with 'Reader Type:' or 'Plate Number', or a kinetic table 'Time', 'T°', A1, A2",
    maturity="established",
    recognise=recognise,
    read=read,
)
