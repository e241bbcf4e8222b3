"""A file of records to rows `id, kind, expected, ours, tolerance, pass, why`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fetuin.errors import FetuinError, InputError
from fetuin.trials.conformance.contract import Compared

MEGABYTES = 64


def conform(path: Path) -> list[dict[str, Any]]:
    """Replay every record of a file. Data sets named by a record are looked for beside the file."""
    from fetuin.trials.conformance import kinds

    path = Path(path)
    known = kinds.known()
    return [_row(r, path.parent, known) for r in records(path)]


def records(path: Path) -> list[dict[str, Any]]:
    """The records of a file; the two dictionary forms (mmrm by structure, imputation) are split into records."""
    if not path.is_file():
        raise InputError("no such file", where=str(path), fix="check the path")
    if path.stat().st_size > MEGABYTES * 2**20:
        raise InputError("the file is too large", where=path.name, why=f"the limit is {MEGABYTES} MiB", fix="split it")
    try:
        found = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError):
        raise InputError("not JSON", where=path.name, fix="pass a file of reference records") from None
    if isinstance(found, dict):
        found = _split(found)
    if not isinstance(found, list) or not all(isinstance(r, dict) for r in found):
        raise InputError(
            "not a list of records",
            where=path.name,
            why="a list of objects with id and kind is expected",
            fix="see docs/reference/conformance.md",
        )
    return found


def _split(d: dict[str, Any]) -> list[dict[str, Any]]:
    if "records" in d:
        return list(d["records"])
    if "results" in d and "model" in d:
        return [
            {"id": f"mmrm-{k}", "kind": "mmrm_differences", "model": d["model"], "expected": v, "tol": d.get("tol")}
            for k, v in d["results"].items()
        ]
    if "data" in d and "models" in d:
        parts = [k for k in d if k not in ("data", "contrast", "tol", "src", "models")]
        return [
            {
                "id": f"mi-{k}",
                "kind": f"mi_{k}" if k in ("mmrm", "complete_case") else "mi_imputed",
                "method": k,
                "data": d["data"],
                "models": d["models"],
                "expected": d[k],
                "tol": d.get("tol"),
            }
            for k in parts
        ]
    return [{"id": k, "kind": f"fact_{k}", "expected": v} for k, v in d.items()]


def _row(record: dict[str, Any], folder: Path, known: dict[str, Any]) -> dict[str, Any]:
    head = {"id": record.get("id", "?"), "kind": record.get("kind", "?")}
    try:
        replay = known.get(str(record.get("kind")))
        if replay is None:
            return head | _failed(record, "not computed: no replay of this kind")
        compared: list[Compared] = replay(record, folder)
        off = [c.name for c in compared if not c.agree]
    except FetuinError as error:
        return head | _failed(record, error.what + (f": {error.why}" if error.why else ""))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        return head | _failed(record, f"not computed: {type(error).__name__} {error}")
    if not compared:
        return head | _failed(record, "not computed: nothing to compare")
    return head | {
        "expected": {c.name: c.expected for c in compared}, "ours": {c.name: c.ours for c in compared},
        "tolerance": {c.name: c.tolerance for c in compared}, "pass": not off, "why": _why(compared, off),
    }  # fmt: skip


def _why(compared: list[Compared], off: list[str]) -> str:
    """What is off; and whether the reference itself leaves that much open."""
    told = f"off: {', '.join(off[:5])}" if off else ""
    return (
        f"{told}; within what the reference itself leaves open" if off and all(c.explained for c in compared) else told
    )


def _failed(record: dict[str, Any], why: str) -> dict[str, Any]:
    return {
        "expected": record.get("expected", record.get("output")),
        "ours": None,
        "tolerance": record.get("tol"),
        "pass": False,
        "why": why,
    }
