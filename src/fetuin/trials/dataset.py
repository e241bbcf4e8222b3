"""Data of a real or simulated trial, from a table to arrays: one row a person and visit, or one row a person and event time.

Column names are those of ADaM (USUBJID, TRTP or TRTGRP, AVISITN, AVAL, AVALC, BASE; PARAMCD, CNSR) or plain ones (subject, arm,
day, value, baseline; time, event). Values are in the endpoint's unit. `> 600` is a censored T50.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fetuin.errors import InputError, LimitError, NotEnoughDataError

if TYPE_CHECKING:
    from fetuin.trials.study import Study

LARGEST = 256 * 2**20  # bytes
NAMES = {
    "subject": ("usubjid", "subject", "subjid", "id", "patient"), "arm": ("trtp", "trt01p", "trta", "arm", "treatment", "trtgrp", "group"),
    "day": ("avisitn", "day", "visit"), "value": ("aval", "value"), "text": ("avalc",), "baseline": ("base", "baseline"),
    "time": ("aval", "time"), "censor": ("cnsr",), "event": ("event", "status"), "parameter": ("paramcd",),
    "rescue": ("rescdy", "rescue_day"), "discontinuation": ("trtdisdy", "discontinuation_day"), "death": ("death_day",),
}  # fmt: skip
MISSING = ("", ".", "na", "nan", "null")
PARAMETERS = {"t50": "T50", "cac": "CACVOL", "phosphate": "PHOS", "events": "EVENT"}


@dataclass(frozen=True)
class TrialTable:
    """subjects [n]; arm [n] index of `study.arms`; measured [n, V] (NaN: missing); censored [n, V]; base [n] (NaN: from visits);

    time, status [n]; days {event: [n]} of intercurrent events, where the table holds them.
    """

    subjects: tuple[str, ...]
    arm: np.ndarray
    measured: np.ndarray
    censored: np.ndarray
    base: np.ndarray
    time: np.ndarray
    status: np.ndarray
    days: Mapping[str, np.ndarray]


def read_data(path: Path, study: Study) -> TrialTable:
    """The table of a CSV file. InputError names the line and the column."""
    rows, columns = _rows(path)
    wanted = ("subject", "arm", "time") if study.endpoint.is_time else ("subject", "arm", "day", "value")
    for name in wanted:
        if name not in columns:
            raise InputError(f"{path.name} has no column of the {name}.", where=f"{path.name}, line 1", why=f"found: {', '.join(rows[0][1])[:200]}",
                             fix=f"one of: {', '.join(NAMES[name]).upper()}")  # fmt: skip
    kept = _of_parameter(rows, columns, PARAMETERS[study.endpoint.kind.name], path)
    if study.endpoint.is_time and not {"censor", "event"} & set(columns):
        raise InputError(
            f"{path.name} does not say who had the event.",
            where=f"{path.name}, line 1",
            why="no column CNSR or event",
            fix="CNSR: 0 event, 1 censored",
        )
    return _table(path, kept, columns, study)


Row = tuple[int, dict[str, str]]


def _lines(path: Path) -> list[list[str]]:
    """The cells of every line."""
    if not path.is_file():
        raise InputError(
            f"{path} does not exist.",
            where=str(path),
            why="a table of the trial is needed",
            fix="the path of a CSV file",
        )
    if path.stat().st_size > LARGEST:
        raise LimitError(
            f"{path.name} is larger than {LARGEST} bytes.",
            where=str(path),
            why="a trial's table is smaller",
            fix="one endpoint a file",
        )
    try:
        return list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"{path.name} cannot be read as CSV.",
            where=str(path),
            why=str(error)[:200],
            fix="UTF-8, commas, one header line",
        ) from error


def _rows(path: Path) -> tuple[list[Row], dict[str, str]]:
    """[(line, {column: cell})] and {what: column}."""
    lines = _lines(path)
    if len(lines) < 2:
        raise NotEnoughDataError(
            f"{path.name} holds no rows.",
            where=str(path),
            why="a header and one row are the least",
            fix="export the data again",
        )
    head = [c.strip() for c in lines[0]]
    first = {
        what: c
        for what, names in NAMES.items()
        for c in [next((c for n in names for c in head if c.lower() == n), "")]
        if c
    }
    rows = []
    for k, cells in enumerate(lines[1:], start=2):
        if not any(c.strip() for c in cells):
            continue
        if len(cells) != len(head):
            raise InputError(
                f"line {k} has {len(cells)} cells for {len(head)} columns.",
                where=f"{path.name}, line {k}",
                why="a comma too many or too few",
                fix="quote cells that hold commas",
            )
        rows.append((k, dict(zip(head, (c.strip() for c in cells)))))
    if not rows:
        raise NotEnoughDataError(
            f"{path.name} holds no rows.",
            where=str(path),
            why="only blank lines follow the header",
            fix="export the data again",
        )
    return rows, first


def _of_parameter(rows: Sequence[Row], columns: Mapping[str, str], code: str, path: Path) -> list[Row]:
    if "parameter" not in columns:
        return list(rows)
    kept = [r for r in rows if r[1][columns["parameter"]].upper() == code]
    if not kept:
        found = sorted({r[1][columns["parameter"]] for r in rows})
        raise NotEnoughDataError(
            f"no row is of {code}.",
            where=f"{path.name}, {columns['parameter']}",
            why=f"found: {', '.join(found)[:120]}",
            fix=f"PARAMCD = {code}, or no such column",
        )
    return kept


def _table(path: Path, rows: Sequence[Row], columns: Mapping[str, str], study: Study) -> TrialTable:
    subjects = list(dict.fromkeys(r[1][columns["subject"]] for r in rows))
    at = {s: i for i, s in enumerate(subjects)}
    n, V = len(subjects), len(study.visits)
    arm, base = np.full(n, -1), np.full(n, np.nan)
    measured, censored = np.full((n, V), np.nan), np.zeros((n, V), bool)
    time, status = np.full(n, np.nan), np.zeros(n, bool)
    days = {e: np.full(n, np.inf) for e in ("rescue", "discontinuation", "death")}
    for line, cells in rows:
        i = at[cells[columns["subject"]]]
        k = _arm(cells[columns["arm"]], study, f"{path.name}, line {line}, {columns['arm']}")
        if arm[i] not in (-1, k):
            raise InputError(
                f"{subjects[i]} is in two arms.",
                where=f"{path.name}, line {line}",
                why=f"{study.arms[arm[i]].name} and {study.arms[k].name}",
                fix="one arm a person",
            )
        arm[i] = k
        for event in days:
            if event in columns and (day := _number(cells[columns[event]], path, line, columns[event])) is not None:
                days[event][i] = day - (1.0 if columns[event].upper().endswith("DY") else 0.0)  # ADaM counts from day 1
        if study.endpoint.is_time:
            _time(path, line, cells, columns, i, time, status)
        else:
            _value(path, line, cells, columns, study, i, measured, censored, base)
    empty = [a.name for k, a in enumerate(study.arms) if not (arm == k).any()]
    if empty:
        raise NotEnoughDataError(
            f"the arm {empty[0]!r} is empty.",
            where=path.name,
            why="nobody of it is in the table",
            fix=f"arms: {', '.join(a.name for a in study.arms)}",
        )
    return TrialTable(tuple(subjects), arm, measured, censored, base, time, status, days)


def _arm(text: str, study: Study, where: str) -> int:
    names = [a.name.lower() for a in study.arms]
    groups = [a.group.lower() for a in study.arms]
    for listed in (names, groups):
        if text.lower() in listed:
            return listed.index(text.lower())
    raise InputError(
        f"{text[:60]!r} is no arm of the study.",
        where=where,
        why=f"arms: {', '.join(a.name for a in study.arms)}",
        fix="the name of an arm or its group",
    )


def _number(text: str, path: Path, line: int, column: str) -> float | None:
    if text.lower() in MISSING:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(
            f"{text[:40]!r} is no number.",
            where=f"{path.name}, line {line}, {column}",
            why="a number with a decimal point, or an empty cell",
            fix="for example 231.5",
        )
    return value


def _value(
    path: Path,
    line: int,
    cells: Mapping[str, str],
    columns: Mapping[str, str],
    study: Study,
    i: int,
    measured: np.ndarray,
    censored: np.ndarray,
    base: np.ndarray,
) -> None:
    day = _number(cells[columns["day"]], path, line, columns["day"])
    if day is None or day not in study.visits:
        raise InputError(f"there is no visit on day {cells[columns['day']][:20] or '(empty)'}.", where=f"{path.name}, line {line}, {columns['day']}",
                         why=f"visits: {', '.join(f'{d:g}' for d in study.visits)}", fix="a visit of the study, or leave the row out")  # fmt: skip
    v, text = study.column(day), cells[columns["value"]]
    cut = text.startswith(">") or cells.get(columns.get("text", ""), "").startswith(">")
    value = _number(text.lstrip("> "), path, line, columns["value"])
    if value is None:
        return
    low, high = study.endpoint.kind.limits
    if not low <= value <= high:
        raise InputError(f"{study.endpoint.kind.name} {value:g} {study.endpoint.kind.unit} is not possible.", where=f"{path.name}, line {line}, {columns['value']}",
                         why=f"expected {low:g} to {high:g} {study.endpoint.kind.unit}", fix="check the value and its unit")  # fmt: skip
    if np.isfinite(measured[i, v]):
        raise InputError(
            "a visit stands twice.",
            where=f"{path.name}, line {line}",
            why=f"{cells[columns['subject']]}, day {day:g}",
            fix="keep one row",
        )
    measured[i, v], censored[i, v] = value, cut
    if (
        "baseline" in columns
        and (b := _number(cells[columns["baseline"]], path, line, columns["baseline"])) is not None
    ):
        base[i] = b


def _time(
    path: Path,
    line: int,
    cells: Mapping[str, str],
    columns: Mapping[str, str],
    i: int,
    time: np.ndarray,
    status: np.ndarray,
) -> None:
    value = _number(cells[columns["time"]], path, line, columns["time"])
    if value is None or value < 0:
        raise InputError(
            "a time to event is needed.",
            where=f"{path.name}, line {line}, {columns['time']}",
            why=f"found {cells[columns['time']][:20]!r}",
            fix="days from randomisation, 0 or more",
        )
    if np.isfinite(time[i]):
        raise InputError(
            "a person stands twice.",
            where=f"{path.name}, line {line}",
            why=cells[columns["subject"]],
            fix="keep the first event",
        )
    name = "censor" if "censor" in columns else "event"
    text = cells[columns[name]].lower()
    words = {"0": False, "1": True, "0.0": False, "1.0": True, "true": True, "false": False, "yes": True, "no": False}
    if text not in words:
        raise InputError(
            f"{text[:20]!r} says neither event nor censored.",
            where=f"{path.name}, line {line}, {columns[name]}",
            why="0 or 1",
            fix="CNSR 0 is the event; event 1 is the event",
        )
    time[i], status[i] = value, words[text] != (name == "censor")
