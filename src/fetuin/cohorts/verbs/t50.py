"""T50 of a folder of plates: one row a well. A file that no format reads has one row with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fetuin.cohorts.contract import Verb
from fetuin.cohorts.sources.contract import quoted
from fetuin.cohorts.staging import connect
from fetuin.errors import FetuinError, InputError
from fetuin.runs.folder import RunFolder

COLUMNS = ("id", "plate", "well", "sample", "t50_min", "ci_low", "ci_high", "censored", "model", "flags", "why_not")


def prepare(source: Path, folder: RunFolder, parameters: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """One chunk a file of the folder."""
    files = sorted(p for p in source.rglob("*") if p.is_file()) if source.is_dir() else [source]
    if not files:
        raise InputError("The folder holds no file.", where=str(source), fix="give a folder of plate files")
    return parameters, [{"file": str(f)} for f in files]


def rows_of(path: Path, model: str) -> list[dict[str, Any]]:
    """The wells of one file, or the reason why there are none."""
    from fetuin.assays import measure_plate

    try:
        results = measure_plate(path, model=model)
    except FetuinError as error:
        return [{"id": path.name, "why_not": error.what}]
    found = []
    for result in results:
        for w in result.to_dict()["wells"]:
            flags = "; ".join(f if isinstance(f, str) else str(f.get("flag", f)) for f in w.get("flags") or ())
            found.append(
                {"id": f"{path.name} {w['well']}", "plate": result.plate.name} | w | {"flags": flags, "why_not": ""}
            )
    return found


def work(parameters: Mapping[str, Any], chunk: Mapping[str, Any], path: Path) -> None:
    """One file."""
    write_rows(rows_of(Path(chunk["file"]), parameters["model"]), COLUMNS, ("t50_min", "ci_low", "ci_high"), path)


def write_rows(rows: list[dict[str, Any]], columns: tuple[str, ...], numbers: tuple[str, ...], path: Path) -> None:
    """Rows as Parquet with fixed columns; what is not there is empty."""
    import pandas as pd

    frame = pd.DataFrame(
        {c: pd.array([r.get(c) for r in rows], "Float64") if c in numbers
         else pd.array([None if r.get(c) is None else str(r.get(c)) for r in rows], "string") for c in columns}
    )  # fmt: skip
    con = connect(1, "300MB")
    con.register("frame", frame)
    con.execute(f"COPY (SELECT * FROM frame) TO {quoted(path)} (FORMAT parquet, COMPRESSION zstd)")
    con.close()


VERB = Verb("t50", "well", prepare, work)
