"""The tidy tables of `fetuin control`: one well or one result a row, columns by name, every refusal with its cell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from fetuin.errors import LimitError, NotEnoughDataError

MOST_ROWS = 200_000


class Tidy(NamedTuple):
    """The rows that hold a T50, and what was left out of them: with row and reason. `extra`: columns not asked for."""

    rows: list[dict[str, Any]]
    left_out: list[dict[str, Any]]
    extra: list[str]


def read_tidy(path: Path, names: Sequence[str], numbers: Sequence[str], optional: Sequence[str] = ()) -> Tidy:
    """Read a CSV or XLSX with a heading row.

    `names` must be filled in every row (those in `optional` may lack as a column). `numbers` are minutes above 0; a row
    where one is empty or over range ("> 600") is left out and told. InputError names file, row, column and what was
    expected; NotEnoughDataError where no row holds a T50; LimitError beyond 200 000 rows.
    """
    sheet, place, extra = _open(path, names, numbers, optional)
    rows: list[dict[str, Any]] = []
    left: list[dict[str, Any]] = []
    for i in range(1, len(sheet.rows)):
        if sheet.blank(i):
            continue
        row: dict[str, Any] = {"row": i + 1}
        for name in names:
            row[name] = sheet.text(i, place[name]) if name in place else ""
            if not row[name] and name in place:
                raise sheet.refuse(i, place[name], f"the {name}")
        reasons = [r for name in numbers if (r := _minutes(sheet, i, place[name], name, row))]
        if reasons:
            left.append(row | {name: row.get(name) for name in numbers} | {"reason": "; ".join(reasons)})
        else:
            rows.append(row)
    if not rows:
        raise NotEnoughDataError(
            "No row holds a T50.", where=path.name, why=f"{len(left)} rows have none or are censored"
        )
    return Tidy(rows, left, extra)


def _open(
    path: Path, names: Sequence[str], numbers: Sequence[str], optional: Sequence[str]
) -> tuple[Any, dict[str, int], list[str]]:
    """(first sheet, {column name: its place}, other columns)."""
    from fetuin.assays.formats.document import open_document

    sheet = open_document(path).sheets[0]
    if len(sheet.rows) > MOST_ROWS:
        raise LimitError(f"The table has {len(sheet.rows)} rows.", where=path.name, why=f"at most {MOST_ROWS} are read")
    head = [sheet.text(0, j).lower() for j in range(sheet.width(0))]
    wanted = [*names, *numbers]
    for j, word in enumerate(head):
        if word and word in head[:j]:
            raise sheet.refuse(0, j, "a column name, each once")
    missing = [n for n in wanted if n not in head and n not in optional]
    if missing:
        raise sheet.refuse(
            0, 0, f"a heading row with the columns {', '.join(wanted)} (missing: {', '.join(missing)})",
            fix="one row a well or result; T50 in minutes",
        )  # fmt: skip
    return sheet, {n: head.index(n) for n in wanted if n in head}, [w for w in head if w and w not in wanted]


def _minutes(sheet: Any, i: int, j: int, name: str, row: dict[str, Any]) -> str:
    """Put the minutes of a cell into the row; the reason why there are none, or an empty text."""
    from fetuin.assays.formats import cells

    got = cells.reading(sheet.cell(i, j), sheet.comma)
    if got is None or got[0] <= 0:
        raise sheet.refuse(i, j, "a T50 in minutes above 0, '> 600', or an empty cell")
    if got[0] == got[0]:
        row[name] = got[0]
        return ""
    return f"{name} is over range ({sheet.text(i, j)})" if got[1] else f"{name} is empty"
