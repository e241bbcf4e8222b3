"""Change against chance, and what a score is called."""

from __future__ import annotations

import pytest

from fetuin.imaging import repeatability as r


def test_mesa_limit_of_400_at_bmi_28():
    assert r.mesa_limit_agatston(400, 28) == pytest.approx(167.28, abs=0.01)


def test_change_is_said_only_beyond_the_limit():
    assert not r.has_changed(400, 500, 28)["changed"]
    assert r.has_changed(400, 800, 28)["changed"]


def test_a_faster_growth_is_seen_earlier():
    slow, fast = r.earliest_visible(400, 0.1, 28), r.earliest_visible(400, 0.3, 28)
    assert fast < slow < 50
    assert r.earliest_visible(0, 0.2, 28) == float("inf")


@pytest.mark.parametrize(("score", "category"), [(0, "A0"), (99, "A1"), (299.9, "A2"), (300, "A3")])
def test_cac_drs(score, category):
    assert r.cac_drs(score) == category


def test_aortic_valve_by_sex():
    assert r.aortic_stenosis(1300, "F") == "likely"
    assert r.aortic_stenosis(1300, "M") == "unlikely"
