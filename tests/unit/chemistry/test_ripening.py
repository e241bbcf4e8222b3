"""The predictor reproduces the published rows, widens where nothing was measured, and learns from a measured T50."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fetuin.chemistry import ripening as P
from fetuin.chemistry.ripening import (
    HD,
    ROWS,
    Serum,
    population,
    predict,
    prior,
    published,
    variance_explained_by_allele,
)
from fetuin.errors import InputError


def change(row):
    """Predicted change from the T50 that the row measured before [min]."""
    belief = published()
    ratio = (belief.design(row.after) - belief.design(row.before)) @ belief.mean
    return row.t50_before * np.expm1(ratio)


@pytest.mark.req("t50-general-population")
def test_general_population():
    t50 = population(100_000, seed=1)
    assert t50.mean() == pytest.approx(329.0, abs=15.0)
    assert t50.std() == pytest.approx(58.0, abs=15.0)
    assert np.percentile(t50, [2.5, 97.5]) == pytest.approx([215.0, 443.0], abs=15.0)
    expected = predict({})
    assert expected.t50_min == pytest.approx(329.0, abs=15.0)
    assert (expected.low, expected.high) == (pytest.approx(215.0, abs=15.0), pytest.approx(443.0, abs=15.0))


@pytest.mark.parametrize(("row", "low", "high"), [(0, 49.0, 84.0), (1, 30.0, 116.0), (2, 37.0, 77.0)])
@pytest.mark.req("t50-published-rows")
def test_published_rows(row, low, high):
    assert low <= change(ROWS[row]) <= high


def test_leaving_a_row_out_still_predicts_it():
    for row, (low, high) in zip(ROWS, [(30.0, 110.0), (30.0, 116.0), (30.0, 100.0)]):
        belief = published(tuple(r for r in ROWS if r is not row))
        ratio = (belief.design(row.after) - belief.design(row.before)) @ belief.mean
        assert low <= row.t50_before * np.expm1(ratio) <= high


@pytest.mark.req("t50-ahsg")
def test_variance_explained_by_ahsg():
    assert 0.15 <= variance_explained_by_allele() <= 0.21


def test_signs_and_sizes_of_the_slopes():
    slopes = dict(zip(P.SLOPES, published().mean))
    assert 5.0 < -slopes["phosphate"] < 7.5
    assert 6.0 < -slopes["calcium"] < 10.0
    assert 0.7 < slopes["magnesium"] < 1.3
    assert all(slopes[k] > 0 for k in ("fetuin_a", "albumin", "bicarbonate", "citrate"))


def test_rows_make_the_slopes_surer():
    before, after = np.diag(prior().covariance), np.diag(published().covariance)
    assert after[1] < 0.5 * before[1]
    assert after[3] < before[3]


def test_unmeasured_values_widen_the_interval():
    full = Serum(1.1, 2.35, 0.85, 0.46, 43.0, 24.0, 0.12)
    widths = [np.log(p.high / p.low) for p in (predict(full), predict(replace(full, fetuin_a=None)), predict({}))]
    assert widths[0] < widths[1] < widths[2]
    assert predict({}).assumed == ("phosphate", "calcium", "magnesium", "fetuin_a", "albumin", "bicarbonate", "citrate")


def test_a_measured_t50_updates_the_prediction():
    plain, after = predict(replace(HD, phosphate=1.63)), predict(replace(HD, phosphate=1.63), ((HD, 180.0),))
    assert after.t50_min < plain.t50_min
    assert after.high - after.low < plain.high - plain.low
    assert after.updated_by == (180.0,)
    many = predict(HD, ((HD, 180.0),) * 30)
    assert many.t50_min == pytest.approx(180.0, rel=0.03)


def test_update_is_bayes_rule():
    """One measurement against the normal posterior written out with precisions."""
    belief, x = published(), published().design(HD)
    new = belief.with_measured(HD, 200.0)
    precision = np.linalg.inv(belief.covariance) + np.outer(x, x) / 0.055**2
    mean = np.linalg.solve(precision, np.linalg.inv(belief.covariance) @ belief.mean + x * np.log(200.0) / 0.055**2)
    assert new.mean == pytest.approx(mean, rel=1e-6, abs=1e-9)
    assert new.covariance == pytest.approx(np.linalg.inv(precision), rel=1e-5, abs=1e-12)


def test_what_would_a_little_more_magnesium_do():
    answer = published().sensitivity(HD, {"magnesium": 0.1, "phosphate": 0.1, "calcium": 0.1})
    rise, low, high = answer["magnesium"]
    assert low < rise < high
    assert 15.0 < rise < 40.0
    assert low > 0
    assert answer["phosphate"][0] < 0 and answer["calcium"][0] < 0  # noqa: PT018


def test_it_says_that_it_predicts():
    assert "not a measurement" in predict({}).statement
    assert "Research use only" in predict({}).notice


def test_refusals():
    with pytest.raises(InputError, match="phosphat"):
        predict({"phosphat": 1.0})
    with pytest.raises(InputError, match="outside what a serum can hold"):
        predict({"phosphate": 40.0})
    with pytest.raises(InputError, match="cannot be used"):
        published().with_measured(HD, -3.0)
