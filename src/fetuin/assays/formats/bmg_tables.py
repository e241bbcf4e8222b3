"""The two table views of BMG's programs: a row a cycle with the wells across, and a row a well with the times across."""

from __future__ import annotations

from typing import Any

from fetuin.assays.formats import cells
from fetuin.assays.formats.document import Sheet
from fetuin.assays.formats.tables import Block, check_times, check_wells, contents, plate, well_header
from fetuin.assays.plate import Plate

Common = dict[str, Any]
A_TITLE = "the title of a read with several times"
A_TIME = "a time such as 0.75, 0 h 45 min or 38 s"


def label(words: str) -> str:
    """A title without its number: '2. Raw Data (635)' -> 'Raw Data (635)'."""
    head, dot, rest = words.strip().partition(".")
    return rest.strip() if dot and head.isdigit() else words.strip()


def origin(title: str) -> dict[str, str]:
    """{'calculated': title} for what the program computed; nothing for raw data."""
    return {} if title.lower().startswith("raw data") else {"calculated": title}


def _wells(sheet: Sheet, row: int) -> list[tuple[str, int]]:
    """The wells across: 'Well' | A01 | A02, or the two rows 'Well Row' | A | A and 'Well Col' | 1 | 2."""
    first = sheet.text(row, 0).lower()
    if first == "well":
        return well_header(sheet, row, 1)
    if first == "well row" and sheet.text(row + 1, 0).lower() == "well col":
        both = ((cells.well(sheet.text(row, j) + sheet.text(row + 1, j)), j) for j in range(1, sheet.width(row)))
        return [(w, j) for w, j in both if w]
    return []


def all_cycles(sheet: Sheet, common: Common) -> list[Plate]:
    """The view 'Table All Cycles'; empty where the sheet is not one."""
    at = next((i for i in range(min(len(sheet.rows), 200)) if len(_wells(sheet, i)) >= 1), None)
    if at is None or sheet.text(at, 1).lower() == "content":
        return []
    wells = _wells(sheet, at)
    spot = next(
        ((i, j) for i in range(at, min(at + 4, len(sheet.rows))) for j in range(3) if sheet.text(i, j).lower().startswith("time")),
        None,
    )  # fmt: skip
    if spot is None:
        raise sheet.refuse(min(at + 1, len(sheet.rows) - 1), 1, "'Time [s]', 'Time [min]' or 'Time [h]'")
    check_wells(sheet, [(w, at, j) for w, j in wells])
    _no_stray_heading(sheet, at, wells)
    reads = _reads(sheet, spot, cells.unit_of(sheet.text(*spot)))
    names = contents((w for w, _ in wells), (sheet.cell(spot[0], j) for _, j in wells)) if spot[0] > at else {}
    out = []
    for title, times in reads.items():
        check_times(sheet, [(t, i, spot[1]) for t, i in times])
        block = Block(sheet, wells, times, across=True, title=title)
        out.append(plate(block, **common, **names, **origin(title)))
    return out


def _no_stray_heading(sheet: Sheet, row: int, wells: list[tuple[str, int]]) -> None:
    """A heading between wells that names no well would lose its column: refuse it."""
    known = {j for _, j in wells}
    for j in range(2, sheet.width(row)):
        if j not in known and sheet.text(row, j) and sheet.text(row, 0).lower() == "well":
            raise sheet.refuse(row, j, "the name of a well, A1 to P24")


