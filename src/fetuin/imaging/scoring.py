"""Filled scoring sheets to scores and agreement: a CSV with a line for each item of each reading.

Columns: `reader`, `subject`, `item`, those of the sheet, and if need be `visit` (scores over time) and `repeat` (the same
film read again). A line that is missing, double or out of range is refused by its number: an empty cell is no zero.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.catalog import entries
from fetuin.errors import InputError, LimitError
from fetuin.imaging import agreement

MOST = 1_000_000  # lines
Reading = tuple[str, str, str, str]  # subject, visit, reader, repeat


@dataclass(frozen=True)
class Column:
    """A value of an item: its name and range; `whole` numbers are grades."""

    name: str
    low: float
    high: float
    whole: bool = False


@dataclass(frozen=True)
class Sheet:
    """What a scoring sheet offers: items, columns, the score of a filled sheet, the key of its total, names of a change."""

    title: str
    source: str
    items: tuple[str, ...]
    columns: tuple[Column, ...]
    score: Callable[[Mapping[str, Mapping[str, float]]], dict[str, float]]
    total: str
    change: Callable[[float, float], str] | None = None
    note: str = ""


def sheets() -> dict[str, Sheet]:
    """Every sheet by the name of its file."""
    from fetuin.imaging import sheets as folder

    return entries(folder, "SHEET")


def sheet(name: str) -> Sheet:
    """One sheet; an unknown name lists the known ones."""
    known = sheets()
    if name not in known:
        raise InputError(
            f"no sheet called {name!r}", where="--sheet", why=f"known: {', '.join(known)}", fix="name one of these"
        )
    return known[name]


def blank(name: str) -> str:
    """An empty sheet for one reading, as CSV text."""
    s = sheet(name)
    head = ["reader", "subject", "visit", "repeat", "item", *(c.name for c in s.columns)]
    return "\n".join([",".join(head), *(f",,1,1,{i}{',' * len(s.columns)}" for i in s.items)]) + "\n"


def recognise(columns: set[str]) -> str:
    """The sheet whose columns a table has."""
    found = [n for n, s in sheets().items() if {c.name for c in s.columns} <= columns]
    if len(found) != 1:
        raise InputError("no sheet has these columns", where=", ".join(sorted(columns)), fix="name it with --sheet")
    return found[0]


def read(path: Path, name: str = "") -> tuple[str, dict[Reading, dict[str, dict[str, float]]]]:
    """(name of the sheet, {reading: {item: {column: value}}}) of a filled CSV."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as f:
            rows = []
            for row in csv.DictReader(f):
                rows.append(row)
                if len(rows) > MOST:
                    raise LimitError(
                        "too many lines", where=path.name, why=f"the limit is {MOST}", fix="split the file"
                    )
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            "not a readable CSV", where=path.name, why=type(error).__name__, fix="save as UTF-8 CSV"
        ) from None
    if not rows:
        raise InputError("an empty sheet", where=path.name, fix="fill in a blank of `fetuin radiograph --sheet`")
    key = name or recognise({(c or "").strip() for c in rows[0]})
    s = sheet(key)
    out: dict[Reading, dict[str, dict[str, float]]] = {}
    for i, row in enumerate(rows, 2):
        _take(
            s,
            {(k or "").strip(): (v or "").strip() for k, v in row.items() if isinstance(v, str)},
            f"{path.name} line {i}",
            out,
        )
    for reading, items in out.items():
        missing = [i for i in s.items if i not in items]
        if missing:
            raise InputError(
                "a reading is not complete", where=f"{path.name}: subject {reading[0]}, reader {reading[2]}",
                why=f"missing: {', '.join(missing[:4])}", fix="grade every item; none is taken as zero",
            )  # fmt: skip
    return key, out


def _take(s: Sheet, row: dict[str, str], where: str, out: dict[Reading, dict[str, dict[str, float]]]) -> None:
    item = row.get("item", "")
    if item not in s.items:
        raise InputError(
            f"no item called {item!r}",
            where=where,
            why=f"known: {', '.join(s.items[:6])}, ...",
            fix="use a blank sheet",
        )
    reading = (row.get("subject", ""), row.get("visit") or "1", row.get("reader", ""), row.get("repeat") or "1")
    if not reading[0] or not reading[2]:
        raise InputError("no subject or reader", where=where, fix="fill in both columns")
    items = out.setdefault(reading, {})
    if item in items:
        raise InputError(
            "an item twice in one reading", where=where, fix="number the second reading with the column repeat"
        )
    items[item] = {c.name: _value(c, row.get(c.name, ""), where) for c in s.columns}


