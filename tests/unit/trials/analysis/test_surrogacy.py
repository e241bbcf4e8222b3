"""Surrogacy tools find what was put in, say when nothing can be said, and carry the caution."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.errors import InputError, NotEnoughDataError
from fetuin.trials.analysis.prentice import prentice
from fetuin.trials.analysis.trial_level_surrogacy import trial_level


def one_trial(direct: float, n: int = 400, seed: int = 1):
    """T50 rises by 40 min; the true endpoint falls by 0.02 a minute, and by `direct` past the surrogate."""
    rng = np.random.default_rng(seed)
    z = np.arange(n) % 2
    s = rng.normal(250, 60, n) + 40 * z
    return z, s, 10 - 0.02 * s - direct * z + rng.normal(0, 1, n)


def test_a_full_mediator_explains_the_effect():
    z, s, t = one_trial(0.0)
    found = prentice(z, s, t, resamples=200)
    assert found.lower < 1 < found.upper
    assert found.treatment_on_true.p < 0.01
    assert found.treatment_on_surrogate.p < 0.01
    assert found.surrogate_on_true.p < 0.01
    assert found.treatment_given_surrogate.p > 0.05
    assert "unproven" in found.caution


def test_a_partial_mediator_explains_its_part():
    z, s, t = one_trial(0.8, n=4000)
    found = prentice(z, s, t, resamples=100)
    assert found.explained == pytest.approx(0.5, abs=0.06)
    assert found.treatment_given_surrogate.p < 0.01


def test_events_go_through_cox():
    rng = np.random.default_rng(2)
    z, n = np.arange(1200) % 2, 1200
    s = rng.normal(0, 1, n) + z
    t = rng.exponential(np.exp(0.5 * s))
    found = prentice(z, s, np.minimum(t, 3), event=t < 3, resamples=50)
    assert found.surrogate_on_true.estimate == pytest.approx(-0.5, abs=0.12)
    assert found.lower < 1 < found.upper
    assert found.failed == 0


def test_same_seed_same_digits():
    z, s, t = one_trial(0.3)
    assert prentice(z, s, t, resamples=50, seed=4) == prentice(z, s, t, resamples=50, seed=4)


def trials(n: int, r: float, seed: int, noise: float = 0.05):
    rng = np.random.default_rng(seed)
    D = np.array([[1.0, r * 0.5], [r * 0.5, 0.25]])
    truth = rng.multivariate_normal([0.5, 0.2], D, n)
    seen = truth + rng.normal(0, noise, (n, 2))
    return seen[:, 0], np.full(n, noise), seen[:, 1], np.full(n, noise)


def test_r2_of_many_precise_trials_is_that_of_their_effects():
    a, sa, b, sb = trials(200, 0.9, 3, noise=1e-3)
    found = trial_level(a, sa, b, sb)
    assert found.r2 == pytest.approx(np.corrcoef(a, b)[0, 1] ** 2, abs=1e-4)
    slope = np.cov(a, b)[0, 1] / a.var(ddof=1)
    assert found.slope == pytest.approx(slope, abs=1e-3)
    assert found.lower < 0.81 < found.upper


def test_noise_of_the_estimates_is_taken_out():
    a, sa, b, sb = trials(400, 0.9, 5, noise=0.4)
    raw = np.corrcoef(a, b)[0, 1] ** 2
    found = trial_level(a, sa, b, sb)
    assert raw < 0.6
    assert found.r2 == pytest.approx(0.81, abs=0.12)


def test_at_the_threshold_the_prediction_just_excludes_no_effect():
    found = trial_level(*trials(60, 0.95, 8))
    _, lower, _ = found.predict(found.threshold_above)
    assert lower == pytest.approx(0, abs=1e-9)
    assert found.predict(found.threshold_above + 0.1)[1] > 0
    assert found.predict(found.threshold_below)[2] == pytest.approx(0, abs=1e-9)


def test_where_nothing_is_foretold_there_is_no_threshold():
    found = trial_level(*trials(12, 0.0, 2))
    assert found.threshold_above is None or found.threshold_above > 3
    assert found.lower < 0.1


def test_refusals():
    with pytest.raises(NotEnoughDataError):
        trial_level([1, 2, 3], [1, 1, 1], [1, 2, 3], [1, 1, 1])
    with pytest.raises(InputError):
        trial_level(range(6), [0] * 6, range(6), [1] * 6)
    with pytest.raises(InputError):
        prentice([1, 0] * 10, [5.0] * 20, range(20))
    with pytest.raises(InputError):
        prentice([1] * 20, range(20), range(20))
