"""Wide tables, CSV or XLSX: the first row is 'well' and the times in minutes, then one row a well.

Optional columns before, between or after the times: `read_offset_min` (minutes from the start of a cycle to this
well's read, added to every time of the well), `sample` or `content`. A heading may carry its unit: '120 s', '2 h'.
"""

from __future__ import annotations

from itertools import pairwise

from fetuin.assays.formats import cells
from fetuin.assays.formats.contract import Format
from fetuin.assays.formats.document import Document, Sheet
from fetuin.assays.formats.tables import Block, check_times, check_wells, contents, plate
from fetuin.assays.plate import Plate

OFFSET = "read_offset_min"
NAMES = ("sample", "content", "sample_id")


def _time(sheet: Sheet, column: int) -> float | None:
    return cells.minutes(sheet.cell(0, column), "m", sheet.comma)


def _is_wide(sheet: Sheet) -> bool:
    if not sheet.rows or sheet.text(0, 0).lower() not in ("well", "wells", "well_id"):
        return False
    return sum(_time(sheet, j) is not None for j in range(1, min(sheet.width(0), 12))) >= 2


def recognise(document: Document) -> str | None:
    """The first cell says 'well' and times in minutes follow."""
    if any(_is_wide(s) for s in document.sheets):
        return "first cell 'well', then times in minutes as column headings"
    return None


def _columns(sheet: Sheet) -> tuple[list[tuple[float, int]], dict[str, int]]:
    """Times with their columns, and the named columns."""
    times, named = [], {}
    for j in range(1, sheet.width(0)):
        word = sheet.text(0, j).lower()
        when = _time(sheet, j)
        if when is not None:
            times.append((when, j))
        elif word == OFFSET or word in NAMES:
            named[OFFSET if word == OFFSET else "sample"] = j
        elif word or any(sheet.text(i, j) for i in range(1, len(sheet.rows))):
            raise sheet.refuse(0, j, f"a time in minutes, '{OFFSET}' or 'sample'")
    return times, named


def _offset(sheet: Sheet, row: int, column: int, times: list[tuple[float, int]]) -> float:
    value = cells.number(sheet.cell(row, column), sheet.comma)
    if value is None or not 0 <= value <= cells.LONGEST:
        raise sheet.refuse(row, column, f"the read offset of the well in minutes, 0 to {cells.LONGEST:g}")
    if any(now + value <= before + value for (before, _), (now, _) in pairwise(times)):  # two times round to one
        raise sheet.refuse(row, column, "an offset beside which the times of the plate still differ")
    return value


def _plate(document: Document, sheet: Sheet) -> Plate:
    times, named = _columns(sheet)
    check_times(sheet, [(t, 0, j) for t, j in times])
    wells = []
    for i in range(1, len(sheet.rows)):
        if sheet.blank(i):
            continue
        name = cells.well(sheet.text(i, 0))
        if name is None:
            raise sheet.refuse(i, 0, "the name of a well, A1 to P24")
        width = max((j for j in range(sheet.width(i)) if sheet.text(i, j)), default=0)
        if width >= sheet.width(0):
            raise sheet.refuse(i, width, f"the end of the row (the first row has {sheet.width(0)} cells)")
        wells.append((name, i))
    if not wells:
        raise sheet.refuse(1, 0, "the name of a well, A1 to P24")
    check_wells(sheet, [(w, i, 0) for w, i in wells])
    offsets = {w: _offset(sheet, i, named[OFFSET], times) for w, i in wells} if OFFSET in named else {}
    told = (
        contents((w for w, _ in wells), (sheet.text(i, named["sample"]) for _, i in wells)) if "sample" in named else {}
    )
    block = Block(sheet, wells, times, across=False, offsets=offsets)
    return plate(
        block, source=document.name, name=sheet.name or document.path.name.split(".")[0], format="wide_csv", **told
    )


def read(document: Document) -> list[Plate]:
    """One plate a sheet."""
    return [_plate(document, s) for s in document.sheets if _is_wide(s)]


FORMAT = Format(
    title="wide table (CSV, XLSX)",
    looks_for="a first row 'well' followed by times in minutes, then one row a well",
    maturity="established",
    recognise=recognise,
    read=read,
)
