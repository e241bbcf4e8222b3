"""Regressions and agreement against results derived another way, and published data."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.assays.method_comparison import bland_altman, deming, passing_bablok
from fetuin.errors import InputError, NotEnoughDataError

# Peak flow by two meters, first readings of 17 people: Bland and Altman, Lancet 1986;i:307, table
WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]


def pairs(n=60, seed=0, slope=1.1, intercept=-10.0, sx=8.0, sy=8.0):
    rng = np.random.default_rng(seed)
    true = rng.normal(290, 75, n)
    return true + rng.normal(0, sx, n), intercept + slope * true + rng.normal(0, sy, n)


def test_bland_altman_on_the_published_data():
    a = bland_altman(MINI, WRIGHT)
    assert a.bias == pytest.approx(-2.1, abs=0.05)
    assert a.sd == pytest.approx(38.8, abs=0.05)
    assert a.low == pytest.approx(-2.1 - 1.96 * 38.8, abs=0.3)
    assert a.high == pytest.approx(-2.1 + 1.96 * 38.8, abs=0.3)
    assert a.bias_interval == pytest.approx((-22.0, 17.8), abs=0.3)  # published: -22.0 to 17.8


def test_bland_altman_of_ratios():
    x, _ = pairs()
    a = bland_altman(x, 1.05 * x * np.exp(np.random.default_rng(1).normal(0, 0.05, x.size)), log=True)
    assert a.bias == pytest.approx(1.05, abs=0.02)
    assert a.low == pytest.approx(1.05 * np.exp(-1.96 * 0.05), abs=0.03)


def test_exact_line():
    x = np.array([1.0, 2.0, 4.0, 7.0, 11.0, 16.0])
    for line in (passing_bablok(x, 2 * x + 1), deming(x, 2 * x + 1)):
        assert (line.slope, line.intercept) == (pytest.approx(2.0), pytest.approx(1.0))
        assert line.differs


def test_passing_bablok_by_hand():
    """Five points, ten slopes: sorted by hand, none below -1, the median is the mean of the fifth and sixth."""
    x, y = [1.0, 2.0, 3.0, 4.0, 6.0], [1.1, 1.9, 3.2, 4.1, 5.8]
    slopes = sorted((y[j] - y[i]) / (x[j] - x[i]) for i in range(5) for j in range(i + 1, 5))
    line = passing_bablok(x, y)
    assert line.slope == pytest.approx((slopes[4] + slopes[5]) / 2)
    assert line.intercept == pytest.approx(np.median([b - line.slope * a for a, b in zip(x, y)]))


def test_passing_bablok_does_not_care_which_method_is_x():
    x, y = pairs(31)
    a, b = passing_bablok(x, y), passing_bablok(y, x)
    assert a.slope == pytest.approx(1 / b.slope, rel=1e-9)
    assert a.slope_interval == pytest.approx((1 / b.slope_interval[1], 1 / b.slope_interval[0]), rel=1e-9)


def test_passing_bablok_ignores_an_outlier_that_moves_deming():
    x, y = pairs(41, seed=3, slope=1.0, intercept=0.0, sx=4.0, sy=4.0)
    bad = y.copy()
    bad[np.argmax(x)] += 400.0
    assert abs(passing_bablok(x, bad).slope - passing_bablok(x, y).slope) < 0.02
    assert abs(deming(x, bad).slope - deming(x, y).slope) > 0.1


@pytest.mark.parametrize("regression", [passing_bablok, deming])
def test_intervals_cover(regression):
    hits = sum(a <= 1.1 <= b for a, b in (regression(*pairs(40, seed, sy=8.8)).slope_interval for seed in range(300)))
    assert 0.91 <= hits / 300 <= 0.985


def test_linearity():
    rng = np.random.default_rng(0)
    x = np.linspace(100, 500, 80)
    bent = x + 0.002 * (x - 300) ** 2 + rng.normal(0, 5, 80)
    assert passing_bablok(x, bent).linear_p < 0.01
    assert passing_bablok(x, x + rng.normal(0, 5, 80)).linear_p > 0.05


def test_deming_is_the_principal_axis():
    x, y = pairs(50)
    _, _, v = np.linalg.svd(np.c_[x - x.mean(), y - y.mean()], full_matrices=False)
    assert deming(x, y).slope == pytest.approx(v[0, 1] / v[0, 0])


def test_deming_with_little_error_in_x_is_least_squares():
    x, y = pairs(50)
    assert deming(x, y, ratio=1e9).slope == pytest.approx(np.polyfit(x, y, 1)[0], rel=1e-6)


def test_refusals():
    with pytest.raises(InputError, match="paired"):
        deming([1, 2, 3], [1, 2])
    with pytest.raises(InputError, match="missing"):
        bland_altman([1, 2, np.nan], [1, 2, 3])
    with pytest.raises(NotEnoughDataError):
        passing_bablok([1, 1, 1, 1, 1], [1, 2, 3, 4, 5])
