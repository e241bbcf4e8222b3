"""A file of sera: CSV with one serum a row, the columns of `plasma_si.csv`. Units other than those stand in the header.

`Ca_tot` is mmol/L by its name; `Ca_tot [mg/dL]` is converted here, at the wall. A column called by another word
(`calcium`, `phosphate`) is taken only with its unit. A column that is not read is named, never passed over.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

from fetuin.errors import FormatError, InputError, LimitError, UnitError
from fetuin.units import factor

MOST_BYTES, MOST_ROWS = 200_000_000, 1_000_000
MOLAR_MASS = {"Ca_tot": 40.078, "Mg_tot": 24.305, "P_i": 30.974, "Na": 22.990, "K": 39.098, "citrate": 189.10, "lactate": 89.07, "SO4": 96.06, "HEPES": 238.30, "Cl": 35.45}  # fmt: skip
VALENCE = {"Ca_tot": 2, "Mg_tot": 2, "Na": 1, "K": 1, "HCO3": 1, "Cl": 1, "lactate": 1, "SO4": 2}
ALIASES = {
    "ca": "Ca_tot", "calcium": "Ca_tot", "total calcium": "Ca_tot", "mg": "Mg_tot", "magnesium": "Mg_tot", "p": "P_i",
    "phosphate": "P_i", "pi": "P_i", "phosphorus": "P_i", "sodium": "Na", "potassium": "K", "albumin": "albumin_gL",
    "globulin": "globulin_gL", "bicarbonate": "HCO3", "sulfate": "SO4", "pco2": "pCO2_mmHg", "chloride": "Cl",
}  # fmt: skip
RESULTS = ("ionic_strength", "Ca_", "Mg_free", "HPO4_free", "SI_", "a_", "ms_per_solution")


def _columns() -> dict[str, Any]:
    """The columns, imported when first read: `fetuin --help` stays light."""
    from fetuin.chemistry.speciation import COLUMNS

    return COLUMNS


def in_column_unit(name: str, unit: str, where: str) -> float:
    """What a value in `unit` is multiplied by for the column `name`. UnitError where the unit does not fit."""
    canonical = _columns()[name][0]
    written = unit.strip().replace("µ", "u").replace("mEq", "meq")
    if name == "pCO2_mmHg":
        known = {"mmhg": 1.0, "mm[hg]": 1.0, "kpa": 7.500617}
        if written.lower() in known:
            return known[written.lower()]
    elif name != "pH":
        try:
            return float(factor(written, canonical, MOLAR_MASS.get(name), VALENCE.get(name)))
        except UnitError:
            pass
    raise UnitError(f"{name} cannot be in '{unit}'.", where=where, fix=f"give it in {canonical}")


def number_with_unit(text: str, name: str, where: str) -> float:
    """`2.35` (in the column's own unit) or `9.4 mg/dL` as a value of column `name`."""
    match = re.fullmatch(r"\s*([-+]?[\d.]+(?:[eE][-+]?\d+)?)\s*(\S.*)?", text)
    try:
        value = float(match[1]) if match else float("nan")
    except ValueError:
        match = None
    if not match:
        raise InputError(
            f"'{text[:40]}' is not a number.", where=where, fix=f"{name} in {_columns()[name][0]}, or '9.4 mg/dL'"
        )
    return value * (in_column_unit(name, match[2].strip(), where) if match[2] else 1.0)


def _header(cells: list[str], file: str) -> tuple[dict[int, tuple[str, float]], list[str]]:
    """({column index: (name, factor)}, notices) of the first line."""
    found: dict[int, tuple[str, float]] = {}
    unread = []
    for i, cell in enumerate(cells):
        where = f"{file}, column {i + 1}"
        match = re.fullmatch(r"\s*(.*?)\s*(?:[\[(]\s*([^\])]+(?:\[[^\]]*\])?)\s*[\])])?\s*", cell)
        word, unit = (match[1], match[2] or "") if match else (cell, "")
        name = word if word in _columns() else ALIASES.get(word.lower(), "")
        if not name:
            if word != "case" and cell.strip():
                unread.append(word[:40])
            continue
        if name != word and not unit:
            raise UnitError(
                f"The column '{word}' has no unit.", where=where, why="only the names of the reference table carry theirs",
                fix=f"call it {name} (then it is {_columns()[name][0]}) or '{word} [unit]'",
            )  # fmt: skip
        if name in (n for n, _ in found.values()):
            raise FormatError(f"{name} is there twice.", where=where)
        found[i] = (name, in_column_unit(name, unit, where) if unit else 1.0)
    if "pCO2_mmHg" in (n for n, _ in found.values()) and {"pH", "HCO3"} <= {n for n, _ in found.values()}:
        unread.append("pCO2_mmHg (a result where pH and HCO3 are given)")
        found = {i: v for i, v in found.items() if v[0] != "pCO2_mmHg"}
    results = [u for u in unread if u.startswith(RESULTS)]
    notices = [f"Result columns in the file are not read: {', '.join(results)}."] if results else []
    other = [u for u in unread if u not in results]
    return found, notices + ([f"Columns not read: {', '.join(other)}."] if other else [])


def read_sera(path: Path) -> tuple[list[dict[str, float]], list[str], list[str]]:
    """(rows by column, cases, notices) of a CSV of sera. Raises with file, line and column."""
    if not path.is_file():
        raise InputError("There is no such file.", where=path.name, fix="give the path of a CSV of sera")
    if path.stat().st_size > MOST_BYTES:
        raise LimitError(f"{path.name} is larger than {MOST_BYTES:,} bytes.", fix="split it")
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("iso-8859-1")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as e:
        raise FormatError("The file is not a CSV.", where=path.name, why=str(e)) from None
    if not lines or len(lines) < 2:
        raise FormatError("The file has no row below its header.", where=path.name, fix="one serum a row")
    if len(lines) > MOST_ROWS + 1:
        raise LimitError(f"{path.name} has more than {MOST_ROWS:,} sera.", fix="split it")
    columns, notices = _header(lines[0], path.name)
    here = {n for n, _ in columns.values()}
    if lost := [n for n in ("Ca_tot", "P_i") if n not in here]:
        raise FormatError(
            f"The column {lost[0]} is missing.", where=path.name, why=f"the header has: {', '.join(lines[0])[:200]}",
            fix=f"columns read: case, {', '.join(_columns())}",
        )  # fmt: skip
    case = next((i for i, c in enumerate(lines[0]) if c.strip() == "case"), None)
    rows, cases = [], []
    for k, cells in enumerate(lines[1:], start=2):
        if not any(c.strip() for c in cells):
            continue
        if len(cells) != len(lines[0]):
            raise FormatError(f"The line has {len(cells)} cells, the header {len(lines[0])}.", where=f"{path.name}:{k}")
        rows.append(_row(cells, columns, f"{path.name}:{k}", delimiter))
        cases.append(cells[case] if case is not None else str(k - 1))
    return rows, cases, notices


def _row(cells: list[str], columns: dict[int, tuple[str, float]], where: str, delimiter: str) -> dict[str, float]:
    row = {}
    for i, (name, by) in columns.items():
        text = cells[i].strip()
        if not text:
            continue
        try:
            row[name] = float(text.replace(",", ".") if delimiter == ";" else text) * by
        except ValueError:
            raise InputError(
                f"'{text[:30]}' is not a number.", where=f"{where}, column {name}", fix=f"a number in {_columns()[name][0]}, or empty"
            ) from None  # fmt: skip
    return row
