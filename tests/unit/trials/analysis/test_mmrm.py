"""What the reference records do not show: other structures, groups, weights, and refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fetuin.errors import InputError, NumericalError
from fetuin.trials.analysis.contrasts import differences, ls_mean
from fetuin.trials.analysis.covariance import structure
from fetuin.trials.analysis.inference import inference
from fetuin.trials.analysis.mmrm import fit


@pytest.fixture(scope="module")
def trial() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    n, m = 60, 4
    S = 9 * 0.6 ** np.abs(np.subtract.outer(range(m), range(m)))
    y = rng.multivariate_normal(np.arange(m), S, n) + 2 * (np.arange(n) % 2)[:, None]
    y[rng.random((n, m)) < 0.15] = np.nan
    rows = [(f"P{i}", "AB"[i % 2], f"V{v}", y[i, v], float(v)) for i in range(n) for v in range(m)]
    return pd.DataFrame(rows, columns=["id", "arm", "visit", "y", "time"])


@pytest.mark.parametrize("name", ["us", "toep", "toeph", "ar1", "ar1h", "cs", "csh", "ad", "adh", "sp_exp", "sp_gau"])
def test_every_structure_fits_and_its_two_parametrisations_are_one(trial, name):
    f = fit(trial, "y ~ arm*visit", subject="id", visit="visit", covariance=name, coordinates=["time"])
    assert np.abs(f.likelihood.gradient(f.theta)).max() < 1e-3
    form = structure(name)
    at = np.arange(4.0)[:, None] if form.spatial else np.arange(4)
    S = form.free(f.theta, at)
    assert np.allclose(form.natural(form.to_natural(S, at), at), S, rtol=1e-8)
    assert len(f.names) == len(f.natural)


def test_nested_structures_have_ordered_likelihoods(trial):
    m2 = {
        c: fit(trial, "y ~ arm*visit", subject="id", visit="visit", covariance=c).minus2
        for c in ("us", "toeph", "ar1h", "ar1")
    }
    assert m2["us"] < m2["toeph"] < m2["ar1h"] < m2["ar1"]


def test_gradient_is_the_slope_of_the_likelihood(trial):
    for reml in (True, False):
        f = fit(trial, "y ~ arm*visit", subject="id", visit="visit", covariance="toeph", reml=reml)
        theta = f.theta + 0.1
        for i in range(len(theta)):
            e = np.eye(len(theta))[i] * 1e-6
            slope = (f.likelihood.minus2(theta + e) - f.likelihood.minus2(theta - e)) / 2e-6
            assert f.likelihood.gradient(theta)[i] == pytest.approx(slope, rel=1e-4, abs=1e-4)


def test_groups_have_their_own_covariance(trial):
    together = fit(trial, "y ~ arm*visit", subject="id", visit="visit", covariance="ar1h")
    apart = fit(trial, "y ~ arm*visit", subject="id", visit="visit", covariance="ar1h", group="arm")
    assert len(apart.natural) == 2 * len(together.natural)
    assert apart.minus2 < together.minus2


def test_weights_of_one_change_nothing(trial):
    plain = fit(trial, "y ~ arm*visit", subject="id", visit="visit")
    weighted = fit(trial.assign(w=1.0), "y ~ arm*visit", subject="id", visit="visit", weights="w")
    assert weighted.minus2 == pytest.approx(plain.minus2, abs=1e-9)


def test_without_missing_visits_the_difference_is_that_of_the_means_with_exact_df():
    rng = np.random.default_rng(5)
    rows = [(f"P{i}", "AB"[i % 2], f"V{v}", rng.normal() + v) for i in range(20) for v in range(3)]
    t = pd.DataFrame(rows, columns=["id", "arm", "visit", "y"])
    f = fit(t, "y ~ arm*visit", subject="id", visit="visit")
    got = differences(f.design, inference("satterthwaite")(f), arm="arm", visit="visit")[2].test
    a, b = (t[(t.arm == k) & (t.visit == "V2")].y for k in "AB")
    assert got.estimate == pytest.approx(b.mean() - a.mean(), abs=1e-6)
    assert got.se == pytest.approx(np.sqrt((a.var() + b.var()) / 2 / 10 * 2), rel=1e-4)
    assert got.df == pytest.approx(18, abs=0.05)


def test_refusals_name_the_place(trial):
    with pytest.raises(InputError, match="no column"):
        fit(trial, "nothing ~ arm", subject="id", visit="visit")
    with pytest.raises(InputError, match="stands twice"):
        fit(pd.concat([trial, trial]), "y ~ arm", subject="id", visit="visit")
    with pytest.raises(InputError, match="ar1h"):
        fit(trial, "y ~ arm", subject="id", visit="visit", covariance="nonsense")
    f = fit(trial, "y ~ arm", subject="id", visit="visit", covariance="cs")
    with pytest.raises(InputError, match="is no level"):
        ls_mean(f.design, inference("empirical")(f), arm="C")


def _table(y):
    n, m = y.shape
    rows = [(f"P{i}", f"V{j}", "AB"[i % 2], y[i, j]) for i in range(n) for j in range(m)]
    return pd.DataFrame(rows, columns=["id", "visit", "arm", "y"])


@pytest.mark.parametrize(
    ("change", "error", "what"),
    [
        (lambda y: np.column_stack([y[:, 0], y[:, 1], y[:, 0] + y[:, 1]]), NumericalError, "did not converge"),
        (lambda y: np.column_stack([y[:, 0], y[:, 1], 0 * y[:, 0]]), NumericalError, "singular"),
        (lambda y: np.where(np.arange(20)[:, None] < 10, y * [1, 1, np.nan], y * [1, np.nan, 1]), InputError, "never"),
        (lambda y: np.where(np.arange(20)[:, None] % 2, y, y * [1, 1, np.nan]), InputError, "design is singular"),
        (lambda y: np.where(y == y[0, 0], np.inf, y), InputError, "infinite"),
        (lambda y: y[:4], NumericalError, "converge"),
    ],
)
def test_what_has_no_answer_is_an_error_by_name(change, error, what):
    y = np.random.default_rng(1).normal(0, 1, (20, 3))
    with pytest.raises(error, match=what):
        fit(_table(change(y)), "y ~ arm*visit", subject="id", visit="visit")