def _reads(sheet: Sheet, spot: tuple[int, int], unit: str | None) -> dict[str, list[tuple[float, int]]]:
    """{title of the read: [(minutes, row)]}. Rows without a time hold one value a well (a maximum, a slope): left."""
    found: dict[str, list[tuple[float, int]]] = {}
    for i in range(spot[0] + 1, len(sheet.rows)):
        title = label(sheet.text(i, 0)) if spot[1] > 0 else "Raw Data"
        if not sheet.text(i, spot[1]):
            if title in found and not sheet.blank(i):
                raise sheet.refuse(i, spot[1], A_TIME)
            continue
        when = cells.minutes(sheet.cell(i, spot[1]), unit, sheet.comma)
        if when is None:
            raise sheet.refuse(
                i, spot[1], A_TIME if unit else A_TIME.replace("0.75, ", "") + " (the heading names no unit)"
            )
        found.setdefault(title, []).append((when, i))
    if not found:
        raise sheet.refuse(spot[0] + 1, spot[1], A_TIME)
    for times in found.values():
        if len(times) == 1 and len(found) > 1:
            raise sheet.refuse(times[0][1], 0, A_TITLE)
    return found


def titles(sheet: Sheet, most: int = 200) -> tuple[int, int] | None:
    """(heading row, first value column) of the view with a row a well; None where there is none."""
    for i in range(min(len(sheet.rows), most)):
        first, second, third = (sheet.text(i, j).lower() for j in range(3))
        if first == "well row" and second == "well col":
            return i, 3 if third == "content" else 2
        if first == "well" and second == "content" and cells.well(sheet.cell(i, 2)) is None:
            return i, 2
    return None


def table(sheet: Sheet, common: Common) -> list[Plate]:
    """The view with a row a well; empty where the sheet is not one."""
    spot = titles(sheet)
    if spot is None:
        return []
    head, first = spot
    axis = next((i for i in range(head + 1, len(sheet.rows)) if not sheet.blank(i)), head)
    named = sheet.text(axis, first - 1).lower()
    if not named.startswith("time"):
        raise sheet.refuse(axis, first - 1, "'Time', 'Time [s]', 'Time [min]' or 'Time [h]' (a kinetic read)")
    reads = _columns(sheet, head, axis, first, cells.unit_of(named))
    wells = _rows(sheet, axis + 1, first)
    names = contents((w for w, _ in wells), (sheet.cell(i, first - 1) for _, i in wells))
    out = []
    for title, times in reads.items():
        check_times(sheet, [(t, axis, j) for t, j in times])
        block = Block(sheet, wells, times, across=False, title=title)
        out.append(plate(block, **common, **names, **origin(title)))
    return out


def _columns(sheet: Sheet, head: int, axis: int, first: int, unit: str | None) -> dict[str, list[tuple[float, int]]]:
    found: dict[str, list[tuple[float, int]]] = {}
    title = "Raw Data"
    for j in range(first, sheet.width(axis)):
        title = label(sheet.text(head, j)) or title
        if not sheet.text(axis, j):
            if title in found and any(sheet.text(i, j) for i in range(axis + 1, len(sheet.rows))):
                raise sheet.refuse(axis, j, A_TIME)
            continue
        when = cells.minutes(sheet.cell(axis, j), unit, sheet.comma)
        if when is None:
            raise sheet.refuse(axis, j, A_TIME)
        found.setdefault(title, []).append((when, j))
    if not found:
        raise sheet.refuse(axis, first, A_TIME)
    for times in found.values():
        if len(times) == 1 and len(found) > 1:
            raise sheet.refuse(head, times[0][1], A_TITLE)
    return found


def _rows(sheet: Sheet, start: int, first: int) -> list[tuple[str, int]]:
    split = sheet.text(titles(sheet)[0], 0).lower() == "well row"  # type: ignore[index]
    wells: list[tuple[str, int]] = []
    for i in range(start, len(sheet.rows)):
        if sheet.blank(i):
            continue
        name = cells.well(sheet.text(i, 0) + (sheet.text(i, 1) if split else ""))
        if name is None:
            if wells and not any(sheet.text(i, j) for j in range(first, sheet.width(i))):
                break  # a remark below the table
            raise sheet.refuse(i, 0, "the name of a well, A1 to P24")
        wells.append((name, i))
    check_wells(sheet, [(w, i, 0) for w, i in wells])
    if not wells:
        raise sheet.refuse(start, 0, "the name of a well, A1 to P24")
    return wells
