"""Tidy long tables, CSV or XLSX: one read a row, in any order, with headings that name well, time and value.

Columns: `well`; `time_min`, `time_s` or `time_h` (or `minutes`, `seconds`, `hours`); `value` (or `signal`, `reads`, `rnu`,
`od`, `rfu`). Optional: `plate`, `read` (a file may hold several), `sample`, `read_offset_min`.
"""

from __future__ import annotations

from typing import Any

from fetuin.assays.formats import cells
from fetuin.assays.formats.contract import Format
from fetuin.assays.formats.document import Document, Sheet
from fetuin.assays.formats.skanit import joined
from fetuin.assays.formats.tables import A_READING, contents
from fetuin.assays.plate import Plate

TIMES = {"minutes": "m", "time_min": "m", "time (min)": "m", "time [min]": "m", "minute": "m", "seconds": "s", "time_s": "s",
         "time (s)": "s", "time [s]": "s", "hours": "h", "time_h": "h", "time (h)": "h", "time [h]": "h", "t_min": "m"}  # fmt: skip
VALUES = {"value": "", "signal": "", "reads": "", "reading": "", "measurement": "", "y": "", "rnu": "nephelometry",
          "od": "absorbance", "absorbance": "absorbance", "rfu": "fluorescence", "fluorescence": "fluorescence"}  # fmt: skip
WELLS = ("well", "well_id", "position")
OTHERS = {"plate": "plate", "plate_id": "plate", "read": "read", "channel": "read", "wavelength": "read", "sample": "sample",
          "sample_id": "sample", "content": "sample", "read_offset_min": "offset", "cycle": "cycle"}  # fmt: skip


def _heads(sheet: Sheet) -> dict[str, int] | None:
    """{role: column} of the first row, or None where it is not a tidy table."""
    low = [sheet.text(0, j).lower() for j in range(sheet.width(0))] if sheet.rows else []
    found: dict[str, int] = {}
    for j, word in enumerate(low):
        role = "well" if word in WELLS else "time" if word in TIMES else "value" if word in VALUES else OTHERS.get(word)
        if role:
            found.setdefault(role, j)
    return found if {"well", "time", "value"} <= set(found) else None


def recognise(document: Document) -> str | None:
    """Headings for well, time and value."""
    if any(_heads(s) for s in document.sheets):
        return "headings 'well', a time with its unit, and a value"
    return None


def read(document: Document) -> list[Plate]:
    """A plate for every `plate` and `read` named in the rows."""
    return [p for s in document.sheets if (heads := _heads(s)) for p in _sheet(document, s, heads)]


def _sheet(document: Document, sheet: Sheet, heads: dict[str, int]) -> list[Plate]:
    low = [sheet.text(0, j).lower() for j in range(sheet.width(0))]
    for j, word in enumerate(low):
        if word and j not in heads.values():
            raise sheet.refuse(
                0, j, f"one of the headings {', '.join(['well', 'time_min', 'value', *dict.fromkeys(OTHERS)])}"
            )
    unit, mode = TIMES[low[heads["time"]]], VALUES[low[heads["value"]]]
    found: dict[tuple[str, str], dict[str, list[tuple[float, int, float, bool]]]] = {}
    names: dict[tuple[str, str], dict[str, str]] = {}
    for i in range(1, len(sheet.rows)):
        if sheet.blank(i):
            continue
        well, row = _row(sheet, i, heads, unit)
        key = tuple(sheet.text(i, heads[k]) if k in heads else "" for k in ("plate", "read"))
        found.setdefault(key, {}).setdefault(well, []).append(row)  # type: ignore[arg-type]
        if "sample" in heads:
            _name(sheet, i, heads["sample"], names.setdefault(key, {}), well)  # type: ignore[arg-type]
    if not found:
        raise sheet.refuse(1, heads["well"], "the name of a well, A1 to P24")
    base = sheet.name or document.path.name.split(".")[0]
    return [
        joined(sheet, wells, heads["time"], key[1], {"source": document.name, "name": key[0] or base, "mode": mode,
               "format": "tidy_csv"} | contents(names.get(key, {}), names.get(key, {}).values()))
        for key, wells in found.items()
    ]  # fmt: skip


def _row(sheet: Sheet, i: int, heads: dict[str, int], unit: str) -> tuple[str, tuple[float, int, float, bool]]:
    well = cells.well(sheet.text(i, heads["well"]))
    if well is None:
        raise sheet.refuse(i, heads["well"], "the name of a well, A1 to P24")
    when = cells.minutes(sheet.cell(i, heads["time"]), unit, sheet.comma)
    if when is None or when < 0:
        raise sheet.refuse(i, heads["time"], "a time of 0 or more in the unit of its heading")
    shift: Any = 0.0
    if "offset" in heads:
        shift = cells.number(sheet.cell(i, heads["offset"]), sheet.comma)
        if shift is None or not 0 <= shift <= cells.LONGEST:
            raise sheet.refuse(i, heads["offset"], f"the read offset in minutes, 0 to {cells.LONGEST:g}")
    got = cells.reading(sheet.cell(i, heads["value"]), sheet.comma)
    if got is None:
        raise sheet.refuse(i, heads["value"], A_READING)
    return well, (when + shift, i, *got)


def _name(sheet: Sheet, i: int, column: int, names: dict[str, str], well: str) -> None:
    word = sheet.text(i, column)
    if names.setdefault(well, word) != word:
        raise sheet.refuse(i, column, f"one sample a well (well {well} is '{names[well]}' above)")


FORMAT = Format(
    title="tidy table (CSV, XLSX)",
    looks_for="headings 'well', a time with its unit ('time_min') and 'value', then one read a row",
    maturity="established",
    recognise=recognise,
    read=read,
)
