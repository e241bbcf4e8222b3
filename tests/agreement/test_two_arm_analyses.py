"""Analyses of two arms beside SciPy, statsmodels and lifelines on the same data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fetuin.errors import InputError, NotEnoughDataError, NumericalError
from fetuin.trials.analysis.calcium_log import calcium_log
from fetuin.trials.analysis.calcium_square_root import calcium_square_root
from fetuin.trials.analysis.calcium_tobit import calcium_tobit
from fetuin.trials.analysis.censored_ancova import censored_ancova
from fetuin.trials.analysis.censored_regression import censored_regression
from fetuin.trials.analysis.cox import cox
from fetuin.trials.analysis.hokanson import hokanson
from fetuin.trials.analysis.log_rank import log_rank
from fetuin.trials.analysis.rank import rank
from fetuin.trials.analysis.t_test import t_test

RNG = np.random.default_rng(20240607)
A, B = RNG.normal(300, 60, 31), RNG.normal(262, 85, 27)


@pytest.mark.parametrize("equal", [True, False])
def test_t_test_as_scipy(equal):
    ours, theirs = t_test(A, B, equal_variances=equal), stats.ttest_ind(A, B, equal_var=equal)
    assert (ours.t, ours.p, ours.df) == pytest.approx((theirs.statistic, theirs.pvalue, theirs.df), rel=1e-12)
    assert (ours.lower, ours.upper) == pytest.approx(tuple(theirs.confidence_interval()), rel=1e-12)


def test_rank_as_scipy_and_statsmodels():
    from statsmodels.stats.nonparametric import rank_compare_2indep

    a, b = np.round(A, -1), np.round(B, -1)  # ties
    ours = rank(a, b)
    assert ours.p == pytest.approx(
        stats.mannwhitneyu(a, b, method="asymptotic", use_continuity=False).pvalue, rel=1e-12
    )
    theirs = rank_compare_2indep(a, b, use_t=False)
    assert ours.chance.estimate == pytest.approx(theirs.prob1, rel=1e-12)
    assert ours.chance.se == pytest.approx(np.sqrt(theirs.var_prob), rel=1e-12)
    assert ours.shift == pytest.approx(np.median(np.subtract.outer(a, b)))
    assert ours.lower <= ours.shift <= ours.upper


def test_interval_of_the_shift_covers():
    rng, inside = np.random.default_rng(4), 0
    for _ in range(400):
        r = rank(rng.exponential(1, 20) + 0.5, rng.exponential(1, 25))
        inside += r.lower <= 0.5 <= r.upper
    assert inside / 400 == pytest.approx(0.95, abs=0.033)


def survival(n: int = 160, tied: bool = True):
    rng = np.random.default_rng(9)
    z, age, site = rng.integers(0, 2, n), rng.normal(60, 10, n), rng.integers(0, 3, n)
    t = rng.exponential(20 * np.exp(0.4 * z - 0.03 * (age - 60)))
    c = rng.uniform(5, 40, n)
    time = np.minimum(t, c)
    return (np.ceil(time) if tied else time), (t <= c).astype(float), z, age, site


@pytest.mark.parametrize("tied", [True, False])
def test_log_rank_as_lifelines_and_statsmodels(tied):
    from lifelines.statistics import logrank_test
    from statsmodels.duration.survfunc import survdiff

    t, e, z, _, site = survival(tied=tied)
    ours = log_rank(t, e, z)
    theirs = logrank_test(t[z == 1], t[z == 0], e[z == 1], e[z == 0])
    assert ours.z**2 == pytest.approx(theirs.test_statistic, rel=1e-9)
    assert ours.p == pytest.approx(theirs.p_value, rel=1e-9)
    chi, _ = survdiff(t, e, z, strata=site)
    assert log_rank(t, e, z, stratum=site).z ** 2 == pytest.approx(chi, rel=1e-9)
    fh = logrank_test(t[z == 1], t[z == 0], e[z == 1], e[z == 0], weightings="fleming-harrington", p=1, q=0)
    assert log_rank(t, e, z, rho=1).z ** 2 == pytest.approx(fh.test_statistic, rel=1e-9)


@pytest.mark.parametrize("tied", [True, False])
def test_cox_as_lifelines(tied):
    from lifelines import CoxPHFitter

    t, e, z, age, site = survival(tied=tied)
    ours = cox(t, e, np.column_stack([z, age]))
    frame = pd.DataFrame({"t": t, "e": e, "z": z, "age": age, "site": site})
    theirs = CoxPHFitter().fit(frame.drop(columns="site"), "t", "e")
    assert ours.beta == pytest.approx(theirs.params_.to_numpy(), abs=1e-6)
    assert np.sqrt(np.diag(ours.V)) == pytest.approx(theirs.standard_errors_.to_numpy(), rel=1e-5)
    assert ours.log_likelihood == pytest.approx(theirs.log_likelihood_, abs=1e-6)
    assert ours.hazard_ratio().value == pytest.approx(theirs.hazard_ratios_["z"], rel=1e-6)
    strata = CoxPHFitter().fit(frame, "t", "e", strata=["site"])
    assert cox(t, e, np.column_stack([z, age]), stratum=site).beta == pytest.approx(strata.params_.to_numpy(), abs=1e-6)


def test_a_column_that_separates_is_not_a_result():
    z = np.repeat([1, 0], 20)
    with pytest.raises(NumericalError):
        cox(np.arange(1, 41), 1 - z, z)
    with pytest.raises(NotEnoughDataError):
        cox(np.arange(1, 41), np.zeros(40), z)
    with pytest.raises(InputError):
        cox(np.arange(1, 41), np.ones(40), np.column_stack([z, 1 - z]))


def censored_t50():
    rng = np.random.default_rng(5)
    z, base = np.arange(80) % 2, rng.normal(480, 90, 80)
    y = 80 + 0.9 * base + 40 * z + rng.normal(0, 70, 80)
    return np.minimum(y, 600.0), (y >= 600).astype(float), z, base


def test_censored_regression_without_censoring_is_least_squares():
    _, _, z, base = censored_t50()
    X = np.column_stack([np.ones(80), z, base])
    y = X @ [1.0, 2.0, 3.0] + np.random.default_rng(1).normal(0, 5, 80)
    ours = censored_regression(y, X, np.zeros(80))
    beta = np.linalg.lstsq(X, y, rcond=None)[0]
    assert ours.beta == pytest.approx(beta, rel=1e-8)
    assert ours.sigma == pytest.approx(np.sqrt(((y - X @ beta) ** 2).mean()), rel=1e-8)


def test_censored_t50_as_lifelines():
    """A log-normal accelerated failure time of exp(y / 100) is our normal regression of y / 100."""
    from lifelines import LogNormalAFTFitter

    y, c, z, base = censored_t50()
    assert 5 < c.sum() < 30
    t = pd.DataFrame({"y": y / 100, "arm": np.where(z, "B", "A"), "x": base / 100 - 4.8, "c": c})
    (d,), found = censored_ancova(t, "y ~ arm + x", censored="c", arm="arm")
    frame = pd.DataFrame({"t": np.exp(t.y), "e": 1 - c, "z": z, "x": t.x})
    theirs = LogNormalAFTFitter().fit(frame, "t", "e")
    assert found.above == c.sum()
    assert d.test.estimate == pytest.approx(theirs.params_["mu_", "z"], abs=1e-4)
    assert d.test.se == pytest.approx(theirs.standard_errors_["mu_", "z"], rel=1e-3)
    assert found.log_likelihood - float(t.y[c == 0].sum()) == pytest.approx(theirs.log_likelihood_, abs=1e-4)


def test_calling_a_censored_t50_a_number_makes_the_effect_too_small():
    y, c, z, base = censored_t50()
    t = pd.DataFrame({"y": y, "arm": np.where(z, "B", "A"), "x": base, "c": c})
    (right,), _ = censored_ancova(t, "y ~ arm + x", censored="c", arm="arm")
    (naive,), _ = censored_ancova(t.assign(c=0), "y ~ arm + x", censored="c", arm="arm")
    assert abs(naive.test.estimate - 40) > abs(right.test.estimate - 40)


def calcium(n: int = 120):
    rng = np.random.default_rng(12)
    z = np.arange(n) % 2
    base = np.where(rng.random(n) < 0.25, 0.0, rng.lognormal(4.5, 1.2, n))
    follow = np.maximum((base + 8 * (rng.random(n) < 0.4)) * rng.lognormal(0.2 - 0.12 * z, 0.25, n), 0)
    return base, follow, z


def test_calcium_on_three_scales_as_statsmodels():
    import statsmodels.api as sm

    b, f, z = calcium()
    fit = sm.OLS(np.log(f + 1), sm.add_constant(np.column_stack([z, np.log(b + 1)]))).fit()
    ours = calcium_log(b, f, z)
    assert ours.ratio.value == pytest.approx(np.exp(fit.params[1]), rel=1e-9)
    assert (ours.ratio.lower, ours.ratio.upper) == pytest.approx(tuple(np.exp(fit.conf_int()[1])), rel=1e-9)
    assert ours.treated_percent_per_year < ours.control_percent_per_year
    fit = sm.OLS(np.sqrt(f) - np.sqrt(b), sm.add_constant(np.column_stack([z, np.sqrt(b)]))).fit()
    test = calcium_square_root(b, f, z)
    assert (test.estimate, test.se, test.p) == pytest.approx((fit.params[1], fit.bse[1], fit.pvalues[1]), rel=1e-9)


def test_percent_a_year_is_what_was_put_in():
    b = np.array([100.0, 200, 300, 400, 150, 250, 350, 450])
    z = np.array([1, 0] * 4)
    ours = calcium_log(b, (b + 1) * np.where(z, 1.1, 1.2) ** 2 - 1, z, years=2)
    assert (ours.treated_percent_per_year, ours.control_percent_per_year) == pytest.approx((10, 20))
    assert ours.ratio.value == pytest.approx((1.1 / 1.2) ** 2)


def test_progressors_as_statsmodels():
    from statsmodels.stats.proportion import confint_proportions_2indep

    b, f, z = calcium()
    ours = hokanson(b, f, z)
    lower, upper = confint_proportions_2indep(*ours.treated, *ours.control, method="newcomb")
    assert (ours.lower, ours.upper) == pytest.approx((lower, upper), abs=1e-9)
    assert ours.treated[1] + ours.control[1] == len(b)
    one = hokanson([100, 100, 100, 100], [156.25, 156.24, 200, 100], [1, 1, 0, 0])  # 10 -> 12.5 is just progression
    assert (one.treated, one.control) == ((1, 2), (1, 2))


def test_tobit_takes_zeros_as_censored():
    b, f, z = calcium()
    X = np.column_stack([np.ones(len(b)), z, np.log(b + 1), b == 0]).astype(float)
    direct = censored_regression(np.log(f + 1), X, np.where(f == 0, -1, 0))
    assert direct.below == (f == 0).sum() > 0
    assert calcium_tobit(b, f, z).value == pytest.approx(np.exp(direct.beta[1]))


@pytest.mark.parametrize(
    "call",
    [
        lambda: t_test([1, 2, np.nan], [1, 2]),
        lambda: calcium_log([1, 2, 3, -4], [1, 2, 3, 4], [1, 0, 1, 0]),
        lambda: calcium_log([1, 2, 3, 4], [1, 2, 3, 4], [1, 1, 1, 1]),
        lambda: hokanson([1, 2, 3], [1, 2, 3, 4], [1, 0, 1, 0]),
        lambda: log_rank([1, 2], [1, 0], [2, 0]),
        lambda: censored_regression([1.0, 2, 3], np.ones((3, 1)), [0, 0, 2]),
    ],
)
def test_bad_input_is_refused(call):
    with pytest.raises(InputError):
        call()


def test_too_few_are_refused():
    with pytest.raises(NotEnoughDataError):
        t_test([1], [1, 2])
    with pytest.raises(NotEnoughDataError):
        t_test([1, 1], [2, 2])
