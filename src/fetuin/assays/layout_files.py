"""Plate maps on disk: the list form and the grid form, in CSV or XLSX, each error with its cell and its well."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.assays.formats import cells
from fetuin.assays.formats.document import Sheet, open_document
from fetuin.assays.layout import Well, make_well
from fetuin.errors import InputError

FIELDS = {
    "sample": "sample", "sample_id": "sample", "name": "sample", "content": "sample", "id": "sample", "samples": "sample",
    "group": "group", "replicate_group": "group", "replicate": "group", "replicates": "group",
    "role": "role", "type": "role", "well_type": "role", "control": "role", "lot": "lot", "reagent_lot": "lot",
    "batch": "lot", "dilution": "dilution", "dilution_factor": "dilution", "comment": "comment", "note": "comment",
    "position": "well", "well": "well", "wells": "well",
}  # fmt: skip
Given = dict[str, dict[str, tuple[Any, int, int]]]  # {well: {field: (value, row, column)}}


def entries(path: str | Path) -> tuple[dict[str, Well], str]:
    """({well: Well}, file name) of a plate map."""
    document = open_document(path)
    given: Given = {}
    sheet = next((s for s in document.sheets if _filled(s)), document.sheets[0])
    found = _list(sheet, given) or _grids(sheet, given)
    if not found:
        raise sheet.refuse(
            0, 0, "a heading row with 'well', or a grid with column numbers 1 to 12 (or 24) and row letters",
            fix="write one row a well with the columns well, sample, group, role, lot, dilution",
        )  # fmt: skip
    made = {w: _well(sheet, w, fields) for w, fields in given.items()}
    if not made:
        raise sheet.refuse(1, 0, "at least one well")
    return made, document.name


def _filled(sheet: Sheet) -> bool:
    return bool(sheet.rows) and not all(sheet.blank(i) for i in range(len(sheet.rows)))


def _well(sheet: Sheet, well: str, fields: dict[str, tuple[Any, int, int]]) -> Well:
    first = next(iter(fields.values()))

    def refuse(field: str, expected: str) -> InputError:
        _, row, column = fields.get(field, first)
        error = sheet.refuse(row, column, expected)
        return InputError(
            f"Well {well}, {field}: {error.what}", where=f"{error.where}, well {well}", why=error.why, fix=error.fix
        )

    plain = {k: v for k, (v, _, _) in fields.items()}
    if isinstance(plain.get("dilution"), str):
        plain["dilution"] = _dilution(plain["dilution"], sheet.comma)
    return make_well(well, plain, refuse)


def _dilution(word: str, comma: bool) -> Any:
    """1:4 and 4 and '1/4' are the same: diluted fourfold. Anything else stays text and is refused with its well."""
    for mark in (":", "/"):
        one, found, factor = word.strip().partition(mark)
        if found and one.strip() == "1":
            word = factor
    value = cells.number(word, comma)
    return word if value is None and word.strip() else (value if value is not None else "")


def _put(sheet: Sheet, given: Given, well: str, field: str, row: int, column: int) -> None:
    cell = sheet.cell(row, column)
    value: Any = cell if field == "dilution" and isinstance(cell, float) else cells.text(cell)
    there = given.setdefault(well, {})
    if field in there:
        error = sheet.refuse(row, column, f"one {field} a well (well {well} has one already)")
        raise InputError(
            f"Well {well}: {error.what}", where=f"{error.where}, well {well}", why=error.why, fix=error.fix
        )
    there[field] = (value, row, column)


def _list(sheet: Sheet, given: Given) -> bool:
    """Read the list form; False where the sheet has no heading row with 'well'."""
    head = next((i for i in range(len(sheet.rows)) if not sheet.blank(i)), 0)
    heading = {j: FIELDS.get(sheet.text(head, j).lower().replace(" ", "_")) for j in range(sheet.width(head))}
    at = next((j for j, f in heading.items() if f == "well"), None)
    if at is None:
        return False
    for j in range(sheet.width(head)):
        if heading[j] is None and sheet.text(head, j):
            raise sheet.refuse(head, j, f"one of the headings {', '.join(sorted(set(FIELDS.values())))}")
    for i in range(head + 1, len(sheet.rows)):
        if sheet.blank(i):
            continue
        well = cells.well(sheet.text(i, at))
        if well is None:
            raise sheet.refuse(i, at, "the name of a well, A1 to P24")
        if well in given:
            raise sheet.refuse(i, at, f"a well not named before (well {well} stands twice)")
        given[well] = {}
        for j, field in heading.items():
            if field and field != "well":
                _put(sheet, given, well, field, i, j)
        if not given[well]:
            given[well]["sample"] = ("", i, at)
    return True


def _column_numbers(sheet: Sheet, row: int) -> list[int]:
    """The columns of a grid's first row 1, 2, 3, ...; empty where the row is not one."""
    if sheet.text(row, 0) not in ("", "<>", "row", "Row"):
        return []
    found: list[int] = []
    for j in range(1, sheet.width(row)):
        if sheet.text(row, j).lstrip("0") != str(len(found) + 1):
            break
        found.append(j)
    return found if len(found) >= 2 else []


def _grids(sheet: Sheet, given: Given) -> bool:
    """Read every grid of the sheet; False where there is none."""
    field, found, i = "sample", False, 0
    while i < len(sheet.rows):
        columns = _column_numbers(sheet, i)
        if not columns:
            word = next((sheet.text(i, j) for j in range(sheet.width(i)) if sheet.text(i, j)), "")
            if word:
                named = FIELDS.get(word.lower().strip(":").replace(" ", "_"))
                if named is None or named == "well":
                    raise sheet.refuse(
                        i, 0, "the title of a grid (sample, group, role, lot, dilution, comment) or its columns 1, 2, 3"
                    )
                field = named
            i += 1
            continue
        found, i = True, i + 1
        while i < len(sheet.rows) and len(letter := sheet.text(i, 0).upper()) == 1 and "A" <= letter <= "P":
            for number, j in enumerate(columns, 1):
                if sheet.text(i, j):
                    _put(sheet, given, f"{letter}{number:02d}", field, i, j)
            i += 1
    return found
