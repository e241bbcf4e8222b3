"""A cohort of any size becomes parts of some ten thousand people: a stream through DuckDB, memory bounded.

Each part holds every fact of its people. A fact is a phrase (kind, name, unit, code ...: the few thousand different ways in
which things are said, kept once) and its numbers, so that words are understood once and not once a row.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fetuin.cohorts.sources
from fetuin.catalog import entries
from fetuin.cohorts.sources.contract import NUMBER, TEXT, Source, quoted
from fetuin.errors import FormatError, InputError, MissingExtraError, NotEnoughDataError

PHRASE = (
    "kind",
    "name",
    "counted",
    "said",
    "sign",
    "unit",
    "flag",
    "code_system",
    "code",
    "presence",
    "site",
    "state",
    "modality",
)
FACTS = 150_000  # of a part, about
MEMORY = "900MB"
_NUMBER = r"^\s*(<=|>=|<|>|≤|≥)?\s*([+-]?[0-9]{1,15}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?)\s*(.{0,40}?)\s*$"


@dataclass(frozen=True)
class Staged:
    """Where the parts stand: `facts/part=K/*.parquet`, `phrases.parquet`; how many people and facts there are."""

    folder: Path
    parts: int
    facts: int
    source: str


def connect(threads: int = 2, memory: str = MEMORY) -> Any:
    """A DuckDB connection with bounded memory, in UTC."""
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtraError("duckdb", "cohort") from error
    con = duckdb.connect()
    con.execute(f"SET memory_limit = '{memory}'; SET threads = {threads}; SET preserve_insertion_order = false")
    con.execute("SET TimeZone = 'UTC'")
    return con


def source_of(path: Path) -> Source:
    """The one source that recognises the input; FormatError where none or several do."""
    if not path.exists():
        raise InputError("There is no such input.", where=str(path), fix="check the path")
    known = entries(fetuin.cohorts.sources, "SOURCE")
    fits = [s for s in known.values() if s.recognises(path)]
    if len(fits) != 1:
        titles = "; ".join(s.title for s in known.values())
        raise FormatError(f"{'No' if not fits else 'More than one'} cohort source recognises the input.",
                          where=str(path), why=", ".join(s.name for s in fits), fix=f"give one of: {titles}")  # fmt: skip
    return fits[0]


def _columns(con: Any, relation: str, where: Path) -> dict[str, str]:
    """{our column: SQL of it}; a table without `id` and `name` is refused."""
    import duckdb

    try:
        found = con.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    except duckdb.Error as error:
        raise InputError("The table cannot be read.", where=str(where), why=str(error).splitlines()[0][:200],
                         fix="mend the file, or write it again") from error  # fmt: skip
    types = {str(n).strip().lower().replace(" ", "_"): (n, str(t)) for n, t, *_ in found}
    if missing := {"id", "name"} - set(types):
        raise InputError("The table lacks a column.", where=str(where), why=f"missing: {', '.join(sorted(missing))}",
                         fix=f"name the columns {', '.join((*TEXT, *NUMBER))}")  # fmt: skip
    return {c: f'"{types[c][0]}"' if c in types else "NULL" for c in (*TEXT, *NUMBER)} | {
        "_time": types["time"][1] if "time" in types else ""
    }


def _facts(columns: dict[str, str], relation: str) -> str:
    """SQL of the facts: id, the words of the phrase, numbers, and the time in seconds."""
    text = {c: f"coalesce(trim({columns[c]}::VARCHAR), '')" for c in TEXT}
    value = f"coalesce({columns['value']}::VARCHAR, '')"
    instant = (
        f"coalesce(try_cast({text['time']} AS TIMESTAMPTZ), try_strptime({text['time']}, ['%Y-%m', '%Y'])::TIMESTAMPTZ)"
    )
    piece = [f"regexp_extract({value}, '{_NUMBER}', {k})" for k in (1, 2, 3)]
    return f"""
        SELECT {text["id"]} AS id, lower({text["kind"]}) AS kind, {text["name"]} AS name,
               CASE WHEN {piece[1]} = '' THEN '' ELSE 'yes' END AS counted,
               CASE WHEN {piece[1]} = '' THEN trim({value}) ELSE '' END AS said, {piece[0]} AS sign,
               CASE WHEN {text["unit"]} = '' THEN {piece[2]} ELSE {text["unit"]} END AS unit,
               {text["flag"]} AS flag, {text["code_system"]} AS code_system, {text["code"]} AS code,
               {text["presence"]} AS presence, {text["site"]} AS site, {text["state"]} AS state,
               {text["modality"]} AS modality, try_cast({piece[1]} AS DOUBLE) AS value,
               try_cast({columns["low"]} AS DOUBLE) AS low, try_cast({columns["high"]} AS DOUBLE) AS high,
               epoch({instant}) AS seconds
        FROM {relation}"""


def stage(path: Path, folder: Path, facts_a_part: int = FACTS, threads: int = 2) -> Staged:
    """Write the parts of an input to `folder` (emptied first); InputError where it cannot be read, or holds nobody."""
    import duckdb

    source, con = source_of(path), connect(threads)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    con.execute(f"SET temp_directory = {quoted(folder / 'spill')}")
    relation = source.relation(con, path, folder)
    columns = _columns(con, relation, path)
    columns.pop("_time")
    try:
        total = con.execute(f"SELECT count(*) FROM {relation}").fetchone()[0]
        if not total:
            raise NotEnoughDataError("The cohort is empty.", where=str(path), fix="give a table with at least one fact")
        parts = max(1, -(-total // facts_a_part))
        key = f"hash({', '.join(PHRASE)})"
        con.execute(f"CREATE TEMP VIEW facts AS {_facts(columns, relation)}")
        con.execute(f"""COPY (SELECT id, {key} AS phrase, value, low, high, seconds, (hash(id) % {parts})::INT AS part
                        FROM facts) TO {quoted(folder / "facts")} (FORMAT parquet, PARTITION_BY (part))""")
        con.execute(f"""COPY (SELECT DISTINCT {key} AS phrase, {", ".join(PHRASE)} FROM facts)
                        TO {quoted(folder / "phrases.parquet")} (FORMAT parquet)""")
    except duckdb.Error as error:
        raise InputError("The table cannot be read to its end.", where=str(path), why=str(error).splitlines()[0][:200],
                         fix="mend the file, or write it again") from error  # fmt: skip
    finally:
        con.close()
    return Staged(folder, parts, int(total), source.name)
