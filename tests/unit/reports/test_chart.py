"""Charts: round ticks, nothing drawn for what is not finite, labels that stay inside the picture and off each other."""

from __future__ import annotations

import itertools
import math
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fetuin.reports.chart import BOTTOM, LEFT, RIGHT, TOP, Chart, ticks


def chart() -> Chart:
    return Chart("T50", x=(0, 10), y=(0, 1), xlabel="time, min", ylabel="signal")


def parsed(c: Chart) -> ElementTree.Element:
    figure = c.svg().replace("<figure tabindex=0>", "<figure>")
    figure = re.sub(r"(\w+)=([\w-]+)(?=[ >/])", r'\1="\2"', figure)
    return ElementTree.fromstring(figure)


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
def test_ticks_are_round_few_and_inside(low: float, span: float) -> None:
    found = ticks(low, low + span)
    assert 1 <= len(found) <= 8
    assert all(low - 1e-6 * span - 1e-9 <= t <= low + span * (1 + 1e-6) + 1e-9 for t in found)
    steps = [b - a for a, b in itertools.pairwise(found)]
    assert all(math.isclose(s, steps[0], rel_tol=1e-3) for s in steps)


def test_ticks_of_an_empty_or_endless_span_are_its_start() -> None:
    assert ticks(3, 3) == [3]
    assert ticks(0, math.inf) == [0]


def test_places_run_from_the_left_bottom_to_the_right_top() -> None:
    c = chart()
    assert (c.px(0), c.px(10)) == (LEFT, c.width - RIGHT)
    assert (c.py(0), c.py(1)) == (c.height - BOTTOM, TOP)


def test_a_log_axis_spreads_decades_evenly() -> None:
    c = Chart("t", x=(1, 100), y=(0, 1), log="x")
    assert c.px(10) == pytest.approx((c.px(1) + c.px(100)) / 2, abs=0.02)
    assert c._ticks("x") == [1, 10, 100]


def test_a_line_breaks_where_a_value_is_missing() -> None:
    c = chart().line([0, 1, 2, 3], [0, math.nan, 1, 1])
    assert c.parts[0].count("M") == 2
    assert "nan" not in c.parts[0]


def test_points_that_are_not_finite_are_not_drawn() -> None:
    assert len(chart().points([0, 1], [math.inf, 1], tips=["a", "<b>"]).parts) == 1


def test_words_are_escaped_and_the_chart_is_named_for_screen_readers() -> None:
    c = Chart("a <b> & c", x=(0, 1), y=(0, 1)).text(0, 0, "<x>")
    root = parsed(c)
    svg = root.find("svg")
    assert svg is not None
    assert svg.attrib["aria-label"] == "a <b> & c"
    assert svg.findtext("title") == "a <b> & c"


@pytest.mark.parametrize("top", [1, 12, 250, 99_999, 1e6, 1e-4])
def test_axis_labels_do_not_overlap(top: float) -> None:
    """Twelve-pixel digits are about seven pixels wide: y labels stay clear of the axis title, x labels of each other."""
    c = Chart("t", x=(0, top), y=(0, top), xlabel="x", ylabel="y")
    labels = [
        (float(e.attrib["x"]), e.attrib["text-anchor"], e.text or "") for e in parsed(c).iter("text") if "x" in e.attrib
    ]
    left = [x - 7 * len(words) for x, anchor, words in labels if anchor == "end" and x < LEFT]
    assert all(x > 8 for x in left)
    across = sorted((x - 3.5 * len(w), x + 3.5 * len(w)) for x, anchor, w in labels if anchor == "middle" and w != "x")
    assert all(a[1] <= b[0] + 1 for a, b in itertools.pairwise(across))
    assert all(b <= c.width + 8 for _, b in across)


def test_named_ticks_replace_numbers_and_stay_inside() -> None:
    c = Chart("t", x=(0, 1), y=(0, 1), width=420, xticks=[(0, "2012-01-04"), (1, "2012-06-04")])
    words = {e.text: e.attrib["text-anchor"] for e in parsed(c).iter("text")}
    assert words["2012-06-04"] == "end"
    assert words["2012-01-04"] == "middle"
