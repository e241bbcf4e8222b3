"""The page of a measured plate: every well, curve, flag and exclusion is on it; it asks nothing of the outside; it is safe."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from fetuin.assays.layout import Layout, Well
from fetuin.assays.simulate_plate import simulate
from fetuin.assays.t50 import Exclusion, T50Result, measure
from fetuin.notice import RESEARCH_USE
from fetuin.reports.plate import report


@pytest.fixture(scope="module")
def result() -> T50Result:
    plate = simulate(8, "full", wells=96, t50=np.linspace(150.0, 640.0, 96)).plate
    wells = {w: Well(w, f"<b>serum {w}</b>") for w in plate.wells} | {
        "A01": Well("A01", "low", "control_low", lot="L9")
    }
    cut = [Exclusion("B01", None, "<script>alert(1)</script>", "A. Analyst", "2026-01-01")]
    return measure(plate, Layout(wells, 96, "map"), at="2026-01-01", exclude=cut)


def test_every_well_has_a_cell_a_row_and_a_curve(result: T50Result) -> None:
    html = report(result)
    for well in result.wells:
        assert html.count(f'<figure id="w-{well.well}">') == 1
        assert html.count(f'href="#w-{well.well}"') >= 2
    assert html.count("<svg") == 1 + len(result.wells)


def test_flags_controls_exclusions_and_censoring_are_told(result: T50Result) -> None:
    html = report(result)
    for kind in {f.kind for w in result.wells for f in w.flags}:
        assert kind in html
    assert "control low" in html
    assert "L9" in html
    assert "A. Analyst" in html
    beyond = [w for w in result.wells if w.censored]
    assert beyond
    assert all(f"&gt; {w.ci_low:.0f}" in html for w in beyond)
    assert f"{sum(w.t50_min is not None for w in result.wells)} of 96" in html


def test_no_outside_request_and_no_foreign_markup(result: T50Result) -> None:
    html = report(result)
    assert RESEARCH_USE in html
    assert "<script" not in html
    assert "<b>serum" not in html
    assert "&lt;b&gt;serum" in html
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//|url\(|@import", html)


def test_tags_close(result: T50Result) -> None:
    """A strict reading of the tags that must close."""
    open_tags: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag not in ("meta", "br", "rect", "path", "circle", "line", "link"):
                open_tags.append(tag)

        def handle_endtag(self, tag: str) -> None:
            if tag not in ("rect", "path", "circle", "line"):
                assert open_tags.pop() == tag

    Reader().feed(report(result))
    assert open_tags == []
