"""Shared controls in changing times, and series of single people."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from fetuin.errors import InputError, NotEnoughDataError
from fetuin.trials.designs import n_of_1, platform


def test_a_drift_does_not_bias_concurrent_comparisons():
    rng = np.random.default_rng(6)
    arm = np.repeat([0, 1, 0, 1, 2, 0, 2], 200)
    period = np.repeat([0, 0, 1, 1, 1, 2, 2], 200)
    y = 200.0 * period + 30.0 * (arm == 1) + 10.0 * (arm == 2) + rng.normal(0, 20, len(arm))
    one, two = platform.compare(y, arm, period)
    assert one.test.estimate == pytest.approx(30, abs=4)
    assert two.test.estimate == pytest.approx(10, abs=4)
    assert (one.controls, two.controls) == (400, 400)
    both = platform.compare(y, arm, period, concurrent=False)
    assert both[1].controls == 600
    assert both[1].test.se < two.test.se


def test_dunnett_as_its_tables_and_scipy():
    """Two-sided critical values for infinite degrees of freedom (Dunnett 1964): 2.21, 2.35, 2.44."""
    for k, z in ((2, 2.212), (3, 2.349), (4, 2.442)):
        assert stats.norm.isf(platform.dunnett_level(k) / 2) == pytest.approx(z, abs=1e-3)
    assert platform.dunnett_level(1) == 0.05
    assert 0.025 < platform.dunnett_level(2, controls_per_treated=1e6) < 0.0254  # hardly correlated: near Sidak
    assert platform.best_control_share(4) == 2


def test_no_control_while_open_is_refused():
    with pytest.raises(NotEnoughDataError):
        platform.compare(np.arange(8.0), [0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 0, 1, 1, 1, 1])
    with pytest.raises(InputError):
        platform.compare([1.0, 2], [1, 1], [0, 0])


def test_one_person_is_a_paired_t_test():
    a, b = np.array([260, 240, 250, 280.0]), np.array([230, 235, 228, 240.0])
    ours, theirs = n_of_1.one_person(a, b), stats.ttest_rel(a, b)
    assert (ours.t, ours.p) == pytest.approx((theirs.statistic, theirs.pvalue))


def test_several_people_as_statsmodels_meta_analysis():
    from statsmodels.stats.meta_analysis import combine_effects

    rng = np.random.default_rng(9)
    d = [20 + rng.normal(0, 25) + rng.normal(0, 30, k) for k in (3, 4, 5, 3, 6, 4, 4)]
    found = n_of_1.several(d)
    own = np.array([x.mean() for x in d])
    v = found.within_sd**2 / np.array([len(x) for x in d])
    theirs = combine_effects(own, v, method_re="dl", use_t=True)
    assert found.between_sd**2 == pytest.approx(theirs.tau2, rel=1e-9)
    assert found.population.estimate == pytest.approx(theirs.mean_effect_re, rel=1e-9)
    assert found.population.se >= theirs.sd_eff_w_re * (1 - 1e-9)
    assert (np.abs(found.shrunken - found.population.estimate) <= np.abs(own - found.population.estimate) + 1e-9).all()
    assert (found.shrunken_se > 0).all()


def test_sizes():
    assert n_of_1.cycles(40, 40, power=0.8) == next(
        n for n in range(2, 99) if stats.nct(n - 1, np.sqrt(n / 2)).sf(stats.t(n - 1).isf(0.025)) >= 0.8
    )
    assert n_of_1.people(20, 40, 10, 8) < n_of_1.people(20, 40, 10, 4) < n_of_1.people(20, 40, 30, 4)
    with pytest.raises(InputError):
        n_of_1.people(0, 40, 10, 4)
    with pytest.raises(NotEnoughDataError):
        n_of_1.several([[1.0], [2.0], [3.0]])
