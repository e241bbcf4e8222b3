"""Sizes beside statsmodels, closed forms and simulated trials; designs that cannot be are refused."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.errors import InputError
from fetuin.trials.analysis.mmrm_many import mmrm_many
from fetuin.trials.designs import parallel_group
from fetuin.trials.designs.sample_size_mmrm import mmrm, variance_factor
from fetuin.trials.designs.sample_size_rates import rate_ratio
from fetuin.trials.designs.sample_size_reestimation import PromisingZone, blinded


@pytest.mark.parametrize(("ratio", "sided"), [(1.0, 2), (2.0, 2), (1.0, 1), (0.5, 1)])
def test_means_as_statsmodels(ratio, sided):
    from statsmodels.stats.power import TTestIndPower

    found = parallel_group.means(30, 60, ratio=ratio, sided=sided, power=0.85)
    power = TTestIndPower().power(
        0.5,
        found.analysed[0],
        0.05,
        found.analysed[1] / found.analysed[0],
        alternative="larger" if sided == 1 else "two-sided",
    )
    assert found.power == pytest.approx(power, abs=2e-4)
    assert found.power >= 0.85
    fewer = TTestIndPower().power(
        0.5,
        found.analysed[0] - 2,
        0.05,
        (found.analysed[1] - 2) / (found.analysed[0] - 2),
        alternative="larger" if sided == 1 else "two-sided",
    )
    assert fewer < 0.85


def test_a_baseline_and_dropout():
    plain, adjusted = parallel_group.means(30, 70), parallel_group.means(30, 70, correlation=0.6)
    assert adjusted.analysed[0] == pytest.approx(0.64 * plain.analysed[0], abs=1.5)
    assert parallel_group.means(30, 70, dropout=0.2).randomised[0] >= plain.analysed[0] / 0.8


R = 0.7 ** np.abs(np.subtract.outer(range(4), range(4)))


def test_mmrm_without_dropout_is_two_means():
    found = mmrm(30, 70, R, retention=[1, 1, 1, 1])
    assert found.inflation == pytest.approx((1, 1))
    plain = parallel_group.means(30, 70, normal=True)
    assert found.randomised == plain.analysed


def test_earlier_visits_win_back_part_of_what_dropout_costs():
    kept = [1, 0.95, 0.9, 0.8]
    assert 1 < variance_factor(R, kept) < 1 / 0.8
    assert variance_factor(np.eye(4), kept) == pytest.approx(1 / 0.8)
    two = variance_factor(R[:2, :2], [1, 0.8])  # 1 / r - rho^2 (1 / r - 1): Lu, Luo and Chen for two visits
    assert two == pytest.approx(1 / 0.8 - 0.49 * (1 / 0.8 - 1))


def test_power_of_the_mmrm_size_by_simulated_trials():
    kept = np.array([1, 0.95, 0.9, 0.8])
    found = mmrm(35, 60, R, retention=kept, power=0.8)
    n = sum(found.randomised)
    rng, T = np.random.default_rng(3), 1500
    Y = rng.multivariate_normal(np.zeros(4), 3600 * R, (T, n))
    arm = np.arange(n) % 2
    Y[:, arm == 1, 3] += 35
    stay = rng.random((T, n, 1)) < kept
    Y[~stay] = np.nan
    many = mmrm_many(Y, arm)
    assert (many.p[:, 0, 3] < 0.05).mean() == pytest.approx(found.power, abs=0.035)


def test_rates_by_simulated_trials():
    n1, n2 = rate_ratio(0.8, 0.6, years=1, dispersion=0.5, power=0.8)
    rng, T, k = np.random.default_rng(5), 4000, 2.0
    a = rng.negative_binomial(k, k / (k + 0.48), (T, n1)).sum(axis=1)
    b = rng.negative_binomial(k, k / (k + 0.8), (T, n2)).sum(axis=1)
    se = np.sqrt(1 / a + 0.5 / n1 + 1 / b + 0.5 / n2)
    assert (np.abs(np.log(a / n1) - np.log(b / n2)) / se > 1.96).mean() == pytest.approx(0.8, abs=0.03)
    assert rate_ratio(0.8, 0.6, years=1, dropout=0.3)[0] > rate_ratio(0.8, 0.6, years=1)[0]


def test_blinded_review_sees_the_spread_and_keeps_its_bounds():
    rng = np.random.default_rng(2)
    y = np.append(rng.normal(0, 80, 400), rng.normal(30, 80, 400))
    n, sd = blinded(y, 30, planned=100, most=10_000)
    assert sd == pytest.approx(80, rel=0.06)
    assert n == pytest.approx(sum(parallel_group.means(30, sd).analysed), abs=2)
    assert blinded(y, 30, planned=100, most=120)[0] == 120
    assert blinded(y / 100, 30, planned=100, most=120)[0] == 100


def test_promising_zone_reaches_its_target_or_its_cap():
    plan = PromisingZone(60, 120, 240)
    assert plan.second_stage(0.1) == 60
    assert plan.second_stage(3.0) == 60
    z = next(z for z in np.linspace(1, 3, 400) if 0.7 < plan.conditional_power(z, 60) < 0.72)
    n = plan.second_stage(z)
    assert 60 < n < 180
    assert plan.conditional_power(z, n) == pytest.approx(0.9, abs=0.005)
    low = next(z for z in np.linspace(1, 3, 4000) if plan.conditional_power(z, 60) >= 0.36)
    assert plan.second_stage(low) == 180


@pytest.mark.parametrize(
    "call",
    [
        lambda: parallel_group.means(30, 70, power=0.04),
        lambda: parallel_group.means(30, 70, dropout=1.0),
        lambda: parallel_group.means(30, 70, ratio=0),
        lambda: parallel_group.means(0, 70),
        lambda: mmrm(30, 70, np.ones((2, 2)), retention=[1, 1]),
        lambda: mmrm(30, 70, R, retention=[1, 1.1, 1, 1]),
        lambda: mmrm(30, 70, R, retention=[1, 0.9]),
        lambda: rate_ratio(0.8, 1.0, years=1),
        lambda: PromisingZone(60, 50, 240),
        lambda: blinded([1, 2, 3, 4], 1, planned=100, most=50),
    ],
)
def test_what_cannot_be_is_refused(call):
    with pytest.raises(InputError):
        call()
