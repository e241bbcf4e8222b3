"""Control results over runs: from a table, or from the folders that `fetuin t50 --out` wrote."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from fetuin.errors import InputError, LimitError, UsageError

MOST_BYTES = 64 * 2**20
CONTROLS = "control_"


class Runs(NamedTuple):
    """Runs in time order: names, control levels, T50 [min] (n_runs, n_levels; NaN where none), the lot of each run."""

    names: list[str]
    levels: list[str]
    values: Any
    lots: list[str]
    notes: list[str]


def gather(inputs: Sequence[Path]) -> Runs:
    """One CSV or XLSX (`run` and a column a level; or `run`, `level`, `t50_min` and perhaps `lot`), or result folders
    and files in time order."""
    if len(inputs) == 1 and inputs[0].is_file() and inputs[0].suffix.lower() != ".json":
        return _table(inputs[0])
    files: list[Path] = []
    for given in inputs:
        if given.is_dir():
            found = [f for f in sorted(given.glob("*.json")) if not f.name.endswith((".asm.json", ".fhir.json"))]
            if not found:
                raise InputError(
                    "The folder holds no result of fetuin t50.", where=given.name, fix="fetuin t50 PLATE --layout MAP --out FOLDER"
                )  # fmt: skip
            files += found
        elif given.suffix.lower() == ".json":
            files.append(given)
        else:
            raise UsageError(
                f"{given.name} stands among several inputs.", why="several inputs are result folders or their .json files",
                fix="one table alone, or folders that fetuin t50 --out wrote, in time order",
            )  # fmt: skip
    return _pivot([(f.stem, *_plate(f)) for f in files])


def _table(path: Path) -> Runs:
    from fetuin.assays.formats.document import open_document

    head = [w.lower() for w in (open_document(path).sheets[0].head or [[]])[0]]
    if "level" in head:
        from fetuin.cli.control_tables import read_tidy

        tidy = read_tidy(path, ("run", "level", "lot"), ("t50_min",), optional=("lot",))
        runs: dict[str, list[dict[str, Any]]] = {}
        for row in sorted([*tidy.rows, *tidy.left_out], key=lambda r: int(r["row"])):
            runs.setdefault(row["run"], []).append(row)
        notes = [f"row {r['row']}: {r['reason']}" for r in tidy.left_out]
        return _pivot([(name, rows, notes if k == 0 else []) for k, (name, rows) in enumerate(runs.items())])
    from fetuin.cli.t50_controls import _read

    names, levels, values = _read(path)
    return Runs(names, levels, values, [""] * len(names), [])


def _plate(path: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """Control wells of one result file as rows, and what was left out."""
    if path.stat().st_size > MOST_BYTES:
        raise LimitError(f"The file has {path.stat().st_size:,} bytes.", where=path.name, why=f"at most {MOST_BYTES:,}")
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        wells = body["wells"]
        rows = [
            {"level": w["role"], "lot": w.get("lot", ""), "t50_min": w["t50_min"], "well": w["well"]}
            for w in wells if str(w["role"]).startswith(CONTROLS)
        ]  # fmt: skip
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError):
        raise InputError(
            "This is no result of fetuin t50.",
            where=path.name,
            why="expected the .json file that fetuin t50 --out writes",
        ) from None
    if not rows:
        raise InputError(
            "The plate has no control well.", where=path.name, fix="name control_low, control_mid, control_high in --layout"
        )  # fmt: skip
    for r in rows:
        v = r["t50_min"]
        if v is not None and (isinstance(v, bool) or not isinstance(v, (int, float)) or not 0 < v < 1e6):
            raise InputError("A T50 in the file cannot be.", where=f"{path.name}, well {r['well']}", why=f"found {v!r}")
    return rows, [f"{path.stem} {r['well']} ({r['level']}): no T50" for r in rows if r["t50_min"] is None]


def _pivot(runs: Sequence[tuple[str, list[dict[str, Any]], list[str]]]) -> Runs:
    """One row a run: the geometric mean of a level's wells; none where one of them has no T50 (it may be the longest)."""
    import numpy as np

    levels = sorted({str(r["level"]) for _, rows, _ in runs for r in rows}, key=_order)
    values = np.full((len(runs), len(levels)), np.nan)
    seen: set[str] = set()
    lots, notes = [], []
    for i, (name, rows, told) in enumerate(runs):
        if name in seen:
            raise InputError(f"The run {name} is given twice.", where=name, fix="one result file a run")
        seen.add(name)
        notes += told
        for j, level in enumerate(levels):
            got = [r.get("t50_min") for r in rows if r["level"] == level]
            known = [math.log(float(v)) for v in got if v is not None]
            if known and len(known) == len(got):
                values[i, j] = math.exp(sum(known) / len(known))
        lots.append(", ".join(sorted({str(r["lot"]) for r in rows if r.get("lot")})))
    return Runs([n for n, _, _ in runs], levels, values, lots, notes)


def _order(level: str) -> tuple[int, str]:
    known = ("control_low", "control_mid", "control_high")
    return (known.index(level) if level in known else len(known), level)
