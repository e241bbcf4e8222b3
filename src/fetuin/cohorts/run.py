"""One verb over a cohort: stage, chunks, one Parquet file, a summary. Killed at any moment it goes on where it stood."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import fetuin.cohorts.verbs
from fetuin.catalog import entries
from fetuin.cohorts.contract import Verb
from fetuin.cohorts.sources.contract import quoted
from fetuin.cohorts.staging import connect
from fetuin.errors import NotEnoughDataError, UsageError
from fetuin.runs import Ran, RunFolder, run_chunks
from fetuin.runs.atomic import replacing, write_whole

OUTPUT = "people.parquet"


def verb_named(name: str) -> Verb:
    """A verb by its name; UsageError lists what there is."""
    known: dict[str, Verb] = entries(fetuin.cohorts.verbs, "VERB")
    if name not in known:
        raise UsageError(f"'{name}' is no cohort verb.", fix=f"one of: {', '.join(sorted(known))}")
    return known[name]


def run(
    verb: str, source: Path, out: Path, parameters: dict[str, Any], *, arguments: Sequence[str] = (), workers: int = 1,
    dask: str = "",
) -> Iterator[Ran]:  # fmt: skip
    """Do a verb over a cohort into the run folder `out`; after each chunk how far it is.

    At the end `outputs/people.parquet` (a row a person, well or series), `outputs/summary.json`, and the crate.
    InputError where the input is not readable; a chunk that fails is named in `failed.json` and the others go on.
    """
    chosen = verb_named(verb)
    folder = RunFolder.create(
        out, f"cohort {verb}", arguments=arguments, parameters=parameters, inputs=[source], copy=False
    )
    known, chunks = _prepared(chosen, source, folder, parameters)
    work = RunFolder(folder.path, folder.run | {"parameters": known})
    last = Ran(0, len(chunks))
    for last in run_chunks(work, chosen.work, chunks, suffix=".parquet", workers=workers, dask=dask):
        yield last
    if not last.files:
        raise NotEnoughDataError(
            "No chunk could be done.", where=str(out), why=str(last.failed[:1]), fix=f"fetuin resume {out}"
        )
    _join(last, folder, chosen)
    folder.finish()


def _prepared(
    verb: Verb, source: Path, folder: RunFolder, parameters: dict[str, Any]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Chunks as prepared before the kill, or prepared now."""
    kept = folder.path / "chunks.json"
    if not kept.exists():
        known, chunks = verb.prepare(source, folder, dict(parameters))
        write_whole(kept, json.dumps({"parameters": known, "chunks": chunks}).encode())
    found = json.loads(kept.read_text("utf-8"))
    return found["parameters"], found["chunks"]


def _join(ran: Ran, folder: RunFolder, verb: Verb) -> None:
    """All chunks as one file in their order, and the summary; one thread, so that every byte is the same each time."""
    con = connect(1)
    listed = "[" + ", ".join(quoted(f) for f in ran.files) + "]"
    with replacing(folder.outputs / OUTPUT) as part:
        con.execute("SET preserve_insertion_order = true")
        con.execute(f"COPY (SELECT * FROM read_parquet({listed})) TO {quoted(part)} (FORMAT parquet, COMPRESSION zstd)")
    body = summary(folder.outputs / OUTPUT, verb) | {
        "failed_chunks": list(ran.failed),
        "refused": refusals(con, listed),
    }
    con.close()
    write_whole(folder.outputs / "summary.json", json.dumps(body, indent=1).encode())


def refusals(con: Any, listed: str) -> dict[str, int]:
    """{reason: how many facts were not read}, from the notes of the chunks."""
    found: dict[str, int] = {}
    for (value,) in con.execute(
        f"SELECT value::BLOB FROM parquet_kv_metadata({listed}) WHERE key::VARCHAR = 'refused' ORDER BY file_name"
    ).fetchall():
        for why, n in json.loads(value).items():
            found[why] = found.get(why, 0) + n
    return dict(sorted(found.items(), key=lambda x: -x[1]))


def summary(path: Path, verb: Verb) -> dict[str, Any]:
    """Rows, counts of every column of words with few values, and quantiles of every number."""
    con, table = connect(1), f"read_parquet({quoted(path)})"
    columns = [(n, t) for n, t, *_ in con.execute(f"DESCRIBE SELECT * FROM {table}").fetchall() if n != "id"]
    rows = con.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    counts, numbers = {}, {}
    for name, kind in columns:
        if kind == "VARCHAR" or kind.startswith("ENUM"):
            found = con.execute(
                f'SELECT "{name}"::VARCHAR v, count(*) n FROM {table} GROUP BY v ORDER BY n DESC, v LIMIT 30'
            ).fetchall()
            counts[name] = {v or "": n for v, n in found}
        elif kind in ("DOUBLE", "FLOAT"):
            q = con.execute(f'SELECT quantile_cont("{name}", [0.05, 0.25, 0.5, 0.75, 0.95]) FROM {table}').fetchone()[0]
            numbers[name] = [None if x is None else float(f"{x:.6g}") for x in q] if q else None
    con.close()
    return {"verb": verb.name, "unit": verb.unit, "rows": rows, "counts": counts, "quantiles": numbers}
