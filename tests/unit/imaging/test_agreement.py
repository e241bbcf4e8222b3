"""Agreement against the worked example of Shrout and Fleiss and against statsmodels."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fetuin.imaging.agreement import icc, kappa, limits_of_agreement

SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])


def test_icc_of_the_published_example():
    a, c = icc(SHROUT_FLEISS), icc(SHROUT_FLEISS, model="consistency")
    assert a.value == pytest.approx(0.29, abs=0.005)
    assert (a.low, a.high) == (pytest.approx(0.02, abs=0.005), pytest.approx(0.76, abs=0.005))
    assert c.value == pytest.approx(0.71, abs=0.005)
    assert (c.low, c.high) == (pytest.approx(0.34, abs=0.005), pytest.approx(0.95, abs=0.005))


@pytest.mark.parametrize(("ours", "theirs"), [("none", None), ("linear", "linear"), ("quadratic", "quadratic")])
def test_kappa_agrees_with_statsmodels(ours, theirs):
    stats = pytest.importorskip("statsmodels.stats.inter_rater")
    rng = np.random.default_rng(3)
    a = rng.integers(0, 4, 80)
    b = np.clip(a + rng.integers(-1, 2, 80), 0, 3)
    table = np.zeros((4, 4))
    np.add.at(table, (a, b), 1)
    wanted = stats.cohens_kappa(table, wt=theirs)
    found = kappa(a.tolist(), b.tolist(), weights=ours)
    assert found.value == pytest.approx(wanted.kappa)
    assert found.value - found.low == pytest.approx(1.96 * wanted.std_kappa, rel=1e-6)


def test_no_spread_is_undefined_and_a_shift_lowers_agreement_only():
    assert math.isnan(kappa([1, 1], [1, 1]).value)
    x = np.array([[1.0, 3.0], [4.0, 6.0], [9.0, 11.0], [2.0, 4.0]])
    assert icc(x, model="consistency").value == pytest.approx(1)
    assert icc(x).value < 0.95
    shift = limits_of_agreement([1, 4, 9, 2], [3, 6, 11, 4])
    assert (shift.value, shift.low, shift.high) == (2, 2, 2)
