"""Rows: places stay inside the picture, words stand beside it as text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from fetuin.reports.rows import arrow, axis, box, dot, row, rows, whisker


@given(st.floats(-500, 500), st.floats(-500, 500))
def test_a_bar_stays_inside_the_row(a: float, b: float) -> None:
    found = re.search(r'x="([\d.]+)" y="4" width="([\d.]+)"', box(a, b, "c1"))
    assert found
    x, width = float(found[1]), float(found[2])
    assert 0 <= x <= 100
    assert x + width <= 100.5


def test_words_are_escaped_and_read_aloud() -> None:
    html = row("<a>", dot(5) + whisker(1, 2) + arrow(3, True), "<b>", note="<c>", says='"loud"')
    assert all(f"&lt;{x}&gt;" in html for x in "abc")
    assert "&quot;loud&quot;" in html
    assert "aria-hidden=true" in row("a", "", "b")


def test_rows_have_a_caption() -> None:
    assert "<figcaption>why</figcaption>" in rows([row("a", "", "b"), axis("low", "high")], "why")
