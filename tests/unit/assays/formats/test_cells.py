"""One cell: numbers, decimal commas, missing and overflow marks, times, wells."""

from __future__ import annotations

import math
from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fetuin.assays.formats import cells


@pytest.mark.parametrize(
    ("cell", "comma", "value"),
    [("1.5", False, 1.5), ("1,5", True, 1.5), ("1.234,5", True, 1234.5), ("1,234.5", False, 1234.5), ("-.5e3", False, -500.0),
     (3, False, 3.0), ("1_000", False, None), ("1e999", False, None), ("nan", False, None), ("0x10", False, None),
     ("1,5", False, None), (True, False, None), (math.nan, False, None), ("١٢", False, None)],
)  # fmt: skip
def test_numbers(cell: object, comma: bool, value: float | None) -> None:
    assert cells.number(cell, comma) == value


@pytest.mark.parametrize("mark", ["OVRFLW", "overflow", "#Sat", "*****", ">2.5", "∞"])
def test_overflow_marks(mark: str) -> None:
    value, over = cells.reading(mark) or (0.0, False)
    assert over
    assert math.isnan(value)


@pytest.mark.parametrize("mark", ["", "?????", "n.a.", "NaN", "-", "MISSED", None])
def test_missing_marks(mark: str | None) -> None:
    value, over = cells.reading(mark) or (0.0, True)
    assert not over
    assert math.isnan(value)


@pytest.mark.parametrize("junk", ["abc", "1 2", "12a", "#DIV/0!", "<", "1;2"])
def test_anything_else_is_no_reading(junk: str) -> None:
    assert cells.reading(junk) is None


@pytest.mark.parametrize(
    ("cell", "unit", "value"),
    [("0:07:31", None, 7 + 31 / 60), ("1.02:03:04", None, 1440 + 123 + 4 / 60), ("0:00.000", None, 0.0), ("4:30.500", None, 4 + 30.5 / 60),
     ("0 h 45 min", None, 45.0), ("27 h", None, 1620.0), ("0 min 38 s", None, 38 / 60), ("900s", None, 15.0), ("1,5 h", None, 90.0),
     (0.75, "h", 45.0), ("90", "s", 1.5), ("90", None, None), (time(1, 30), None, 90.0), (timedelta(days=1), None, 1440.0),
     ("12:99:00", None, None), ("noon", None, None), ("5 parsecs", None, None), ("9" * 400 + " h", None, None), (1e8, "m", None)],
)  # fmt: skip
def test_times(cell: object, unit: str | None, value: float | None) -> None:
    got = cells.minutes(cell, unit)
    assert got == pytest.approx(value) if value is not None else got is None


@pytest.mark.parametrize(
    ("label", "unit"),
    [("Time [s]", "s"), ("Time [h]", "h"), ("time_min", "m"), ("Measurement time(s)", "s"), ("Time", None)],
)
def test_units_of_headings(label: str, unit: str | None) -> None:
    assert cells.unit_of(label) == unit


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("a1", "A01"),
        ("P24", "P24"),
        ("A 1", "A01"),
        ("B012", "B12"),
        ("Q1", None),
        ("A25", None),
        ("A0", None),
        (1, None),
    ],
)
def test_wells(cell: object, name: str | None) -> None:
    assert cells.well(cell) == name


@given(st.text(max_size=30))
def test_no_text_is_too_strange(word: str) -> None:
    cells.number(word, True)
    cells.minutes(word, None)
    cells.well(word)
    cells.reading(word)
    assert cells.unit_of(word) in (None, "x", "s", "m", "h", "d")


@given(st.floats(-1e12, 1e12, allow_nan=False))
def test_a_number_comes_back_in_both_styles(value: float) -> None:
    assert cells.number(repr(value)) == value
    assert cells.number(repr(value).replace(".", ","), True) == value
