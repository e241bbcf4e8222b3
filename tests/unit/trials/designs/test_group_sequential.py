"""Designs that cannot be are refused; crossing probabilities hold under simulation."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.errors import InputError
from fetuin.trials.designs.group_sequential import design


@pytest.mark.parametrize("boundary", ["obrien_fleming", "pocock", "wang_tsiatis", "haybittle_peto", "lan_demets_obrien_fleming", "lan_demets_pocock", "kim_demets", "hwang_shih_decani"])  # fmt: skip
@pytest.mark.parametrize("sided", [1, 2])
def test_the_error_is_what_the_design_says(boundary, sided):
    d = design(boundary, looks=[0.3, 0.7, 1.0], alpha=0.05, sided=sided)
    assert d.alpha_spent[-1] == pytest.approx(0.05, abs=1e-9)


def test_error_and_power_hold_when_simulated():
    d = design("lan_demets_obrien_fleming", looks=[0.25, 0.5, 1.0], alpha=0.025, beta=0.2)
    rng, n = np.random.default_rng(7), 400_000
    steps = rng.normal(size=(n, 3)) * np.sqrt(np.diff(np.append(0, d.t)))
    for drift, wanted in ((0.0, 0.025), (d.drift(), 0.8)):
        z = (np.cumsum(steps, 1) + drift * d.t) / np.sqrt(d.t)
        hit = (z > d.critical).any(1).mean()
        assert hit == pytest.approx(wanted, abs=4 * np.sqrt(wanted * (1 - wanted) / n))


@pytest.mark.parametrize(
    ("change", "words"),
    [({"looks": [0.5, 0.4, 1]}, "rise to 1"), ({"looks": [0.5, 0.9]}, "rise to 1"), ({"alpha": 0.7}, "impossible"), ({"beta": 0.99}, "below alpha"), ({"sided": 2, "futility": "kim_demets"}, "one-sided")],
)  # fmt: skip
def test_impossible_designs_are_refused(change, words):
    with pytest.raises(InputError, match=words):
        design("pocock", **({"looks": [0.5, 1.0]} | change))


def test_an_unknown_boundary_is_named():
    with pytest.raises(InputError, match="pocock"):
        design("nonsense", looks=[1.0])
