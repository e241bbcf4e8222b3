"""The fit of a plate: against SciPy on the same reads, against the truth of drawn plates, and its intervals."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.assays import fit as F
from fetuin.assays.fit_plate import correlation, fit_plate
from fetuin.assays.intervals import bootstrap, profile
from fetuin.assays.plate import Plate
from fetuin.assays.simulate_plate import simulate
from fetuin.errors import NotEnoughDataError, UsageError


@pytest.fixture(scope="module")
def asym():
    drawn = simulate(21, "asym")
    return drawn, fit_plate(drawn.plate)


def error(drawn, fit):
    truth = drawn.t50()
    width = np.array([r["width_w_min"] for r in drawn.truth])
    ok = np.isfinite(truth) & (truth + 3 * width < 600)
    return (fit.t50 - truth)[ok]


def test_the_compiled_minimum_is_scipys(asym):
    drawn, fit = asym
    work = F.prepare(drawn.plate)
    F.begin(work, np.arange(len(drawn.plate)), F._model("5pl"))
    work.state[:], work.sd[:] = fit.state, fit.sd
    for row in range(0, 384, 48):
        assert F.plain_fit(work, row)[4] == pytest.approx(fit.t50[row], abs=0.01)


@pytest.mark.parametrize(("kind", "limit"), [("clean", 0.12), ("asym", 0.20)])
def test_error_on_drawn_plates(kind, limit):
    drawn = simulate(33, kind)
    assert np.sqrt(np.mean(error(drawn, fit_plate(drawn.plate)) ** 2)) <= limit


def test_noise_free_curves_are_found_exactly():
    from dataclasses import replace

    from fetuin.assays.simulate_plate import ASYM

    drawn = simulate(2, "asym", laboratory=replace(ASYM, noise_floor=1e-3, noise_relative=1e-7), wells=96)
    assert np.abs(error(drawn, fit_plate(drawn.plate))).max() < 0.01


def test_delta_intervals_cover(asym):
    drawn, fit = asym
    low, high = fit.interval()
    truth = drawn.t50()
    assert 0.92 <= np.mean((low <= truth) & (truth <= high)) <= 0.98


def test_profile_and_bootstrap_agree_with_delta():
    drawn = simulate(8, "full", wells=96)
    fit = fit_plate(drawn.plate)
    ok = np.isfinite(drawn.t50()) & (drawn.t50() < 480) & (fit.extra == 0) & (fit.se < 1)
    half = 1.98 * fit.se[ok]
    for low, high in (profile(fit)[:2], bootstrap(fit, 60, seed=4)[:2]):
        ratio = (high - low)[ok] / 2 / half
        assert 0.85 < np.median(ratio) < 1.15
    again = bootstrap(fit, 5, seed=4)[2]
    assert np.array_equal(again, bootstrap(fit, 5, seed=4)[2])


def test_correlation_is_found():
    assert fit_plate(simulate(5, "full").plate).rho == pytest.approx(0.3, abs=0.05)
    assert fit_plate(simulate(5, "clean").plate).rho == pytest.approx(0.0, abs=0.05)
    rng = np.random.default_rng(0)
    assert correlation(rng.standard_normal((200, 145)), np.zeros(200)) == pytest.approx(0.0, abs=0.03)


def test_model_choice_by_aicc():
    from fetuin.assays import curves

    rng, t = np.random.default_rng(1), np.linspace(0, 600, 145)
    base = 4e3 + 9e3 * (1 - np.exp(-t / 8))
    logistic = [base + 1.2e5 * curves.four_parameter(t, 250 + 10 * k, 12.0) for k in range(12)]
    avrami = [base + 1.2e5 * curves.jmak(t, 250 + 10 * k, 120.0, 2.0) for k in range(12)]
    y = np.array(logistic + avrami)
    y += rng.standard_normal(y.shape) * np.hypot(150, 0.006 * y)
    names = tuple(f"{chr(65 + i // 12)}{i % 12 + 1:02d}" for i in range(24))
    plate = Plate(names, np.tile(t, (24, 1)), y, np.zeros(y.shape, bool))
    fit = fit_plate(plate, "auto")
    assert fit.model[:12].count("4pl") >= 9
    assert fit.model[12:].count("jmak") >= 10
    assert np.abs(fit.t50 - np.tile(250 + 10.0 * np.arange(12), 2)).max() < 1.5


@pytest.mark.parametrize("name", ["4pl", "jmak", "finke_watzky", "double_sigmoid"])
def test_every_model_fits_a_logistic_plate(name):
    drawn = simulate(3, "clean", wells=96)
    fit = fit_plate(drawn.plate, name)
    assert np.median(np.abs(fit.t50 - drawn.t50())) < (2.0 if name == "jmak" else 0.3)


def test_missing_reads_and_shifted_times():
    drawn = simulate(4, "full", wells=96, offset_known=True)
    reads = np.array(drawn.plate.reads)
    reads[np.random.default_rng(0).random(reads.shape) < 0.1] = np.nan
    plate = Plate(drawn.plate.wells, drawn.plate.minutes, reads, drawn.plate.overflow)
    good = np.array([not r["flags"] for r in drawn.truth]) & (drawn.t50() < 520)
    assert np.quantile(np.abs(fit_plate(plate).t50 - drawn.t50())[good], 0.95) < 1.0


def test_refusals():
    drawn = simulate(1, "clean", wells=96)
    with pytest.raises(UsageError, match="no curve model"):
        fit_plate(drawn.plate, "6pl")
    short = Plate(("A1",), np.arange(5.0)[None], np.ones((1, 5)), np.zeros((1, 5), bool))
    with pytest.raises(NotEnoughDataError, match="at least 12 reads"):
        fit_plate(short)
