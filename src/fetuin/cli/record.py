"""`fetuin record`: show what was read of a record and what was refused, and convert a record to another format."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from cyclopts import App

from fetuin.cli.output import console, emit, ensure_dir, research_use, written
from fetuin.errors import UsageError

if TYPE_CHECKING:
    from fetuin.records import Record

command = App(name="record", help="Show what was read of a record and what was refused; convert it to another format.")
Target = Literal["tidy_csv", "fhir", "phenopacket"]


def _plain(x: Any) -> Any:
    """A frozen record as JSON: every field by its name, times in ISO 8601."""
    if isinstance(x, datetime):
        return x.isoformat()
    if isinstance(x, (tuple, list)):
        return [_plain(i) for i in x]
    if hasattr(x, "__dataclass_fields__"):
        return {f.name: _plain(getattr(x, f.name)) for f in fields(x)}
    return x


def _body(record: Record) -> dict[str, Any]:
    from fetuin.records import derive

    return _plain(record) | {"derived": [_plain(d) for d in derive(record)]}


def _number(x: float | None) -> str:
    return "" if x is None else f"{x:.4g}"


def _results(record: Record) -> Any:
    from rich.table import Table

    from fetuin.knowledge.analyte import analytes

    table = Table("result", "value", "as printed", "flag", "interval", "time", "place", box=None)
    for o in record.observations:
        value = f"{o.censor or ''}{_number(o.value)} {o.unit}" if o.value is not None else "in words"
        interval = f"{_number(o.low)}-{_number(o.high)}" if o.low is not None or o.high is not None else ""
        day = o.time.date().isoformat() if o.time else ""
        table.add_row(analytes()[o.analyte].name, value, o.printed, o.flag or "", interval, day, o.source.place)
    return table


def _facts(record: Record) -> Any:
    from rich.table import Table

    table = Table("kind", "what", "presence", "time", box=None)
    for c in record.conditions:
        table.add_row("condition", c.text, c.presence, str(c.onset or "")[:10])
    for m in record.medications:
        table.add_row(
            "medicine",
            f"{m.text}{f' = {m.inn}' if m.inn else ' (name not recognised)'}",
            m.presence,
            str(m.start or "")[:10],
        )
    for p in record.procedures:
        table.add_row("procedure", p.text, p.presence, str(p.time or "")[:10])
    for t in record.tissue:
        table.add_row(
            "tissue", ", ".join(filter(None, (t.site, t.text, t.modality, t.state))), t.presence, str(t.time or "")[:10]
        )
    for v in record.variants:
        table.add_row("gene", f"{v.gene} {v.text} {v.zygosity}".strip(), v.presence, "")
    for n in record.notes:
        table.add_row("note", n, "", "")
    return table


def _calculated(record: Record) -> Any:
    from rich.table import Table

    from fetuin.records import derive

    table = Table("derived", "value", "rule", "source", "note", box=None)
    for d in derive(record):
        table.add_row(
            d.label, f"{_number(d.value)} {d.unit}" if d.value is not None else "none", d.rule, d.source, d.note
        )
    return table


def _print(record: Record) -> None:
    out = console(stderr=False)
    age = (
        "age unknown"
        if record.age is None
        else f"{record.age:.4g} years{' (approximate)' if record.age_approximate else ''}"
    )
    out.print(f"{record.id or 'person'}: {record.sex or 'sex unknown'}, {age}; {record.source.format}", markup=False)
    for table in (_results(record), _facts(record), _calculated(record)):
        if table.row_count:
            out.print(table)
    for r in record.refusals:
        out.print(
            f"refused: {r.what}: {r.why}. Mend: {r.fix or 'see the documentation'}. ({r.source.place})", markup=False
        )
    out.print(f"{len(record.observations)} results read, {len(record.refusals)} values refused", markup=False)


@command.command
def show(file: Path, *, json: bool = False) -> int:
    """Show every fact that was read from FILE, in canonical units, and every value that was refused and why.

    Parameters
    ----------
    file
        A FHIR bundle or NDJSON, a phenopacket, a tidy CSV or published-case JSON Lines.
    json
        One JSON object on stdout.
    """
    from fetuin.records import read_records

    found = list(read_records(file))
    if json:
        emit("record/1", {"file": file.name, "records": [_body(r) for r in found]})
        return 0
    for record in found:
        _print(record)
    research_use()
    return 0


def _converted(file: Path, to: str) -> list[tuple[Record, str]]:
    from fetuin.records import read_records, record_formats

    write = record_formats()[to].write
    if write is None:
        raise UsageError(f"The format {to} is only read.", fix="choose tidy_csv, fhir or phenopacket")
    return [(r, write(r)) for r in read_records(file)]


@command.command
def convert(file: Path, *, to: Target, out: Path | None = None, json: bool = False) -> int:
    """Write the records of FILE in another format: to the folder OUT, one file a person, or to stdout.

    Parameters
    ----------
    file
        A record in any format that is read.
    to
        tidy_csv, fhir (R4 Bundle) or phenopacket (GA4GH v2).
    out
        The folder to write to; without it one person is printed on stdout.
    json
        One JSON object on stdout, with the text of each file or its path.
    """
    from fetuin.records import record_formats

    found = _converted(file, to)
    if out is None and len(found) > 1 and not json:
        raise UsageError("The file holds several people.", where=file.name, fix="name a folder with --out")
    paths = []
    if out is not None:
        folder, suffix = ensure_dir(out), record_formats()[to].suffix
        for i, (_, text) in enumerate(found, 1):
            path = folder / f"{file.stem}{f'-{i}' if len(found) > 1 else ''}.{to}{suffix}"
            path.write_text(text, "utf-8")
            paths.append(path)
            written(path)
    if json:
        texts = {} if out else {"texts": [t for _, t in found]}
        refused = [{"id": r.id, "refusals": _plain(r.refusals)} for r, _ in found]
        emit("record-convert/1", {"to": to, "files": [str(p) for p in paths], "records": refused, **texts})
    elif out is None:
        print(found[0][1], end="")
    for record, _ in found:
        if record.refusals:
            console().print(
                f"{record.id}: {len(record.refusals)} values were refused and are not in the output", markup=False
            )
    research_use()
    return 0