def _value(c: Column, text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not c.low <= value <= c.high or (c.whole and value != int(value)):
        kind = "a whole number" if c.whole else "a number"
        raise InputError(
            f"{c.name} is {text!r}",
            where=where,
            why=f"{kind} from {c.low:g} to {c.high:g} is expected",
            fix="correct it",
        )
    return value


def result(path: Path, name: str = "") -> dict[str, Any]:
    """Scores of every reading, change between visits, and agreement between and within readers, as JSON values."""
    key, filled = read(path, name)
    s = sheet(key)
    scores = {r: s.score(items) for r, items in filled.items()}
    listed = [dict(zip(("subject", "visit", "reader", "repeat"), r)) | v for r, v in scores.items()]
    totals = {r: v[s.total] for r, v in scores.items()}
    return {
        "kind": "scoring sheet", "sheet": key, "title": s.title, "source_of_the_sheet": s.source, "note": s.note, "source": path.name,
        "total": s.total, "scores": listed, "changes": _changes(s, totals), "agreement": _agreement(s, filled, totals),
    }  # fmt: skip


def _changes(s: Sheet, totals: dict[Reading, float]) -> list[dict[str, Any]]:
    out = []
    for (subject, visit, reader, repeat), now in totals.items():
        earlier = sorted(v for (a, v, b, c) in totals if (a, b, c) == (subject, reader, repeat) and v < visit)
        if earlier:
            before = totals[subject, earlier[-1], reader, repeat]
            row: dict[str, Any] = {
                "subject": subject,
                "reader": reader,
                "from": earlier[-1],
                "to": visit,
                "difference": now - before,
            }
            row["share"] = now / before - 1 if before > 0 else None
            if s.change:
                row["called"] = s.change(before, now)
            out.append(row)
    return out


def _agreement(
    s: Sheet, filled: dict[Reading, dict[str, dict[str, float]]], totals: dict[Reading, float]
) -> list[dict[str, Any]]:
    """Each pair of readers on what both read once, and each reader against their own second reading."""
    pairs: list[tuple[str, str, list[tuple[Reading, Reading]]]] = []
    readers = sorted({r[2] for r in totals})
    for a, b in combinations(readers, 2):
        same = [(r, (*r[:2], b, r[3])) for r in totals if r[2] == a and r[3] == "1" and (*r[:2], b, r[3]) in totals]
        pairs.append(("between readers", f"{a} and {b}", same))
    for a in readers:
        same = [(r, (*r[:3], "2")) for r in totals if r[2] == a and r[3] == "1" and (*r[:3], "2") in totals]
        pairs.append(("within reader", a, same))
    return [_pair(s, kind, who, same, filled, totals) for kind, who, same in pairs if len(same) >= 2]


def _pair(
    s: Sheet, kind: str, who: str, same: list[tuple[Reading, Reading]], filled: dict[Reading, dict[str, dict[str, float]]],
    totals: dict[Reading, float],
) -> dict[str, Any]:  # fmt: skip
    table = np.array([[totals[a], totals[b]] for a, b in same])
    out: dict[str, Any] = {"kind": kind, "who": who, "subjects": len(same)}
    out["icc_agreement"] = asdict(agreement.icc(table))
    out["icc_consistency"] = asdict(agreement.icc(table, model="consistency"))
    out["difference"] = asdict(agreement.limits_of_agreement(table[:, 0].tolist(), table[:, 1].tolist()))
    for c in (c for c in s.columns if c.whole):
        one, two = ([int(filled[r[i]][item][c.name]) for r in same for item in s.items] for i in (0, 1))
        out[f"kappa_{c.name}"] = asdict(agreement.kappa(one, two))
        out[f"weighted_kappa_{c.name}"] = asdict(agreement.kappa(one, two, weights="quadratic"))
    return out
