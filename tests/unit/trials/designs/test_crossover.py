"""Crossover by hand, its carry-over, and its size by simulation."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.errors import InputError
from fetuin.trials.designs.crossover import analyse, people


def test_effect_period_and_carry_over_without_noise_but_for_the_person():
    rng = np.random.default_rng(1)
    person, ab = rng.normal(250, 50, 20), np.arange(20) % 2
    jitter = rng.normal(0, 1e-6, (2, 20))
    y1 = person + 30 * ab + jitter[0]
    y2 = person + 30 * (1 - ab) + 12 + jitter[1]
    found = analyse(y1, y2, ab)
    assert found.treatment.estimate == pytest.approx(30, abs=1e-5)
    assert found.period.estimate == pytest.approx(12, abs=1e-5)
    assert found.treatment.df == 18
    assert found.carry_over.p > 0.01


def test_it_is_the_mixed_model_of_complete_data():
    """With both periods seen the estimate and its SE are those of a random-intercept model with period and treatment."""
    import pandas as pd
    import statsmodels.formula.api as smf

    rng = np.random.default_rng(4)
    person, ab = rng.normal(250, 50, 30), np.arange(30) % 2
    y1, y2 = person + 20 * ab + rng.normal(0, 30, 30), person + 20 * (1 - ab) + rng.normal(0, 30, 30)
    ours = analyse(y1, y2, ab).treatment
    t = pd.DataFrame({
        "y": np.append(y1, y2), "id": np.tile(range(30), 2), "period": np.repeat([0, 1], 30), "a": np.append(ab, 1 - ab)
    })  # fmt: skip
    theirs = smf.mixedlm("y ~ a + period", t, groups="id").fit(reml=True)
    assert ours.estimate == pytest.approx(theirs.params["a"], abs=1e-3)
    assert ours.se == pytest.approx(theirs.bse["a"], rel=1e-3)


def test_the_size_gives_its_power():
    n = people(30, 40, power=0.8)
    rng, hits = np.random.default_rng(7), 0
    for _ in range(900):
        person, ab = rng.normal(0, 60, n), np.arange(n) % 2
        y1, y2 = person + 30 * ab + rng.normal(0, 40, n), person + 30 * (1 - ab) + rng.normal(0, 40, n)
        hits += analyse(y1, y2, ab).treatment.p < 0.05
    assert n % 2 == 0
    assert 0.76 < hits / 900 < 0.87
    assert people(30, 40, power=0.8, dropout=0.2) >= n / 0.8


def test_refusals():
    with pytest.raises(InputError):
        analyse([1, 2, 3, 4], [1, 2, 3, 4], [1, 1, 1, 1])
    with pytest.raises(InputError):
        people(0, 40)
