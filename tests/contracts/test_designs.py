"""A design file that offers `rejection(effect, trials, rng)` keeps its 5 % where there is no effect, and finds a large one."""

from __future__ import annotations

import numpy as np
import pytest

import fetuin.trials.designs as folder
from fetuin.catalog import entries

DESIGNS = entries(folder, "rejection")
TRIALS = {"crossover": 20_000, "parallel_group": 20_000, "sample_size_reestimation": 20_000, "n_of_1": 1500}
FEW = 1200


def test_the_folder_has_its_designs():
    assert {"crossover", "parallel_group", "n_of_1", "platform", "sample_size_reestimation"} <= set(DESIGNS)


@pytest.mark.parametrize("name", sorted(DESIGNS))
def test_type_one_error_is_five_percent(name):
    trials = TRIALS.get(name, FEW)
    rate = DESIGNS[name](0.0, trials, np.random.default_rng(20240607))
    assert rate == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / trials) + 0.002)


@pytest.mark.parametrize("name", sorted(DESIGNS))
def test_a_large_effect_is_found(name):
    assert DESIGNS[name](60.0, 200, np.random.default_rng(1)) > 0.8
