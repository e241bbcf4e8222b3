"""FHIR bulk export: NDJSON with one resource (or one Bundle) a line, a file or a folder of files; any order of people.

Every line passes the strict front door. A line that is not readable is refused by its number and the others go on. Memory
holds one block of lines a process; what other resources point to (Medication, Specimen) is kept as an index.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from fetuin.cohorts.sources.contract import NUMBER, TEXT, Source, quoted
from fetuin.errors import FetuinError, InputError, LimitError
from fetuin.records.fhir.context import Context, placed
from fetuin.records.fhir.person import READERS, SEX, stated_age, subject_of
from fetuin.records.formats.fhir import read_value
from fetuin.records.formats.front_door import load
from fetuin.records.formats.tidy_csv import rows
from fetuin.records.gather import gather
from fetuin.records.record import Record

BLOCK = 2000  # lines
WORKERS = 2
LINE = 4 * 2**20  # bytes
INDEXED, MOST_INDEXED = ("Medication", "Specimen"), 500_000
ENDINGS = (".ndjson", ".jsonl")
Row = dict[str, Any]


def _files(path: Path) -> list[Path]:
    return sorted(p for p in path.iterdir() if p.suffix.lower() in ENDINGS) if path.is_dir() else [path]


def recognises(path: Path) -> bool:
    """A `.ndjson` file, or a folder of them."""
    return bool(path.exists() and (files := _files(path)) and all(f.suffix.lower() in ENDINGS for f in files))


def _refused(person: str, why: str, place: str) -> Row:
    return {"id": person, "kind": "refusal", "name": place, "value": why}


def _patient(r: dict[str, Any]) -> Iterator[Row]:
    who = str(r.get("id") or "")
    if sex := SEX.get(str(r.get("gender") or "").lower()):
        yield {"id": who, "kind": "person", "name": "sex", "value": sex}
    if born := r.get("birthDate"):
        yield {"id": who, "kind": "person", "name": "born", "time": str(born)[:10]}


def _resource(r: dict[str, Any], name: str, index: dict[str, Any]) -> Iterator[Row]:
    kind = str(r.get("resourceType"))
    if kind == "Patient":
        yield from _patient(r)
    if kind not in READERS:
        return
    who, context = subject_of(r), Context(name, index)
    if not who:
        yield _refused("", "a resource names no subject", kind)
        return
    parts = gather([*READERS[kind](r, kind, context), *context.refusals])
    yield from _of_record(Record(id=who, **parts))
    age, _ = stated_age([placed(r, kind)]) if kind == "Observation" else (None, False)
    if age is not None:
        yield {"id": who, "kind": "person", "name": "age", "value": age, "unit": "a"}


def _of_record(record: Record) -> Iterator[Row]:
    yield from rows(record)
    for x in record.refusals:
        yield _refused(record.id, x.why, x.what.split(" ")[0])


def rows_of_lines(lines: list[bytes], name: str, first: int, index: dict[str, Any]) -> list[Row]:
    """The rows of a block of lines; `first` is the number of the first line."""
    out: list[Row] = []
    for n, line in enumerate(lines, first):
        if not line.strip():
            continue
        try:
            value = load(line, f"{name}, line {n}", LINE)
            if isinstance(value, dict) and value.get("resourceType") == "Bundle":
                for record in read_value(value, name):
                    out += _of_record(record)
            elif isinstance(value, dict) and "resourceType" in value:
                out += _resource(value, name, index)
            else:
                out.append(_refused("", "the line is not a FHIR resource", f"{name}, line {n}"))
        except FetuinError as error:
            out.append(_refused("", error.what, f"{name}, line {n}"))
    return out


@cache
def _index(files: tuple[Path, ...]) -> dict[str, Any]:
    """{name: resource} of what other resources point to."""
    found: dict[str, Any] = {}
    for file in files:
        with file.open("rb") as stream:
            for line in stream:
                if any(f'"{k}"'.encode() in line for k in INDEXED):
                    try:
                        r = load(line, file.name, LINE)
                    except FetuinError:
                        continue  # refused by name when its turn comes
                    if isinstance(r, dict) and r.get("resourceType") in INDEXED:
                        found |= dict.fromkeys(placed(r, "").names, r)
                if len(found) > MOST_INDEXED:
                    raise LimitError(f"More than {MOST_INDEXED} Medication and Specimen resources.", where=file.name,
                                     fix="split the export by person")  # fmt: skip
    return found


def _blocks(files: tuple[Path, ...]) -> Iterator[tuple[list[bytes], str, int]]:
    for file in files:
        at = 1
        with file.open("rb") as stream:
            while lines := list(islice(iter(lambda: stream.readline(LINE + 2), b""), BLOCK)):
                yield lines, file.name, at
                at += len(lines)


def _work(block: tuple[list[bytes], str, int], files: tuple[Path, ...], target: Path) -> int:
    import pandas as pd

    from fetuin.cohorts.staging import connect

    found = rows_of_lines(*block, _index(files))
    columns = (*TEXT, *NUMBER)
    frame = pd.DataFrame([[str(r[c]) if r.get(c) is not None else None for c in columns] for r in found],
                         columns=list(columns), dtype="string")  # fmt: skip
    con = connect(1, "300MB")
    con.register("frame", frame)
    con.execute(f"COPY (SELECT * FROM frame) TO {quoted(target)} (FORMAT parquet)")
    con.close()
    return len(found)


def relation(con: Any, path: Path, scratch: Path) -> str:
    """Read the lines on two processes into Parquet files in `scratch`, and select from those."""
    files, folder = tuple(_files(path)), scratch / "rows"
    folder.mkdir()
    done = 0
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        waiting = []
        for k, block in enumerate(_blocks(files)):
            waiting.append(pool.submit(_work, block, files, folder / f"{k:06d}.parquet"))
            if len(waiting) > 2 * WORKERS:
                done += waiting.pop(0).result()
        done += sum(f.result() for f in waiting)
    if not done:
        raise InputError("The FHIR data speak of no person.", where=str(path), fix="give NDJSON, one resource a line")
    return f"read_parquet({quoted(folder / '*.parquet')})"


SOURCE = Source("fhir_ndjson", "FHIR NDJSON (bulk export)", recognises, relation)
