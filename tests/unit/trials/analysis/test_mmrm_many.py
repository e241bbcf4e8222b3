"""The compiled fits of many trials beside `mmrm.fit`, their plain twin; failures keep their row and are counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fetuin.errors import InputError, LimitError
from fetuin.trials.analysis.contrasts import differences
from fetuin.trials.analysis.inference import inference
from fetuin.trials.analysis.mmrm import fit
from fetuin.trials.analysis.mmrm_many import mmrm_many


def trials(T: int, n: int, m: int, seed: int, gone: float = 0.1, arms: int = 2):
    rng = np.random.default_rng(seed)
    S = 900 * (0.4 + 0.6 * 0.7 ** np.abs(np.subtract.outer(range(m + 1), range(m + 1))))
    Z = 250 + rng.multivariate_normal(np.zeros(m + 1), S, (T, n))
    Y = Z[..., 1:] + np.where(rng.random((T, n, m)) < gone, np.nan, 0.0)
    return Y, np.arange(n) % arms, Z[..., 0]


def long(Y: np.ndarray, arm: np.ndarray, base: np.ndarray) -> pd.DataFrame:
    n, m = Y.shape
    rows = [(f"P{i}", f"V{j}", f"A{arm[i]}", base[i], float(i % 3), Y[i, j]) for i in range(n) for j in range(m)]
    return pd.DataFrame(rows, columns=["id", "v", "arm", "b", "c", "y"])


@pytest.mark.parametrize(
    ("n", "m", "arms", "formula", "more"),
    [
        (24, 4, 2, "y ~ arm*v", {}),
        (60, 4, 2, "y ~ arm*v + b*v", {"baseline": True}),
        (60, 3, 3, "y ~ arm*v + b", {"baseline": True, "baseline_by_visit": False}),
        (40, 2, 2, "y ~ arm*v + b*v + c", {"baseline": True, "covariates": True}),
        (30, 1, 2, "y ~ arm", {}),
    ],
)
def test_the_plain_twin_agrees(n, m, arms, formula, more):
    Y, arm, base = trials(3, n, m, seed=n + m, arms=arms)
    extra = (np.arange(n) % 3).astype(float)[:, None]
    many = mmrm_many(
        Y, arm, base if more.get("baseline") else None, covariates=extra if more.get("covariates") else None,
        baseline_by_visit=more.get("baseline_by_visit", True),
    )  # fmt: skip
    assert many.converged.all()
    for i in range(3):
        f = fit(long(Y[i], arm, base[i]), formula, subject="id", visit="v")
        slow = differences(f.design, inference("satterthwaite")(f), arm="arm", visit="v" if m > 1 else "")
        by = {(int(d.arm[1:]) - 1, int(d.visit[1:]) if d.visit else 0): d.test for d in slow}
        for (a, v), test in by.items():
            assert many.estimate[i, a, v] == pytest.approx(test.estimate, abs=1e-4)
            assert many.se[i, a, v] == pytest.approx(test.se, rel=1e-5)
            assert many.df[i, a, v] == pytest.approx(test.df, abs=0.01)
            assert many.p[i, a, v] == pytest.approx(test.p, abs=1e-5)
            assert many.interval()[0][i, a, v] == pytest.approx(test.lower, abs=1e-3)
        assert np.allclose(many.sigma[i], f.sigma[0], rtol=1e-4)


def test_the_answer_does_not_depend_on_workers_or_on_neighbours():
    Y, arm, base = trials(130, 40, 3, seed=8)
    one, two = mmrm_many(Y, arm, base, workers=1), mmrm_many(Y, arm, base, workers=2)
    assert np.array_equal(one.estimate, two.estimate)
    assert np.array_equal(one.df, two.df)
    alone = mmrm_many(Y[77:78], arm, base[77:78])
    assert np.array_equal(alone.estimate[0], one.estimate[77])


def test_failures_keep_their_row_and_are_counted():
    Y, arm, _ = trials(4, 24, 3, seed=5)
    Y[1, :, 2] = np.nan  # nobody at the last visit
    Y[2, 4:] = np.nan  # four people
    many = mmrm_many(Y, arm)
    assert many.failures == {"singular design": 1, "too few people": 1}
    assert np.isnan(many.estimate[1:3]).all()
    assert np.isfinite(many.p[[0, 3]]).all()


def test_responses_that_are_sums_of_others_do_not_converge_in_silence():
    Y, arm, _ = trials(1, 24, 3, seed=6, gone=0.0)
    Y[..., 2] = Y[..., 0] + Y[..., 1]
    assert mmrm_many(Y, arm).failures == {"not converged": 1}


def test_type_one_error_at_twelve_an_arm_is_five_percent():
    Y, arm, base = trials(3000, 24, 4, seed=12)
    many = mmrm_many(Y, arm, base)
    assert (~many.converged).mean() < 0.002
    assert np.nanmean(many.p[:, 0, -1] < 0.05) == pytest.approx(0.05, abs=0.012)  # 3 standard errors


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"Y": np.zeros((2, 3))}, InputError),
        ({"Y": np.zeros((1, 6, 11))}, LimitError),
        ({"Y": np.full((1, 6, 2), np.inf)}, InputError),
        ({"arm": np.zeros(6)}, InputError),
        ({"arm": np.array([0, 0, 0, 2, 2, 2])}, InputError),
        ({"baseline": np.array([1, 2, 3, 4, 5, np.nan])}, InputError),
        ({"baseline": np.zeros(5)}, InputError),
    ],
)
def test_bad_input_is_refused(change, error):
    call = {"Y": np.zeros((1, 6, 2)), "arm": np.arange(6) % 2, "baseline": None} | change
    with pytest.raises(error):
        mmrm_many(**call)
