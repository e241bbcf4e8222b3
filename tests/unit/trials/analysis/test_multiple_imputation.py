"""Where the means of those who left go, by hand; conditional mean, jackknife and multiple imputation beside one another."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fetuin.errors import InputError
from fetuin.trials.analysis.imputation_strategies import marginal, strategy
from fetuin.trials.analysis.multiple_imputation import conditional_mean, multiple, prepare

OWN, REFERENCE = np.array([[10.0, 20, 30, 40]]), np.array([[1.0, 2, 3, 4]])
LAST = np.array([1])  # left after the second visit


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("MAR", [10, 20, 30, 40]),
        ("J2R", [10, 20, 3, 4]),
        ("JR", [10, 20, 3, 4]),
        ("CR", [1, 2, 3, 4]),
        ("CIR", [10, 20, 21, 22]),  # the gap at the last visit seen, 18, is kept
    ],
)
def test_means_after_leaving(name, expected):
    assert marginal(strategy(name), OWN, REFERENCE, LAST)[0].tolist() == expected


def test_someone_never_seen_after_baseline():
    assert marginal("CIR", OWN, REFERENCE, np.array([-1]))[0].tolist() == [1, 2, 3, 4]
    assert marginal("CR", OWN, REFERENCE, np.array([3]))[0].tolist() == [10, 20, 30, 40]  # stayed: own arm


def test_an_unknown_strategy_is_refused():
    with pytest.raises(InputError, match="no imputation strategy"):
        strategy("LOCF")


@pytest.fixture(scope="module")
def trial():
    rng = np.random.default_rng(14)
    n, m = 70, 3
    arm, base = np.arange(n) % 2, rng.normal(250, 60, n)
    S = 40**2 * (0.4 + 0.6 * np.eye(m))
    y = 0.5 * base[:, None] + np.array([100, 110, 120]) + 25 * arm[:, None] + rng.multivariate_normal(np.zeros(m), S, n)
    for i in range(0, n, 3):
        y[i, rng.integers(1, m) :] = np.nan
    t = pd.DataFrame(
        [(f"P{i}", f"V{v}", "AB"[arm[i]], base[i], y[i, v]) for i in range(n) for v in range(m)],
        columns=["id", "visit", "arm", "base", "y"],
    )
    return prepare(
        t,
        "y ~ base*visit + arm*visit",
        subject="id",
        visit="visit",
        arm="arm",
        reference="A",
        analysis="y ~ arm + base",
    )


def test_imputations_scatter_about_the_conditional_mean(trial):
    """The analysis is linear, so the mean over draws at the REML fit is the conditional mean's estimate."""
    for how in ("MAR", "J2R", "CR", "CIR"):
        assert multiple(trial, how, 2000, 3).estimate == pytest.approx(conditional_mean(trial, how).estimate, abs=0.6)


def test_reference_based_estimates_shrink_and_jackknife_sees_it(trial):
    """Jumping to the reference takes effect away; the frequentist SE is below Rubin's, which anchors information (Wolbers 2022)."""
    mar, j2r = conditional_mean(trial, "MAR"), conditional_mean(trial, "J2R")
    assert j2r.estimate < mar.estimate
    assert j2r.se < multiple(trial, "J2R", 500, 1).se
    assert conditional_mean(trial, "J2R").se == j2r.se  # deterministic


def test_one_seed_the_same_digits(trial):
    assert multiple(trial, "MAR", 100, 5) == multiple(trial, "MAR", 100, 5)
    assert multiple(trial, "MAR", 100, 5) != multiple(trial, "MAR", 100, 6)
    with pytest.raises(InputError):
        multiple(trial, "MAR", 1, 5)
