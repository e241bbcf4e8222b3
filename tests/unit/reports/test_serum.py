"""The serum as a picture: order is kept, words are not turned into numbers, nothing is called normal unasked."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fetuin.records.record import Observation, Record
from fetuin.reports.reference import interval_of
from fetuin.reports.serum import BAND, place, serum, timeline, verdict


@given(st.floats(0, 1e4), st.floats(0, 1e4))
def test_a_larger_value_never_stands_further_left(a: float, b: float) -> None:
    low, high = sorted((a, b))
    one, other = place(low, 2.2, 2.6), place(high, 2.2, 2.6)
    assert one is not None
    assert other is not None
    assert 0 <= one <= other <= 100


@pytest.mark.parametrize(("value", "side"), [(2.0, "low"), (2.4, "normal"), (3.1, "high")])
def test_the_band_holds_exactly_the_normal_values(value: float, side: str) -> None:
    at = place(value, 2.2, 2.6)
    assert at is not None
    assert {"low": at < BAND[0], "normal": BAND[0] <= at <= BAND[1], "high": at > BAND[1]}[side]
    assert verdict(Observation("calcium_total", value, "mmol/L"), 2.2, 2.6) == side


def test_a_bound_is_not_read_as_a_value() -> None:
    below = Observation("crp", 9.0, "mg/L", censor="<")
    assert verdict(below, None, 5.0) == "normal" or verdict(below, None, 5.0) != "high"
    assert verdict(Observation("pth", 10, "ng/L", censor=">"), 15, 65) != "low"


def test_without_an_interval_nothing_is_called_normal() -> None:
    o = Observation("crp", 3.0, "mg/L")
    assert verdict(o, None, None) == "no interval"
    assert place(3.0, None, None) is None
    html = serum(Record(observations=(o,)), lambda _: (None, None), str)
    assert "no reference interval known" in html
    assert "normal" not in html.split("</div><figcaption>")[0].replace("no reference interval", "")


def test_an_empty_serum_says_that_nothing_was_assumed() -> None:
    assert "nothing was assumed" in serum(Record(), lambda _: (None, None), str)


def at(day: int) -> datetime:
    return datetime(2012, 1, day, tzinfo=UTC)


def test_the_newest_value_is_drawn_and_the_course_follows_the_dates() -> None:
    observations = tuple(
        Observation("phosphate", v, "mmol/L", at(d), low=0.8, high=1.5) for d, v in ((9, 3.1), (2, 1.1), (5, 2.0))
    )
    record = Record(observations=observations)
    assert "3.1 mmol/L, 2012-01-09" in serum(record, interval_of(record), str)
    course = timeline(record, interval_of(record), str)
    dots = re.findall(r'cx="([\d.]+)"[^>]*><title>(\S+) mmol/L, ([^<]+)<', course)
    assert [d[1:] for d in dots] == [("1.1", "2012-01-02"), ("2", "2012-01-05"), ("3.1", "2012-01-09")]
    places = [float(d[0]) for d in dots]
    assert places == sorted(places)
    assert (places[1] - places[0]) / (places[2] - places[0]) == pytest.approx(3 / 7, abs=1e-3)
    assert "3 values" in course


def test_no_dates_no_course() -> None:
    record = Record(observations=(Observation("phosphate", 1.0, "mmol/L"),))
    assert "no dates" in timeline(record, interval_of(record), str)
