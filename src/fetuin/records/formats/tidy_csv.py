"""Tidy CSV: one fact a line. The columns stand in `docs/reference/record-formats.md`; only `kind` and `name` are needed.

A table of laboratory results alone needs no `kind`: a line without one is an observation. Lines of one person share an
`id`; people follow in the order in which they first appear.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from fetuin.errors import InputError, LimitError
from fetuin.knowledge.analyte import by_loinc, by_name, plain
from fetuin.records.fhir.elements import text, time
from fetuin.records.formats.contract import Format
from fetuin.records.gather import gather
from fetuin.records.hpo import chemistry
from fetuin.records.medicines import inns
from fetuin.records.observe import Printed, flag_of, number, observe, split
from fetuin.records.record import (
    Condition,
    Medication,
    Observation,
    Presence,
    Procedure,
    Record,
    Refusal,
    Source,
    TissueFinding,
    Variant,
)

FORMAT_NAME = "tidy_csv"
MAX_ROWS, MAX_CELL = 1_000_000, 20_000
COLUMNS = (
    "id",
    "kind",
    "name",
    "value",
    "unit",
    "time",
    "flag",
    "low",
    "high",
    "code_system",
    "code",
    "presence",
    "site",
    "state",
    "modality",
    "end",
    "dose",
)
KINDS = ("person", "observation", "condition", "medication", "procedure", "tissue", "variant", "note")
_FIX = f"the columns are {', '.join(COLUMNS)}; the kinds are {', '.join(KINDS)}"
_STATES = ("viable", "damaged", "mixed")


def _row_observation(r: dict[str, str], at: datetime | None, source: Source) -> Iterator[Any]:
    analyte = by_loinc().get(r["code"]) or by_name().get(plain(r["name"]))
    if analyte is None:
        yield Refusal(
            "name", "no analyte has this name or code", "see docs/reference/analytes.md, or give the LOINC code", source
        )
        return
    found = split(r["value"])
    flag = flag_of(r["flag"]) or (None if found else flag_of(r["value"]))
    sign, value, unit = found if found else (None, None, "")
    if r["value"] and value is None and flag is None:
        yield Refusal(
            analyte.name, "its value is neither a number nor high, low or normal", "give a number and a unit", source
        )
        return
    yield from observe(
        analyte,
        Printed(
            value, r["unit"] or unit or None, sign, flag, number(r["low"]), number(r["high"]), time=at, source=source
        ),
    )


def _row_other(r: dict[str, str], at: datetime | None, source: Source) -> Iterator[Any]:
    said = r["name"] or r["value"]
    code = (r["code_system"], r["code"]) if r["code"] else None
    presence: Presence = "absent" if r["presence"].lower() in ("absent", "no", "false", "0") else "present"
    kind = r["kind"].lower()
    if kind == "condition":
        yield Condition(said, code, presence, at, source)
        yield from chemistry(r["code"], source) if presence == "present" else ()
    elif kind == "medication":
        for inn in inns(said) or ("",):
            yield Medication(said, inn, code, presence, at, time(r["end"]), r["dose"], source)
    elif kind == "procedure":
        yield Procedure(said, code, presence, at, source)
    elif kind == "tissue":
        state: Any = r["state"].lower() if r["state"].lower() in _STATES else "not_reported"
        yield TissueFinding(said, r["site"], state, r["modality"], presence, code, at, source)
    elif kind == "variant":
        yield Variant(said, r["value"] if r["name"] else "", r["state"], presence, source)
    elif kind == "note" and said:
        yield said


def words_of_row(row: Mapping[str, str]) -> tuple[Any, ...]:
    """What one row of words (no observation, no person) says: parts of a Record; columns that are missing are empty."""
    r = dict.fromkeys(COLUMNS, "") | {k: v for k, v in row.items() if k in COLUMNS}
    return tuple(_row_other(r | {"name": r["name"], "value": row.get("said", "")}, None, Source()))


def _person(rows: list[dict[str, str]], name: str) -> dict[str, Any]:
    """id, sex and age of one person from the lines of kind `person`: name `sex` or `age`, value F, M or years."""
    said = {plain(r["name"]): r["value"] for r in rows if r["kind"].lower() == "person"}
    age = split(said.get("age", ""))
    years = float(age[1]) / {"": 1, "a": 1, "y": 1, "mo": 12, "d": 365.2425}.get(age[2], 1) if age else None
    sex = said.get("sex", "").strip().upper()[:1]
    known = years if years is not None and 0 <= years <= 130 else None
    return {
        "id": rows[0]["id"],
        "sex": sex if sex in ("F", "M") else None,
        "age": known,
        "age_approximate": "approximate" in said.get("age", ""),
    }


def _record(rows: list[dict[str, str]], name: str) -> Record:
    found: list[Any] = []
    for r in rows:
        source = Source(name, FORMAT_NAME, r["_line"])
        at = time(r["time"])
        if r["time"] and at is None:
            found.append(
                Refusal(
                    "time",
                    "it is not a date",
                    "write 2026-11-24 or 2026-11-24T08:00:00Z; the fact is kept without it",
                    source,
                )
            )
        kind = r["kind"].lower()
        if kind in ("", "observation"):
            found += _row_observation(r, at, source)
        elif kind != "person":
            found += _row_other(r, at, source)

    return Record(
        **_person(rows, name),
        **gather(found),
        source=Source(name, FORMAT_NAME),
    )


def _rows(data: bytes, name: str) -> Iterator[dict[str, str]]:
    try:
        table = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), restkey="_more", restval="")
    except UnicodeDecodeError as e:
        raise InputError("The table is not UTF-8.", where=f"{name}, byte {e.start}", fix="save it as UTF-8") from None
    header = [plain(h).replace(" ", "_") for h in table.fieldnames or ()]
    if "name" not in header or len(set(header)) != len(header):
        raise InputError("The table has no column `name`, or a column twice.", where=f"{name}, line 1", fix=_FIX)
    table.fieldnames = header
    for n, row in enumerate(table, 2):
        where = f"{name}, line {n}"
        if n > MAX_ROWS:
            raise LimitError(f"The table has more than {MAX_ROWS} lines.", where=where, fix="split it")
        if row.get("_more"):
            raise InputError(
                "The line has more cells than the header.", where=where, fix="quote cells that hold a comma"
            )
        if (row.get("kind") or "").strip().lower() not in ("", *KINDS):
            raise InputError("The kind of the line is not known.", where=where, fix=_FIX)
        yield {c: text(row.get(c))[:MAX_CELL] for c in COLUMNS} | {"_line": f"line {n}"}


def read(data: bytes, name: str) -> Iterator[Record]:
    """One Record for each `id` of the table."""
    people: dict[str, list[dict[str, str]]] = {}
    try:
        for row in _rows(data, name):
            people.setdefault(row["id"], []).append(row)
    except csv.Error as e:
        raise InputError(
            "The table is not valid CSV.", where=name, why=str(e)[:80], fix="save it again as CSV"
        ) from None
    for rows in people.values():
        yield _record(rows, name)


def recognises(name: str, head: bytes) -> bool:
    """A text table whose first line names the column `name` and at least one other of ours."""
    first = head.split(b"\n", 1)[0].decode("utf-8", "replace").lower()
    columns = {c.strip().strip('"') for c in first.split(",")}
    return not first.lstrip().startswith(("{", "[")) and "name" in columns and len(columns & set(COLUMNS)) >= 2


def _observation_line(o: Observation) -> dict[str, Any]:
    """As it was printed where that can be read back, else the value inside."""
    found = split(o.printed) if o.printed and o.value is not None else None
    number, unit = (found[1], found[2]) if found else (o.value, o.unit)
    value = "" if o.value is None else f"{o.censor or ''}{number}"
    return {"kind": "observation", "name": o.analyte, "value": value, "unit": unit if value else "", "time": o.time,
            "flag": o.flag, "_obs": o}  # fmt: skip


def _lines(r: Record) -> Iterator[dict[str, Any]]:
    """One line a fact, in the order of the kinds."""
    if r.sex:
        yield {"kind": "person", "name": "sex", "value": r.sex}
    if r.age is not None:
        yield {"kind": "person", "name": "age", "value": f"{r.age!r}{' approximate' if r.age_approximate else ''}"}
    yield from map(_observation_line, r.observations)
    for c in r.conditions:
        yield {"kind": "condition", "name": c.text, "_code": c.code, "presence": c.presence, "time": c.onset}
    for text_, group in _by_text(r.medications).items():
        m = group[0]
        yield {"kind": "medication", "name": text_[0], "_code": m.code, "presence": m.presence, "time": m.start,
               "end": m.end, "dose": m.dose}  # fmt: skip
    for p in r.procedures:
        yield {"kind": "procedure", "name": p.text, "_code": p.code, "presence": p.presence, "time": p.time}
    for t in r.tissue:
        yield {"kind": "tissue", "name": t.text, "site": t.site, "state": t.state, "modality": t.modality, "_code": t.code,
               "presence": t.presence, "time": t.time}  # fmt: skip
    for v in r.variants:
        yield {"kind": "variant", "name": v.gene, "value": v.text, "state": v.zygosity, "presence": v.presence}
    for n in r.notes:
        yield {"kind": "note", "name": n}


def _by_text(medications: tuple[Medication, ...]) -> dict[tuple[Any, ...], list[Medication]]:
    """Medicines of one line of text together: the text is what is written, its ingredients are found again."""
    groups: dict[tuple[Any, ...], list[Medication]] = {}
    for m in medications:
        groups.setdefault((m.text, m.code, m.presence, m.start, m.end, m.dose), []).append(replace(m))
    return groups


def _cell(x: Any) -> str:
    return x.isoformat() if isinstance(x, datetime) else "" if x is None else str(x)


def rows(record: Record) -> Iterator[dict[str, Any]]:
    """The facts of a record as rows of `COLUMNS` (those that are empty are left out); an interval in the unit of its value."""
    from fetuin.knowledge.analyte import analytes
    from fetuin.units import from_canonical

    for line in _lines(record):
        o, code = line.pop("_obs", None), line.pop("_code", None)
        if o and line["unit"]:
            bounds = {"low": o.low, "high": o.high}
            line |= {
                k: from_canonical(b, line["unit"], analytes()[o.analyte]) for k, b in bounds.items() if b is not None
            }
        line |= {"code_system": code[0], "code": code[1]} if code else {}
        yield {"id": record.id} | line


def write(record: Record) -> str:
    """The record as a table."""
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    for line in rows(record):
        table.writerow({k: _cell(v) for k, v in line.items()})
    return out.getvalue()


FORMAT = Format(FORMAT_NAME, "Tidy CSV, one fact a line", recognises, read, write, suffix=".csv")
