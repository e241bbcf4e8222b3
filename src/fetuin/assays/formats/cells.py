"""One cell of an instrument file: a number, a missing mark, an overflow mark, a time, a well name.

Every place where a cell is judged is here, so that all formats agree on what "OVRFLW" or "0 h 45 min" means.
Rows and columns are counted from 0 inside and from 1 in messages.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any

from fetuin.errors import InputError

NAN = float("nan")
LONGEST = 1e7  # minutes, 19 years: no run is longer
MISSING = frozenset(
    ("", "-", "--", "---", "n.a.", "n/a", "na", "nan", "#n/a", "null", "none", "?", "?????", "missed", "masked", "#masked",
     "empty", "inj.", "not read", "skipped", "range?", "path?", "invalid")
)  # fmt: skip
OVERFLOW = frozenset(
    ("ovrflw", "overflow", "over", "ovr", "ovfl", "#sat", "sat", "sat.", "saturated", "*****", "****", ">>>>", ">>>>>",
     "inf", "+inf", "infinity", "∞", "max", ">max", "overload", "out of range", "out")
)  # fmt: skip
PLAIN = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?", re.ASCII)
GROUPED = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
WELL = re.compile(r"([A-P])\s?0{0,2}([1-9]|1\d|2[0-4])", re.ASCII)
CLOCK = re.compile(r"(?:(\d{1,3})[.d]\s?)?(\d{1,4}):([0-5]?\d):([0-5]?\d(?:[.,]\d+)?)", re.ASCII)
SHORT_CLOCK = re.compile(r"(\d{1,4}):([0-5]?\d(?:[.,]\d+)?)", re.ASCII)
PARTS = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(days?|d|hours?|hrs?|h|min(?:utes?)?|sec(?:onds?)?|ms|s)\b\.?", re.IGNORECASE | re.ASCII
)
PER_MINUTE = {"d": 1440.0, "h": 60.0, "m": 1.0, "s": 1 / 60, "x": 1 / 60000}
UNITS = {"ms": "x", "msec": "x", "s": "s", "sec": "s", "seconds": "s", "second": "s", "m": "m", "min": "m", "mins": "m",
         "minutes": "m", "minute": "m", "h": "h", "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "d": "d", "day": "d",
         "days": "d"}  # fmt: skip


def column_letter(column: int) -> str:
    """The spreadsheet's name of a column counted from 0: A, B, ..., Z, AA."""
    name, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def place(file: str, row: int, column: int, sheet: str = "") -> str:
    """Where a cell stands, in words: file, sheet, row, column (counted from 1) and the column's letter."""
    in_sheet = f", sheet '{sheet}'" if sheet else ""
    return f"{file}{in_sheet}, row {row + 1}, column {column + 1} ({column_letter(column)})"


def refuse(
    file: str, row: int, column: int, found: Any, expected: str, *, sheet: str = "", fix: str = ""
) -> InputError:
    """The error for one cell: what was found, where, what was expected there, how to mend it."""
    word = text(found)
    shown = "An empty cell" if not word else f"'{word if len(word) <= 60 else word[:57] + '...'}'"
    return InputError(
        f"{shown} where {expected} was expected.",
        where=place(file, row, column, sheet),
        why=f"expected {expected}",
        fix=fix or "correct the cell, or export the plate again without editing it",
    )


def text(cell: Any) -> str:
    """A cell as trimmed text; whole floats without their '.0'."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()


def number(cell: Any, comma: bool = False) -> float | None:
    """The number in a cell, or None where it is not one. `comma`: the file writes decimal commas."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, (int, float)):
        return float(cell) if abs(cell) < 1e300 else None
    if not isinstance(cell, str):
        return None
    word = cell.strip()
    if comma:
        word = word.replace(".", "").replace(",", ".") if "," in word else word
    elif "," in word and GROUPED.fullmatch(word):
        word = word.replace(",", "")
    if not PLAIN.fullmatch(word):
        return None
    value = float(word)
    return value if abs(value) < 1e300 else None


def reading(cell: Any, comma: bool = False) -> tuple[float, bool] | None:
    """(value, overflow) of a measured cell; the value is NaN where missing or over range; None if it is neither."""
    if isinstance(cell, float) and abs(cell) < 1e300:
        return cell, False
    value = number(cell, comma)
    if value is not None:
        return value, False
    word = text(cell).lower()
    if word in MISSING:
        return NAN, False
    if word in OVERFLOW or (word.startswith(">") and number(word[1:], comma) is not None):
        return NAN, True
    return None


def well(cell: Any) -> str | None:
    """The well named in a cell as 'A01' ... 'P24', or None."""
    if not isinstance(cell, str):
        return None
    match = WELL.fullmatch(cell.strip().upper())
    return f"{match[1]}{int(match[2]):02d}" if match else None


def unit_of(label: str) -> str | None:
    """The time unit in a heading: 'Time [s]', 'time_min', 'Time (h)'; None where it names none."""
    low = label.strip().lower()
    match = re.search(r"[\[(]\s*([a-z]+)\s*[\])]", low) or re.search(r"(?:^|[_\s])([a-z]+)$", low)
    return UNITS.get(match[1]) if match else None


def minutes(cell: Any, unit: str | None = None, comma: bool = False) -> float | None:
    """A time in minutes: '0:07:31', '1.02:03:04', '2 h 30 min', '600s', a spreadsheet time, or a number in `unit`.

    None where the cell is no time, or one beyond `LONGEST`.
    """
    value = _minutes(cell, unit, comma)
    return value if value is not None and abs(value) <= LONGEST else None


def _minutes(cell: Any, unit: str | None, comma: bool) -> float | None:
    if isinstance(cell, timedelta):
        return cell.total_seconds() / 60
    if isinstance(cell, time):
        return cell.hour * 60 + cell.minute + (cell.second + cell.microsecond / 1e6) / 60
    if isinstance(cell, datetime):
        return None
    value = number(cell, comma)
    if value is not None:
        return value * PER_MINUTE[unit] if unit else None
    return _worded(text(cell))


def _worded(word: str) -> float | None:
    if match := CLOCK.fullmatch(word):
        days, hours, mins, secs = match.groups()
        return int(days or 0) * 1440.0 + int(hours) * 60 + int(mins) + float(secs.replace(",", ".")) / 60
    if match := SHORT_CLOCK.fullmatch(word):
        return int(match[1]) + float(match[2].replace(",", ".")) / 60
    parts = PARTS.findall(word)
    if not parts or PARTS.sub("", word).strip(" ,;"):
        return None
    return sum(float(n.replace(",", ".")) * PER_MINUTE[UNITS[u.lower()]] for n, u in parts)
