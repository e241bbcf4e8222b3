"""A published outcome as read from its TOML: who, what is done in each arm, what is read out and what was published."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from fetuin.errors import FormatError, InputError, LimitError
from fetuin.validation.shapes import known, table, tables

TOP = {
    "name",
    "number",
    "title",
    "source",
    "evidence",
    "subject",
    "scenario",
    "arms",
    "readout",
    "not_yet",
    "peer",
    "note",
    "schema",
}
READOUT = {"name", "analyte", "arm", "at", "window", "statistic", "as", "against", "expected", "tolerance", "low", "high",
           "unit", "across", "order", "direction", "relative_to", "read", "level", "identity", "with"}  # fmt: skip
EVIDENCE = ("M", "S", "R", "E", "")
LARGEST = 262_144  # bytes


@dataclass(frozen=True)
class Outcome:
    """One published outcome. `not_yet` says why it cannot be run by this version, or is empty."""

    name: str
    title: str
    source: str
    evidence: str
    subject: Mapping[str, Any]
    arms: Mapping[str, Mapping[str, Any]]
    readouts: tuple[Mapping[str, Any], ...]
    not_yet: str = ""
    number: str = ""
    peer: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    where: str = ""


def read_outcome(d: Mapping[str, Any], key: str, where: str) -> Outcome:
    """Check the words and make the Outcome."""
    known(d, TOP, where)
    for word in ("source",):
        if not d.get(word):
            raise InputError(
                f"the outcome has no {word}.", where=where, fix="a number does not travel without its source"
            )
    if str(d.get("evidence", "")) not in EVIDENCE:
        raise InputError(f"evidence mark {d['evidence']!r} is not known.", where=where, fix=f"one of {EVIDENCE}")
    readouts = tables(d.get("readout"), f"{where}, readout")
    if not readouts:
        raise InputError("nothing is read out.", where=where, fix="add at least one [[readout]]")
    for k, r in enumerate(readouts):
        known(r, READOUT, f"{where}, readout {k + 1}")
    scenario = table(d.get("scenario"), f"{where}, scenario")
    own = {n: table(a, f"{where}, arm {n}") for n, a in table(d.get("arms"), f"{where}, arms").items()}
    arms: dict[str, Mapping[str, Any]] = {n: {**scenario, **a} for n, a in own.items()} or {"all": scenario}
    for r in readouts:
        if str(r.get("arm", next(iter(arms)))) not in arms:
            raise InputError(f"no arm '{r['arm']}'.", where=where, fix=f"one of: {', '.join(arms)}")
    return Outcome(
        str(d.get("name", key)), str(d.get("title", d.get("name", key))), str(d["source"]), str(d.get("evidence", "")),
        table(d.get("subject"), f"{where}, subject"), arms, tuple(readouts), str(d.get("not_yet", "")), str(d.get("number", "")),
        table(d.get("peer"), f"{where}, peer"), str(d.get("note", "")), where,
    )  # fmt: skip


def from_file(path: Path) -> Outcome:
    """Read one file; refused where it is no TOML, or too large."""
    if path.stat().st_size > LARGEST:
        raise LimitError(f"{path.name} is larger than {LARGEST} bytes.", where=str(path))
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FormatError(f"{path.name} is no TOML.", where=str(path), why=str(error)) from error
    return read_outcome(found, path.stem, path.name)


def shipped() -> list[Outcome]:
    """Every outcome of the folder, in the order of their files."""
    root = files("fetuin.validation").joinpath("outcomes")
    names = sorted(f.name for f in root.iterdir() if f.name.endswith(".toml"))
    return [from_file(Path(str(root.joinpath(n)))) for n in names]


def from_paths(paths: list[Path]) -> list[Outcome]:
    """Outcomes of files and folders."""
    found: list[Outcome] = []
    for path in paths:
        if not path.exists():
            raise InputError(f"{path} does not exist.", where=str(path), fix="a TOML file or a folder of them")
        mine = sorted(path.glob("*.toml")) if path.is_dir() else [path]
        if not mine:
            raise InputError(f"no outcome in {path}.", where=str(path), fix="files that end in .toml")
        found += [from_file(f) for f in mine]
    return found
