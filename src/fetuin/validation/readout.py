"""What is read from the simulated arms: an analyte, at a time or over a window, as published."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from fetuin.errors import InputError
from fetuin.physiology.trajectory import Trajectory
from fetuin.validation.amounts import days, parts, shown
from fetuin.validation.curves import BALANCE, name_of, series
from fetuin.validation.synonyms import ACROSS as ACROSS_WORDS
from fetuin.validation.synonyms import FORMS as FORM_WORDS
from fetuin.validation.synonyms import STATISTICS as STATISTIC_WORDS
from fetuin.validation.synonyms import known_as

ACROSS: dict[str, Callable[[np.ndarray], Any]] = {
    "median": np.median, "mean": np.mean, "min": np.min, "max": np.max,
    "fraction_positive": lambda v: float(np.mean(np.asarray(v) > 0)), "sd": lambda v: float(np.std(v, ddof=1)),
}  # fmt: skip
FRACTIONS: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "fraction_below": lambda v, level: v < level, "fraction_above": lambda v, level: v > level,
}  # fmt: skip
"""Part of the people whose value lies beyond `level` (responders)."""
STATISTICS = ("value", "mean", "min", "max", "time_of_min", "time_of_max", "total", "first_crossing", "median", "auc")
FORMS = ("absolute", "change", "ratio", "percent")
PERCENTILE = re.compile(r"p(\d{1,2})|percentile_(\d{1,2})")


def across(readout: Mapping[str, Any], values: np.ndarray, where: str) -> float:
    """One number of several persons: a middle, a percentile, or the share beyond `level`."""
    word = known_as(readout.get("across", "median"), ACROSS_WORDS)
    if found := PERCENTILE.fullmatch(word):
        return float(np.percentile(values, int(found.group(1) or found.group(2))))
    if word in FRACTIONS:
        if "level" not in readout:
            raise InputError(f"across = {word} needs a level.", where=where, fix="level = -30, in the unit read out")
        level = float(readout["level"])
        return float(np.mean(FRACTIONS[word](values, level)))
    if word not in ACROSS:
        raise InputError(f"'across = {word}' is not known.", where=where,
                         fix=f"one of {', '.join(ACROSS)}, p5, p25, fraction_above, fraction_below")  # fmt: skip
    return float(ACROSS[word](values))


def amount(given: Any, where: str) -> tuple[float, str]:
    """A published number, with its unit where it is written as text: 26, "26 %", "9.4 mg/dL"."""
    if isinstance(given, int | float) and not isinstance(given, bool):
        return float(given), ""
    _, value, unit = parts(given, where)
    return value, unit


def statistic_of(readout: Mapping[str, Any], where: str) -> str:
    """The statistic, by any of its names. Over a window, without a word, a mean is meant."""
    word = known_as(readout.get("statistic", "value"), STATISTIC_WORDS)
    if word not in STATISTICS:
        raise InputError(f"statistic '{word}' is not known.", where=where, fix=f"one of {', '.join(STATISTICS)}")
    return word


def form_of(readout: Mapping[str, Any], where: str) -> str:
    """absolute, change, ratio or percent, by any of their names."""
    word = known_as(readout.get("as", "absolute"), FORM_WORDS)
    if word not in FORMS:
        raise InputError(f"'as = {word}' is not known.", where=where, fix=f"one of {', '.join(FORMS)}")
    return word


def times_of(readout: Mapping[str, Any], span: float, where: str) -> list[float]:
    """The days a readout needs in the output grid."""
    if "order" in readout or statistic_of(readout, where) == "first_crossing":
        return list(np.linspace(0.0, span, 400))
    begin, end = window(readout, span, where)
    wanted = [begin, end] if begin == end else list(np.linspace(begin, end, 161))
    against = str(readout.get("against", ""))
    if against.startswith("at"):
        wanted.append(days(against.removeprefix("at").lstrip(": "), where))
    return wanted


def window(readout: Mapping[str, Any], span: float, where: str) -> tuple[float, float]:
    """(begin, end) in days; the end of the scenario by default."""
    if "at" in readout:
        at = days(readout["at"], where) if str(readout["at"]) != "end" else span
        begin = end = at
    elif "window" in readout:
        begin, end = (span if str(w) == "end" else days(w, where) for w in readout["window"])
    else:
        begin = end = span
    if not 0 <= begin <= end <= span * (1 + 1e-9):
        raise InputError(
            f"a readout from day {begin:g} to {end:g} lies outside the scenario of {span:g} d.", where=where
        )
    return begin, min(end, span)


def value(t: Trajectory, readout: Mapping[str, Any], where: str) -> tuple[np.ndarray, str]:
    """The statistic of every person, and its unit, before any comparison."""
    analyte, statistic = str(readout.get("analyte", "")), statistic_of(readout, where)
    rows, unit = series(t, analyte, where)
    begin, end = window(readout, float(t.times[-1]), where)
    if statistic == "first_crossing":
        return _crossing(t, rows, readout, where)
    inside = (t.times >= begin - 1e-9) & (t.times <= end + 1e-9)
    x, y = t.times[inside], rows[:, inside]
    if statistic == "total" or (name_of(analyte) in BALANCE and begin < end):
        gained = _at(t, rows, end) - _at(t, rows, begin)
        return (gained, unit) if statistic == "total" else (gained / (end - begin), "mmol/d")
    if statistic == "value" or begin == end:
        return (_at(t, rows, end) if begin == end else _mean(x, y)), unit
    if statistic.startswith("time_of"):
        place = np.argmax(y, axis=1) if statistic.endswith("max") else np.argmin(y, axis=1)
        return x[place] - begin, "d"
    return {"mean": _mean, "auc": _auc, "min": _min, "max": _max, "median": _median}[statistic](x, y), unit


def _at(t: Trajectory, rows: np.ndarray, day: float) -> np.ndarray:
    return np.array([np.interp(day, t.times, r) for r in rows])


def _auc(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.trapezoid(y, x, axis=1) if hasattr(np, "trapezoid") else np.trapz(y, x, axis=1)  # type: ignore[attr-defined]


def _mean(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return _auc(x, y) / (x[-1] - x[0])


def _min(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return y.min(axis=1)


def _max(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return y.max(axis=1)


def _median(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.median(y, axis=1)


def _crossing(t: Trajectory, rows: np.ndarray, readout: Mapping[str, Any], where: str) -> tuple[np.ndarray, str]:
    """Where a curve first passes `level` percent of change from its start; read as `read` (a curve) or as the day."""
    level = float(readout.get("level", 0.0))
    change = 100.0 * (rows / rows[:, :1] - 1.0)
    passed = change >= level if level >= 0 else change <= level
    other, unit = (
        series(t, str(readout["read"]), where) if "read" in readout else (np.tile(t.times, (len(rows), 1)), "d")
    )
    first = [int(np.argmax(p)) if p.any() else None for p in passed]
    return np.array([math.nan if j is None else other[k, j] for k, j in enumerate(first)]), unit


def compared(arms: Mapping[str, Trajectory], readout: Mapping[str, Any], where: str) -> tuple[np.ndarray, str]:
    """The read-out of every person as it was published: absolute, change, ratio or percentage."""
    arm = str(readout.get("arm", next(iter(arms))))
    t, form = arms[arm], form_of(readout, where)
    found, unit = value(t, readout, where)
    wanted = str(readout.get("unit", ""))
    analyte = name_of(str(readout.get("analyte", "")))
    if form in ("absolute", "change"):
        if unit == "d" and wanted not in ("", "d"):
            found, unit = found / days(f"1 {wanted}", where), wanted
        elif wanted:
            found = np.array([_shown(v, analyte, wanted, unit, where) for v in found])
            unit = wanted
    if form == "absolute":
        return found, unit
    base = _base(arms, t, readout, where)
    if form == "change":
        base = np.array([_shown(v, analyte, wanted or unit, series(t, analyte, where)[1], where) for v in base])
        return found - base, wanted or unit
    if form == "ratio":
        return found / base, "1"
    return 100.0 * (found / base - 1.0), "%"


def _shown(v: float, analyte: str, wanted: str, unit: str, where: str) -> float:
    if wanted == "%" and unit == "1":
        return v * 100.0
    if wanted in ("d", unit, "1"):
        return v
    return shown(v, analyte, wanted, unit, where)


def _base(arms: Mapping[str, Trajectory], t: Trajectory, readout: Mapping[str, Any], where: str) -> np.ndarray:
    against = str(readout.get("against", "baseline")).strip()
    if against.lower() in ("baseline", "start", "day 0"):
        rows, _ = series(t, str(readout["analyte"]), where)
        return rows[:, 0]
    if against.startswith("at"):
        rows, _ = series(t, str(readout["analyte"]), where)
        return _at(t, rows, days(against.removeprefix("at").lstrip(": "), where))
    name = against.removeprefix("arm").lstrip(": ").strip()
    if name not in arms:
        raise InputError(f"nothing to compare with: '{against}'.", where=where,
                         fix="baseline, at: TIME, or arm: " + ", ".join(arms))  # fmt: skip
    return value(arms[name], readout, where)[0]
