"""Simulated trials: every digit again for any cut of the work; bias and coverage known; failures counted."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from tests.unit.trials.test_study import table

import fetuin
from fetuin.trials.replicates import replicates, true_effect
from fetuin.trials.study import read_study


@pytest.fixture(scope="module")
def magnesium():
    return read_study(table())


def test_a_trial_is_the_same_alone_and_in_any_chunk(magnesium):
    together = replicates(magnesium, None, 5, range(30))
    apart = [replicates(magnesium, None, 5, range(a, b)) for a, b in ((0, 7), (7, 8), (8, 30))]
    for name, column in together.items():
        np.testing.assert_array_equal(column, np.concatenate([p[name] for p in apart]), err_msg=name)


def test_workers_change_no_digit():
    one, two = (fetuin.run_trial(table(), n=340, seed=7, workers=w) for w in (1, 2))
    assert one.to_dict() == two.to_dict()
    assert one.to_dict() != fetuin.run_trial(table(), n=340, seed=8).to_dict()


def test_a_run_that_was_cut_ends_as_an_unbroken_one(tmp_path):
    whole = fetuin.run_trial(table(), n=340, seed=7, out=tmp_path / "a")
    fetuin.run_trial(table(), n=340, seed=7, out=tmp_path / "b")
    files = sorted((tmp_path / "b" / "chunks").iterdir())
    kept = files[0].stat().st_mtime_ns
    for f in files[1:]:
        f.unlink()
    again = fetuin.run_trial(table(), n=340, seed=7, out=tmp_path / "b")
    assert files[0].stat().st_mtime_ns == kept
    assert again.to_dict() == whole.to_dict()


def test_power_error_bias_and_coverage_of_the_magnesium_trial(magnesium):
    r = fetuin.run_trial(magnesium, n=4000, seed=2)
    assert abs(r["power"].value - 0.92) < 0.015
    assert abs(r["type I error"].value - 0.05) < 4 * r["type I error"].mcse
    assert abs(r["bias"].value) < 4 * r["bias"].mcse
    assert abs(r["coverage"].value - 0.95) < 4 * r["coverage"].mcse
    # 73 less what the floor at 1 min adds to the control arm: SD (phi(z) - z (1 - Phi(z))), z = 228 / 107.4, is 0.7 min
    assert r["true effect"].value == pytest.approx(72.3, abs=4 * r["true effect"].mcse)
    assert abs(r["empirical SE"].value - r["model SE"].value) < 4 * r["empirical SE"].mcse
    assert r["expected size"].value == 59


@pytest.mark.parametrize(("mechanism", "biased"), [("mcar", False), ("mnar", True)])
def test_dropout_by_the_value_not_seen_biases_a_comparison_of_those_who_stay(mechanism, biased):
    lost = {"rate": 0.3, "mechanism": mechanism, "slope": 1.5}
    changes = {
        "dropout": lost,
        "arms__0__mean": 233,
        "arms__1__mean": [233, 233, 302, 302],
        "endpoint__analysis": "ancova",
    }
    r = fetuin.run_trial(table(**changes), n=600, seed=3)
    assert (abs(r["bias"].value) > 4 * r["bias"].mcse) == biased
    assert r["dropped out"].value > 10


def test_dropout_at_random_biases_completers_but_not_the_mmrm():
    """Those whose last value is poor leave: what is missing is predicted by what was seen."""
    changes = {"dropout": {"rate": 0.45, "mechanism": "mar", "slope": 2.0}, "arms__0__mean": 233, "arms__1__mean": [233, 233, 330, 302],
               "arms__0__sd": 90, "arms__1__sd": 90, "patients__correlation": 0.8, "endpoint__follow_up": [28], "design__randomised": 200}  # fmt: skip
    bias = {}
    for analysis in ("t_test", "mmrm"):
        r = fetuin.run_trial(table(**changes, endpoint__analysis=analysis), n=400, seed=3)
        bias[analysis] = abs(r["bias"].value) / r["bias"].mcse
    assert bias["t_test"] > 5
    assert bias["mmrm"] < 4


def test_early_stopping_saves_people_and_overstates_the_effect():
    interim = {"looks": [0.5, 1.0], "boundary": "pocock"}
    r = fetuin.run_trial(table(design__interim=interim, design__randomised=80, design__power=0.9), n=1500, seed=3)
    assert r["stopped early"].value > 0.4
    assert r["expected size"].value < 75
    assert r["bias"].value > 3 * r["bias"].mcse
    assert abs(r["type I error"].value - 0.05) < 4 * r["type I error"].mcse


def test_a_fit_without_an_answer_is_counted():
    r = fetuin.run_trial(table(design__randomised=4, design__block=1, dropout={"rate": 0.9}), n=100, seed=1)
    s = r.scenarios[0]
    assert s.failures["final"] > 0
    assert r["not converged"].value == s.failures["final"] / 100
    assert len(s.rows["estimate"]) == 100


@pytest.mark.parametrize(
    ("strategy", "share"),
    [("treatment policy", (0.5**0.75 + 0.5) / 2), ("hypothetical", 1.0), ("while on treatment", 0.5**0.75)],
)
def test_the_true_effect_follows_the_strategy(strategy, share):
    """Half stop by day 28 at a constant hazard and lose the effect at once: 0.5 ** (21 / 28) still take it on day 21.

    Treatment policy averages those on treatment on days 21 and 28; while on treatment carries day 21 to day 28.
    """
    study = read_study(table(
        discontinuation={"rate": 0.5, "washout": 0}, estimand__intercurrent={"discontinuation": strategy},
        arms__0__mean=233, arms__1__mean=[233, 233, 306, 306],
    ))  # fmt: skip
    value, error = true_effect(study, None, 1)
    assert value == pytest.approx(73 * share, abs=4 * error + 0.3)
    assert error < 1.0


def test_progress_tells_the_power_so_far_with_an_error_that_shrinks():
    told = []
    fetuin.run_trial(
        table(), n=1000, seed=1, watch=lambda what, done, total, power: told.append((what, done, total, power))
    )
    errors = [power[1] for _, _, _, power in told if power]
    assert told[-1][1] == told[-1][2]
    assert errors[-1] < errors[0] / 1.8
    assert all(b <= a * 1.2 for a, b in pairwise(errors))
