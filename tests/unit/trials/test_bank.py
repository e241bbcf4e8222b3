"""A bank of virtual patients: paired counterfactuals, the same for any cut of the work; its mean is the true estimand."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.trials import bank as banks
from fetuin.trials.mechanism import mechanism
from fetuin.trials.replicates import true_effect
from fetuin.trials.run import run_trial
from fetuin.trials.study import read_study

TABLE = {
    "title": "dialysate magnesium in virtual patients",
    "estimand": {"population": "haemodialysis", "treatment": "dialysate magnesium 1.0 against 0.5 mmol/L", "variable": "T50, day 28", "summary": "difference in means"},
    "endpoint": {"kind": "t50", "baseline": [-7, 0], "follow_up": [28], "analysis": "ancova"},
    "visits": {"days": [-7, 0, 14, 28]}, "arms": [{"name": "low"}, {"name": "high", "dialysate": {"magnesium": 1.0}}],
    "patients": {"generator": "bank", "size": 10, "seed": 3}, "design": {"randomised": 60, "follow_up": 28},
    "rescue": {"above": 2.4, "regimen": {"sevelamer": "7.2 g/d"}},
}  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    study = read_study(TABLE)
    home = tmp_path_factory.mktemp("bank")
    what = banks.part(study)
    files = []
    for chunk in banks.chunks(what):
        files.append(home / f"{chunk['chunk']}.npz")
        banks.work(what, chunk, files[-1])
    return study, banks.join(files), home


def test_everybody_is_simulated_under_every_arm_and_with_rescue(found):
    _, bank, _ = found
    assert bank.people + bank.lost == 10
    assert bank.curves["t50"].shape == (bank.people, 4, 5)
    before = bank.curves["t50"][:, :, 0]
    np.testing.assert_allclose(before, before[:, :1].repeat(4, axis=1), rtol=2e-3)  # day 0 is before treatment
    gain = bank.curves["t50"][:, 1, -1] - bank.curves["t50"][:, 0, -1]
    assert (gain > 20).all()  # published: 73 (30 to 116) min
    assert (bank.curves["phosphate"][:, 2, -1] < bank.curves["phosphate"][:, 0, -1]).all()  # rescue binds phosphate


def test_the_same_people_come_again(found):
    study, bank, home = found
    what = banks.part(study)
    banks.work(what, banks.chunks(what)[0], home / "again.npz")
    again = banks.join([home / "again.npz"])
    np.testing.assert_array_equal(again.curves["t50"], bank.curves["t50"])
    assert banks.name(what) == banks.name(banks.part(read_study(TABLE)))


def test_the_true_effect_is_the_mean_of_paired_differences(found):
    from dataclasses import replace

    study, bank, _ = found
    still = replace(study, conditions=replace(study.conditions, rescue_above=0.0))
    value, error = true_effect(still, bank, 1)
    gain = bank.curves["t50"][:, 1, -1] - bank.curves["t50"][:, 0, -1]
    assert value == pytest.approx(gain.mean(), abs=4 * error)


def test_rescue_changes_only_what_follows_it(found):
    from fetuin.trials.generators import paths
    from fetuin.trials.streams import Streams

    study, bank, _ = found
    course = paths(study, bank, Streams(1, (0, 1)), np.zeros((2, 30), int))
    day = np.full((2, 30), np.inf)
    day[:, ::2] = 14.0
    after = course.rescued(course.assigned, day)
    np.testing.assert_allclose(after[:, :, :3], course.assigned[:, :, :3], rtol=1e-9)  # to day 14 nothing moves
    assert (after[:, ::2, 3] > course.assigned[:, ::2, 3]).all()  # less phosphate, longer T50
    np.testing.assert_allclose(after[:, 1::2], course.assigned[:, 1::2], rtol=1e-9)


def test_a_trial_from_the_bank_knows_its_bias(tmp_path):
    r = run_trial(TABLE, n=300, seed=2, out=tmp_path / "run")
    assert abs(r["bias"].value) < 4 * r["bias"].mcse
    assert abs(r["coverage"].value - 0.95) < 4 * r["coverage"].mcse
    assert abs(r["type I error"].value - 0.05) < 4 * r["type I error"].mcse
    assert r.scenarios[0].bank["people"] + r.scenarios[0].bank["lost"] == 10
    assert (tmp_path / "run" / "banks").is_dir()


def test_a_mechanism_needs_a_year_of_ct(found):
    from fetuin.errors import InputError

    study, bank, _ = found
    with pytest.raises(InputError, match="CAC after a year"):
        mechanism(study, bank)


def test_three_endpoints_of_a_made_up_bank():
    """600 people whose treated T50 is 30 min longer and whose CAC grows by 11 instead of 20 %: the textbook sizes."""
    rng = np.random.default_rng(1)
    level, days = np.exp(np.log(240) + 0.2 * rng.standard_normal(600)), np.arange(0.0, 365.0, 7.0)
    t50 = np.stack([np.tile(level[:, None], (1, len(days))), level[:, None] + 30.0 * (days > 0)], axis=1)
    volume = 800 * np.exp(0.4 * rng.standard_normal(600))[:, None, None]
    pace = np.log([1.20, 1.11])[None, :, None] + 0.2 * rng.standard_normal((600, 1, 1))
    bank = banks.Bank(days, {"t50": t50, "phosphate": t50 * 0 + 1.8, "cac": volume * np.exp(pace * days / 364.0)})
    table = {**TABLE, "visits": {"days": [0, 364]}, "endpoint": {"kind": "cac", "baseline": [0], "follow_up": [364]}, "rescue": {},
             "estimand": {**TABLE["estimand"], "summary": "ratio of geometric means"}, "design": {"randomised": 60, "follow_up": 364}}  # fmt: skip
    m = mechanism(read_study(table), bank)
    assert m.t50_difference == pytest.approx(30.0)
    assert (m.cac_control, m.cac_treated) == pytest.approx((20.0, 11.0), abs=1.5)
    assert 55 < m.t50_sd < 75
    assert 0.2 < m.cac_sd < 0.32


def test_the_tables_of_virtual_patients_hold_t50_cac_and_phosphate_of_the_same_people(found):
    from fetuin.trials import adam

    study, bank, _ = found
    tables = adam.tables(study, bank, 1)
    assert set(tables) == {"ADSL", "ADT50", "ADCAC", "ADLB", "ADTTE"}
    keys = [set(zip(tables[n].USUBJID, tables[n].AVISITN)) for n in ("ADT50", "ADCAC", "ADLB")]
    assert keys[0] == keys[1] == keys[2]
    both = tables["ADT50"].merge(tables["ADLB"], on=["USUBJID", "AVISITN"])
    assert both.AVAL_x.corr(both.AVAL_y) < -0.2  # a higher phosphate, a shorter T50


def test_the_page_of_a_study_without_a_plan_draws_power_over_the_true_effect(tmp_path):
    from fetuin.reports.trial import trial_page

    page = trial_page(run_trial(TABLE, n=30, seed=2, out=tmp_path / "run"))
    assert "share of the true effect" in page
    assert "simulated standard error" in page
