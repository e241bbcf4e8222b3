"""Estimators of many trials at once against their plain twins and SciPy, trial by trial."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fetuin.trials.analysis.ancova import ancova
from fetuin.trials.analysis.cox import cox
from fetuin.trials.estimators import Analysed, estimator

T, N = 4, 61


@pytest.fixture(scope="module")
def data() -> Analysed:
    """Trials with a third arm and missing values."""
    rng = np.random.default_rng(1)
    treated = rng.permuted(np.tile(np.resize([0, 1, -1, 0, 1], N), (T, 1)), axis=1)
    base = 240 + 60 * rng.standard_normal((T, N))
    values = base[:, :, None] * 0.6 + 100 + 30 * rng.standard_normal((T, N, 3)) + 20 * (treated == 1)[:, :, None]
    values[rng.random((T, N, 3)) < 0.15] = np.nan
    time = rng.exponential(300, (T, N)) * np.where(treated == 1, 1.6, 1.0)
    return Analysed(treated, base, values[:, :, -1], values, np.minimum(time, 365.0), time < 365.0)


def table(d: Analysed, t: int) -> pd.DataFrame:
    found = pd.DataFrame(
        {"y": d.outcome[t], "x": d.baseline[t], "z": d.treated[t], "time": d.time[t], "event": d.status[t]}
    )
    found["arm"] = np.where(found.z == 1, "b", "a")
    return found[found.z >= 0]


def test_ancova_is_the_plain_one(data):
    e = estimator("ancova")(data)
    for t in range(T):
        (plain,) = ancova(table(data, t).dropna(), "y ~ arm + x").differences("arm", "a")
        assert (e.estimate[t], e.se[t], e.df[t]) == pytest.approx(
            (plain.test.estimate, plain.test.se, plain.test.df), rel=1e-9
        )


@pytest.mark.parametrize(("name", "of"), [("t_test", lambda f: f.y), ("change", lambda f: f.y - f.x)])
def test_t_tests_are_scipys(name, of, data):
    e = estimator(name)(data)
    for t in range(T):
        f = table(data, t).dropna()
        s = stats.ttest_ind(of(f)[f.z == 1], of(f)[f.z == 0])
        assert (e.estimate[t] / e.se[t], e.df[t]) == pytest.approx((s.statistic, s.df), rel=1e-9)


def test_cox_is_the_plain_one(data):
    e = estimator("cox")(data)
    for t in range(T):
        f = table(data, t)
        plain = cox(f.time, f.event, f.z.to_numpy(float)[:, None]).hazard_ratio(0).log
        assert (e.estimate[t], e.se[t]) == pytest.approx((plain.estimate, plain.se), rel=1e-6)


def test_mmrm_is_the_plain_one(data):
    from fetuin.trials.analysis.contrasts import differences
    from fetuin.trials.analysis.inference import inference
    from fetuin.trials.analysis.mmrm import fit

    e = estimator("mmrm")(data)
    for t in range(2):
        rows = [(i, f"V{v}", "b" if data.treated[t, i] == 1 else "a", data.baseline[t, i], data.values[t, i, v]) for i in range(N) for v in range(3)
                if data.treated[t, i] >= 0 and np.isfinite(data.values[t, i, v])]  # fmt: skip
        f = fit(
            pd.DataFrame(rows, columns=["id", "visit", "arm", "x", "y"]),
            "y ~ arm * visit + x:visit",
            subject="id",
            visit="visit",
        )
        last = differences(f.design, inference("satterthwaite")(f), arm="arm", visit="visit")[-1].test
        assert (e.estimate[t], e.se[t], e.df[t]) == pytest.approx((last.estimate, last.se, last.df), rel=1e-4)


def test_an_arm_without_people_has_no_answer(data):
    alone = Analysed(
        np.where(data.treated == 1, -1, data.treated),
        *(getattr(data, k) for k in ("baseline", "outcome", "values", "time", "status")),
    )
    for name in ("t_test", "change", "ancova", "mmrm", "cox"):
        assert not estimator(name)(alone).converged.any(), name
