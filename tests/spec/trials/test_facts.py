"""Facts of published trials and of their sizes, as a trialist can read them: `shared/facts/trials.md`, sections 1, 3 and 9."""

from __future__ import annotations

import math

import pytest

from fetuin.trials.designs import sample_size
from fetuin.trials.endpoint_comparison import Mechanism, compare_endpoints, hazard_ratio, two_arms
from fetuin.trials.replication import read_published, replicate_all, shipped


def replica(name: str):
    return next(replicate_all([r for r in shipped() if r["id"] == name], n=2000, seed=1))


def test_row_22_dialysate_magnesium_73_30_to_116():
    r = replica("MgDial-2018")
    assert (r.expected.effect, r.expected.low, r.expected.high) == pytest.approx((73, 30, 116), abs=1)
    assert (r.simulated.effect, r.simulated.low, r.simulated.high) == pytest.approx((73, 30, 116), abs=1.5)
    assert r.power == pytest.approx(0.917, abs=0.02)
    assert r.agrees is True


def test_row_23_calipso_z_2_48():
    r = replica("CaLIPSO-2020")
    assert r.details["z"] == pytest.approx(2.48, abs=0.1)
    assert 0.012 < r.expected.p < 0.017
    assert r.agrees is True


def test_row_24_cac_20_against_11_percent_needs_184_analysed_and_460_randomised():
    difference = math.log(1.20) - math.log(1.11)
    n = sample_size.means(difference, 0.23, power=0.9)
    assert math.ceil(n / 2) == 184
    assert two_arms(difference, 0.23, 0.2, 0.05, 0.9) == 460


def test_landmark_standard_error_of_the_log_hazard_ratio():
    r = replica("LANDMARK-2021")
    assert r.details["se_log_hr"] == pytest.approx(0.1194, abs=1e-4)
    assert (r.expected.low, r.expected.high) == pytest.approx((0.88, 1.41), abs=0.01)


def test_citmag_p_lies_between_0_20_and_0_22():
    assert 0.20 <= replica("CitMag-2024").expected.p <= 0.22


SIZES = [  # difference, SD given baseline, dropout, power 80 %, power 90 %
    ("T50 +73 min, SD 81, 4 weeks", 73, 81, 0.05, 44, 58),
    ("T50 +30 min, SD 70, no baseline", 30, 70, 0.05, 182, 244),
    ("T50 +30 min, ANCOVA r 0.6", 30, 56, 0.05, 118, 158),
    ("T50 +20 min, ANCOVA r 0.6", 20, 56, 0.05, 262, 350),
    ("T50 +30 min at 6 months, r 0.5", 30, 70 * math.sqrt(0.75), 0.15, 154, 206),
    ("CAC 20 against 11 %", math.log(1.2 / 1.11), 0.23, 0.2, 344, 460),
    ("CAC 20 against 15 %", math.log(1.2 / 1.15), 0.23, 0.2, 1150, 1538),
]


@pytest.mark.parametrize(("name", "difference", "sd", "dropout", "n80", "n90"), SIZES, ids=[s[0] for s in SIZES])
def test_sizes_of_published_questions(name, difference, sd, dropout, n80, n90):
    assert [two_arms(difference, sd, dropout, 0.05, power) for power in (0.8, 0.9)] == [n80, n90]


def test_t50_needs_35_times_fewer_patient_months_than_cac_and_says_what_that_does_not_prove():
    found = compare_endpoints()
    t50, cac, events = found.needs
    assert (t50.randomised, cac.randomised, cac.patient_months) == (158, 460, 5520)
    assert cac.patient_months / t50.patient_months == pytest.approx(35, abs=0.5)
    assert events.patient_months > 100 * cac.patient_months
    assert "no trial has validated" in found.caution
    assert {"against", "for"} <= {f["speaks"] for f in found.published}


@pytest.mark.parametrize(("sds", "ratio", "events"), [(1.0, 0.87, 2150), (0.5, 0.93, 8600)])
def test_events_if_evolve_were_wholly_causal(sds, ratio, events):
    m = Mechanism(t50_difference=70.0 * sds, t50_sd=70.0, hr_sd=70.0)
    assert hazard_ratio(m) == pytest.approx(ratio, abs=0.005)
    assert compare_endpoints(m).needs[2].events == pytest.approx(events, rel=0.002)


def test_the_given_facts_and_the_shipped_ones_give_the_same_gallery(shared):
    given = {r.id: r for r in replicate_all(read_published(shared / "reference/trials/trial_facts.json"), n=50)}
    ours = {r.id: r for r in replicate_all(shipped(), n=50)}
    assert given == ours


def test_a_trial_that_cannot_be_replicated_is_named_with_what_is_missing(tmp_path):
    (found,) = replicate_all([{"id": "new", "arms": {"a": {"words": 1}}}], n=10)
    assert found.agrees is None
    assert "no recipe fits" in found.why
