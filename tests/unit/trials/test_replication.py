"""Recipes of replication on records of many shapes, each against its textbook answer; what cannot be read is named."""

from __future__ import annotations

import math

import pytest
from scipy import stats

from fetuin.trials.replication import replicate_all


def one(record, n=400):
    return next(replicate_all([{"id": "x", **record}], n=n, seed=3))


def test_follow_up_is_students_t():
    arms = {"active": {"n": 30, "fu": [300, 80]}, "placebo": {"n": 25, "fu": [250, 70]}}
    r = one({"arms": arms, "effect": {"diff": 50, "p": 0.02}})
    t = stats.ttest_ind_from_stats(300, 80, 30, 250, 70, 25)
    assert r.recipe == "follow_up"
    assert r.expected.p == pytest.approx(t.pvalue)
    assert r.simulated.effect == pytest.approx(50, abs=6)
    assert r.agrees is True


def test_changes_with_sizes_by_arm_name():
    r = one(
        {
            "n_arm": {"placebo": 40, "k2": 44},
            "arms": {"placebo": {"change": [2, 34]}, "k2": {"change": [20, 36]}},
            "effect": {"diff": 18, "ci": [3, 33]},
        }
    )
    assert (r.recipe, r.expected.effect) == ("change", 18)
    assert r.agrees is True
    off = one(
        {
            "n_arm": [40, 44],
            "arms": {"placebo": {"change": [2, 34]}, "k2": {"change": [20, 36]}},
            "effect": {"diff": 60, "ci": [45, 75]},
        }
    )
    assert off.agrees is False


def test_growth_by_interval_quartiles_or_a_per_cent_alone():
    ci = one(
        {
            "n_arm": [100, 100],
            "arms": {"placebo": {"mean_pct": 31, "ci": [25, 37]}, "drug": {"mean_pct": 24, "ci": [18, 30]}},
            "effect": {"p": 0.07},
        }
    )
    iqr = one(
        {
            "n_arm": [60, 60],
            "arms": {"control": {"median_pct": 39.5, "iqr": [10, 80]}, "mgo": {"median_pct": 11.3, "iqr": [0, 40]}},
            "effect": {"p": "<0.01"},
        }
    )
    bare = one(
        {
            "n_arm": [60, 60],
            "arms": {"control": {"median_pct": 39.5}, "mgo": {"median_pct": 11.3}},
            "effect": {"p": "<0.01"},
        }
    )
    assert [r.recipe for r in (ci, iqr, bare)] == ["growth", "growth", "medians"]
    assert ci.expected.effect == pytest.approx(math.log(1.24 / 1.31))
    assert iqr.expected.effect == pytest.approx(math.log(1.113 / 1.395))
    assert any("SD of the change" in a for a in bare.assumptions)


def test_events_by_list_by_arm_and_within_arms():
    by_list = one(
        {"events": [100, 140], "n_arm": [500, 500], "median_fu_y": 3, "effect": {"hr": 0.68, "ci": [0.52, 0.88]}}, n=100
    )
    by_arm = one(
        {
            "events": {"placebo": 140, "drug": 100},
            "n_arm": {"placebo": 500, "drug": 500},
            "median_fu_y": 3,
            "effect": {"hr": 0.68},
        },
        n=100,
    )
    within = one(
        {
            "arms": {"placebo": {"events": 140, "n": 500}, "drug": {"events": 100, "n": 500}},
            "median_fu_y": 3,
            "effect": {"hr": 0.68},
        },
        n=100,
    )
    for r in (by_list, by_arm, within):
        assert r.recipe == "hazard"
        assert r.expected.effect == pytest.approx(math.log(1 - 0.2) / math.log(1 - 0.28))
        assert r.simulated.effect == pytest.approx(r.expected.effect, rel=0.05)
        assert r.agrees is True


def test_crossover_quartiles():
    r = one(
        {
            "design": "crossover",
            "n_completed": 20,
            "arms": {"a": [120, 90, 150], "b": [80, 50, 110]},
            "effect": {"p": "<0.001"},
        }
    )
    assert r.recipe == "medians"
    assert r.expected.effect == 40


def test_a_trial_without_difference_says_what_it_could_have_found():
    r = one({"endpoint": "CAC at 12 months", "n_arm": [75, 73], "effect": {"result": "no significant difference"}})
    assert r.agrees is None
    assert r.details["detectable_with_80_percent"] == pytest.approx(
        2.8016 * 0.45 * math.sqrt(1 / 75 + 1 / 73), rel=1e-3
    )


@pytest.mark.parametrize(
    "record",
    [
        {}, {"arms": None}, {"arms": []}, {"arms": {"a": {"fu": [1, 2]}}}, {"arms": {"a": {"fu": ["x", 2]}, "b": {"fu": [1, 2]}}, "n_randomised": 10},
        {"events": [0, 0], "n_arm": [1, 1]}, {"events": [5, 9], "n_arm": [5, 9]}, {"arms": {"a": {"fu": [1, 0]}, "b": {"fu": [1, 0]}}, "n_arm": [2, 2]},
        {"arms": {"a": {"mean_pct": -100, "ci": [-100, -100]}, "b": {"mean_pct": 1, "ci": [0, 2]}}, "n_arm": [5, 5]}, {"effect": {"within_change": 5}},
        {"effect": {"within_change": 5}, "n_randomised": 1}, {"arms": {"a": {"fu": [1, -2]}, "b": {"fu": [1, 2]}}, "n_arm": [0, 0]},
    ],
)  # fmt: skip
def test_records_that_cannot_be_replicated_say_why(record):
    r = one(record, n=20)
    assert r.agrees is not True
    assert r.why
