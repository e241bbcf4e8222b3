"""OMOP CDM 5.4: a DuckDB or SQLite database, or a folder of Parquet or CSV tables named as in the model.

Measurements, conditions, drugs and procedures; concepts give names and codes (LOINC, UCUM, ICD-10-CM, RxNorm). A measurement
without a unit is refused by name like everywhere; the unit's concept outranks its source text.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from fetuin.cohorts.sources.contract import Source, quoted
from fetuin.errors import InputError

TABLES = ("person", "measurement", "condition_occurrence", "drug_exposure", "procedure_occurrence", "concept")
DATABASES = (".duckdb", ".db", ".sqlite", ".sqlite3")
FEMALE, MALE = 8532, 8507  # OMOP standard concepts of gender
OPERATORS = {4171756: "<", 4171754: "<=", 4172704: ">", 4171755: ">="}  # OMOP standard concepts of operators
ROWS = 50_000  # of SQLite at a time


def recognises(path: Path) -> bool:
    """A database file by its ending, or a folder that holds the person and measurement tables."""
    if path.is_dir():
        return {"person", "measurement"} <= {p.name.split(".")[0].lower() for p in path.iterdir()}
    return path.suffix.lower() in DATABASES


def _from_folder(con: Any, path: Path) -> None:
    for table in TABLES:
        files = [p for p in sorted(path.iterdir()) if p.name.split(".")[0].lower() == table]
        if files:
            reader = "read_parquet" if files[0].suffix == ".parquet" else "read_csv"
            con.execute(f"CREATE TEMP VIEW omop_{table} AS SELECT * FROM {reader}({quoted(files[0])})")


def _from_sqlite(con: Any, path: Path, scratch: Path) -> None:
    import pandas as pd

    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        known = {str(r[0]).lower() for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in TABLES:
            if table not in known:
                continue
            for k, frame in enumerate(pd.read_sql_query(f"SELECT * FROM {table}", db, chunksize=ROWS)):
                con.register("frame", frame.astype("string"))
                con.execute(f"COPY (SELECT * FROM frame) TO {quoted(scratch / f'{table}-{k:05d}.parquet')}")
                con.unregister("frame")
            files = quoted(scratch / f"{table}-*.parquet")
            con.execute(f"CREATE TEMP VIEW omop_{table} AS SELECT * FROM read_parquet({files})")


def _attach(con: Any, path: Path, scratch: Path) -> None:
    if path.is_dir():
        _from_folder(con, path)
    elif path.read_bytes()[:15] == b"SQLite format 3":
        _from_sqlite(con, path, scratch)
    else:
        con.execute(f"ATTACH {quoted(path)} AS cdm (READ_ONLY)")
        known = {
            r[0].lower()
            for r in con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'cdm'").fetchall()
        }
        for table in (t for t in TABLES if t in known):
            con.execute(f"CREATE TEMP VIEW omop_{table} AS SELECT * FROM cdm.{table}")


def _coded(table: str, kind: str, what: str, start: str) -> str:
    """Conditions, drugs and procedures: the concept's name and code, else the source's."""
    return f"""SELECT person_id::VARCHAR AS id, '{kind}' AS kind,
        coalesce(nullif(c.concept_name, ''), t.{what}_source_value::VARCHAR) AS name, NULL AS value, NULL AS unit,
        t.{start}::VARCHAR AS time, NULL AS low, NULL AS high, c.vocabulary_id AS code_system, c.concept_code AS code
        FROM omop_{table} t LEFT JOIN omop_concept c ON c.concept_id = t.{what}_concept_id
        WHERE coalesce(nullif(c.concept_name, ''), t.{what}_source_value::VARCHAR) IS NOT NULL"""


def _measurements() -> str:
    cases = " ".join(f"WHEN {k} THEN '{v}'" for k, v in OPERATORS.items())
    return f"""SELECT m.person_id::VARCHAR AS id, 'observation' AS kind,
        coalesce(c.concept_name, m.measurement_source_value::VARCHAR, '') AS name,
        coalesce(CASE m.operator_concept_id::BIGINT {cases} ELSE '' END, '') || m.value_as_number::VARCHAR AS value,
        coalesce(u.concept_code, m.unit_source_value::VARCHAR) AS unit,
        m.measurement_date::VARCHAR AS time, m.range_low AS low, m.range_high AS high, c.vocabulary_id AS code_system,
        CASE WHEN c.vocabulary_id = 'LOINC' THEN c.concept_code ELSE m.measurement_source_value::VARCHAR END AS code
        FROM omop_measurement m LEFT JOIN omop_concept c ON c.concept_id = m.measurement_concept_id
        LEFT JOIN omop_concept u ON u.concept_id = m.unit_concept_id AND u.vocabulary_id = 'UCUM'"""


def _persons() -> str:
    empty = "NULL AS unit, NULL AS time, NULL AS low, NULL AS high, NULL AS code_system, NULL AS code"
    return f"""SELECT person_id::VARCHAR AS id, 'person' AS kind, 'sex' AS name,
        CASE gender_concept_id::BIGINT WHEN {FEMALE} THEN 'F' WHEN {MALE} THEN 'M' ELSE '' END AS value, {empty} FROM omop_person
        UNION ALL BY NAME
        SELECT person_id::VARCHAR AS id, 'person' AS kind, 'born' AS name, NULL AS value, NULL AS unit,
        coalesce(birth_datetime::DATE::VARCHAR, year_of_birth::VARCHAR) AS time, NULL AS low, NULL AS high,
        NULL AS code_system, NULL AS code FROM omop_person"""


def relation(con: Any, path: Path, scratch: Path) -> str:
    """SQL over the tables that are there; `person` and `concept` must be."""
    import duckdb

    try:
        _attach(con, path, scratch)
    except (duckdb.Error, sqlite3.Error) as error:
        raise InputError("The OMOP database cannot be read.", where=str(path), why=str(error).splitlines()[0][:200],
                         fix="give a DuckDB or SQLite file, or a folder of Parquet tables") from error  # fmt: skip
    known = {r[0] for r in con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()}
    if missing := {"omop_person", "omop_concept"} - known:
        raise InputError("OMOP tables are missing.", where=str(path), why=", ".join(sorted(m[5:] for m in missing)),
                         fix="give person, concept and the clinical tables of CDM 5.4")  # fmt: skip
    parts = [_persons()]
    if "omop_measurement" in known:
        parts.append(_measurements())
    for table, kind, what, start in (
        ("condition_occurrence", "condition", "condition", "condition_start_date"),
        ("drug_exposure", "medication", "drug", "drug_exposure_start_date"),
        ("procedure_occurrence", "procedure", "procedure", "procedure_date"),
    ):
        if f"omop_{table}" in known:
            parts.append(_coded(table, kind, what, start))
    return f"({' UNION ALL BY NAME '.join(parts)})"


SOURCE = Source("omop", "OMOP CDM 5.4 (DuckDB, SQLite, or a folder of Parquet tables)", recognises, relation)
