"""The gallery: each record by the first recipe that fits it; a record that none fits is named with what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from fetuin.catalog import documents, names
from fetuin.errors import FormatError, InputError, LimitError
from fetuin.trials.replication import recipes as folder
from fetuin.trials.replication.record import Record
from fetuin.trials.replication.replica import Effect, Replica

LARGEST = 4_194_304  # bytes


def shipped() -> list[dict[str, Any]]:
    """The published trials of the package."""
    return list(documents("fetuin.trials", "published").values())


def read_published(path: Path) -> list[dict[str, Any]]:
    """Records of a JSON file: `{"trials": [{"id": ..., "arms": ..., "effect": ...}]}`."""
    if not path.is_file():
        raise InputError(
            f"{path} does not exist.",
            where=str(path),
            why="a file of published trials is needed",
            fix="the path of a JSON file",
        )
    if path.stat().st_size > LARGEST:
        raise LimitError(
            f"{path.name} is larger than {LARGEST} bytes.",
            where=str(path),
            why="facts of trials are short",
            fix="a smaller file",
        )
    try:
        found = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise FormatError(
            f"{path.name} is no JSON.", where=str(path), why=str(error)[:200], fix='{"trials": [...]}'
        ) from error
    listed = found.get("trials") if isinstance(found, dict) else found
    if (
        not isinstance(listed, list)
        or not listed
        or any(not isinstance(t, dict) or not isinstance(t.get("id"), str) for t in listed)
    ):
        raise FormatError(
            f"{path.name} holds no trials.",
            where="trials",
            why="a list of objects with an id is needed",
            fix='{"trials": [{"id": ...}]}',
        )
    return listed


def recipes() -> list[tuple[str, ModuleType]]:
    """(name, module) in their order."""
    from importlib import import_module

    found = [(n, import_module(f"{folder.__name__}.{n}")) for n in names(folder)]
    return sorted(found, key=lambda r: r[1].RANK)


def replicate_all(records: list[dict[str, Any]], n: int = 2000, seed: int = 1) -> Iterator[Replica]:
    """A Replica of each record."""
    listed = recipes()
    for record in records:
        yield _one(record, listed, n, seed)


def _one(record: Record, listed: list[tuple[str, ModuleType]], n: int, seed: int) -> Replica:
    for _, module in listed:
        try:
            if module.applies(record):
                return module.replicate(record, n, seed)
        except (TypeError, ValueError, KeyError, ZeroDivisionError, OverflowError) as error:
            return _none(record, n, f"the record cannot be used: {type(error).__name__} {str(error)[:80]}")
    status = record.get("status")
    if status:
        return _none(record, n, f"no result yet: {status}")
    return _none(record, n, "no recipe fits: it needs two arms with mean and SD (fu or change), per cent growth with interval, quartiles, events, "
                            "or a change within people, and the number of people")  # fmt: skip


def _none(record: Record, n: int, why: str) -> Replica:
    empty = Effect()
    return Replica(
        str(record["id"]),
        str(record.get("ref", "")),
        "none",
        "",
        "",
        (),
        (),
        empty,
        empty,
        empty,
        None,
        None,
        0,
        None,
        why,
    )
