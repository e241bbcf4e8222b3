"""Constrained LDA and random slopes: beside their equivalents, statsmodels, and the truth they were drawn from."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fetuin.errors import InputError
from fetuin.trials.analysis.ancova import ancova
from fetuin.trials.analysis.constrained_lda import constrained_lda
from fetuin.trials.analysis.slopes import slopes


def draws(n: int = 80, seed: int = 2, gone: float = 0.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    S = 60**2 * (0.5 + 0.5 * np.eye(3))
    y = rng.multivariate_normal([240, 245, 250], S, n)
    y[np.arange(n) % 2 == 1, 1:] += 30
    y[:, 1:][rng.random((n, 2)) < gone] = np.nan
    return y


def long(y: np.ndarray) -> pd.DataFrame:
    n, m = y.shape
    return pd.DataFrame(
        [(f"P{i}", f"V{j}", ("placebo", "active")[i % 2], y[i, j]) for i in range(n) for j in range(m)],
        columns=["id", "visit", "arm", "y"],
    )


def lda(y: np.ndarray, **more):
    return constrained_lda(
        long(y), response="y", subject="id", visit="visit", arm="arm", baseline="V0", reference="placebo", **more
    )


def test_complete_data_and_two_visits_give_the_estimate_of_ancova():
    """Liang and Zeger: with complete data the two differ only in how the baseline's sampling is counted."""
    y = draws()[:, :2]
    wide = pd.DataFrame({"y": y[:, 1], "x": y[:, 0], "arm": np.where(np.arange(80) % 2, "active", "placebo")})
    (ours,), theirs = lda(y), ancova(wide, "y ~ arm + x", reference={"arm": "placebo"}).differences("arm", "placebo")[0]
    assert ours.visit == "V1"
    assert ours.test.estimate == pytest.approx(theirs.test.estimate, rel=0.01)
    assert ours.test.se == pytest.approx(theirs.test.se, rel=0.03)


def test_people_without_follow_up_or_baseline_count():
    y = draws(gone=0.2)
    found = lda(y)
    assert [d.visit for d in found] == ["V1", "V2"]
    assert all(d.arm == "active" and d.test.lower < 30 < d.test.upper for d in found)
    y[3, 0] = np.nan
    assert lda(y)[0].test.estimate != found[0].test.estimate


def test_a_baseline_that_is_no_visit_is_refused():
    with pytest.raises(InputError, match="no visit"):
        constrained_lda(
            long(draws()), response="y", subject="id", visit="visit", arm="arm", baseline="week 0", reference="placebo"
        )


def lines(n: int = 60, seed: int = 11) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(n):
        a, b = rng.multivariate_normal([200, 3], [[400, 8], [8, 4]])
        for t in (0, 3, 6, 9, 12):
            if t == 0 or rng.random() > 0.15:
                rows.append((f"P{i}", "AB"[i % 2], t + rng.uniform(-0.3, 0.3) * (t > 0), a + (b + 2 * (i % 2)) * t))
                rows[-1] = (*rows[-1][:3], rows[-1][3] + rng.normal(0, 10))
    return pd.DataFrame(rows, columns=["id", "arm", "month", "y"])


def test_slopes_as_statsmodels_mixedlm():
    import statsmodels.formula.api as smf

    t = lines()
    ours = slopes(t, response="y", subject="id", time="month", arm="arm", reference="A")
    theirs = smf.mixedlm("y ~ month * arm", t, groups="id", re_formula="~month").fit(
        reml=True, method="powell", maxiter=5000, ftol=1e-12
    )
    assert ours.difference.estimate == pytest.approx(theirs.params["month:arm[T.B]"], abs=2e-3)
    assert ours.difference.se == pytest.approx(theirs.bse["month:arm[T.B]"], rel=2e-3)
    assert ours.control.estimate == pytest.approx(theirs.params["month"], abs=2e-3)
    assert ours.treated.estimate == pytest.approx(ours.control.estimate + ours.difference.estimate)
    assert 30 < ours.difference.df < 70
    assert ours.difference.lower < 2 < ours.difference.upper


def test_slopes_need_three_times_and_two_arms():
    t = lines()
    with pytest.raises(InputError):
        slopes(t[t.month == 0], response="y", subject="id", time="month", arm="arm", reference="A")
    with pytest.raises(InputError):
        slopes(t[t.arm == "A"], response="y", subject="id", time="month", arm="arm", reference="A")
