"""Tidy CSV or Parquet: one fact a row. A folder of such files is one table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.cohorts.sources.contract import Source, quoted

ENDINGS = (".parquet", ".csv", ".csv.gz")


def _files(path: Path) -> list[Path]:
    return sorted(p for p in path.iterdir() if p.name.endswith(ENDINGS)) if path.is_dir() else [path]


def recognises(path: Path) -> bool:
    """Parquet or CSV files by their endings, all of one kind; an OMOP folder has its own table names."""
    files = _files(path) if path.exists() else []
    kinds = {f.name.lower().endswith(".parquet") for f in files}
    omop = {f.name.split(".")[0].lower() for f in files} & {"person", "measurement"}
    return bool(files) and all(f.name.lower().endswith(ENDINGS) for f in files) and len(kinds) == 1 and len(omop) < 2


def relation(con: Any, path: Path, scratch: Path) -> str:
    """SQL that reads the files; CSV as text, so that no number is guessed."""
    listed = "[" + ", ".join(quoted(f) for f in _files(path)) + "]"
    if _files(path)[0].name.lower().endswith(".parquet"):
        return f"read_parquet({listed}, union_by_name = true)"
    return f"read_csv({listed}, all_varchar = true, header = true, union_by_name = true, strict_mode = true)"


SOURCE = Source("tidy_table", "tidy CSV or Parquet, one fact a row", recognises, relation)
