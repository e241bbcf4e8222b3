"""Westgard's rules on ln T50: each rule breaks on the shortest sequence that should break it, and on no shorter."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.assays.control_chart import Target, levey_jennings, target
from fetuin.errors import InputError, NotEnoughDataError

ONE = (Target("mid", np.log(261.0), 0.05),)
THREE = (Target("low", np.log(120.0), 0.078), Target("mid", np.log(261.0), 0.051), Target("high", np.log(390.0), 0.059))


def chart(z, targets=ONE):
    z = np.atleast_2d(np.asarray(z, float).T).T
    t50 = np.exp(np.array([t.mean for t in targets]) + z * np.array([t.sd for t in targets]))
    return levey_jennings(targets, [str(i) for i in range(len(z))], t50)


def rules(z, targets=ONE, run=None):
    c = chart(z, targets)
    return {v.rule for v in c.violations if v.run == (run or c.runs[-1])}


@pytest.mark.parametrize(
    ("z", "broken"),
    [
        ([0.5], set()), ([1.9], set()), ([2.1], {"1-2s"}), ([-2.9], {"1-2s"}), ([3.1], {"1-3s"}), ([-3.1], {"1-3s"}),
        ([2.1, 2.2], {"1-2s", "2-2s"}), ([2.1, -2.2], {"1-2s"}), ([2.1, 0.0, 2.1], {"1-2s"}),
        ([1.1, 1.2, 1.3], set()), ([1.1, 1.2, 1.3, 1.4], {"4-1s"}), ([-1.1, -1.2, 1.3, -1.4], set()),
        ([0.1] * 9, set()), ([0.1] * 10, {"10x"}), ([-0.1] * 10, {"10x"}), ([0.1] * 9 + [-0.1], set()),
    ],
)  # fmt: skip
def test_one_level(z, broken):
    assert rules(z) == broken


def test_rules_between_levels():
    assert rules([[2.1, 2.2, 0.0]], THREE) == {"1-2s", "2-2s"}
    assert rules([[2.1, -2.2, 0.0]], THREE) == {"1-2s", "R-4s"}
    assert rules([[1.9, -2.2, 0.0]], THREE) == {"1-2s"}
    assert "4-1s" in rules([[0.0, 1.2, 1.3], [1.1, 1.2, 1.3]], THREE)


def test_a_shift_of_every_level_is_seen_across_runs():
    assert "10x" in rules([[0.5, 0.4, 0.6]] * 4, THREE)
    assert "10x" not in rules([[0.5, 0.4, 0.6]] * 3, THREE)


def test_a_warning_does_not_reject():
    c = chart([2.1])
    assert c.accepted("0")
    assert not chart([3.1]).accepted("0")


def test_missing_controls_break_nothing():
    c = chart([2.1, np.nan, 2.2])
    assert np.isnan(c.z[1, 0])
    assert rules([2.1, np.nan, 2.2]) == {"1-2s", "2-2s"}
    assert not [v for v in c.violations if v.run == "1"]


def test_false_rejection_of_a_run_in_control():
    c = chart(np.random.default_rng(0).standard_normal(4000))
    rejected = {v.run for v in c.violations if v.reject}
    assert 0.001 < len([v for v in c.violations if v.rule == "1-3s"]) / 4000 < 0.005
    assert len(rejected) / 4000 < 0.06


def test_target_from_runs():
    t = target("low", 120.0 * np.exp(np.random.default_rng(1).normal(0, 0.078, 4000)))
    assert t.t50_min == pytest.approx(120.0, rel=0.005)
    assert t.sd == pytest.approx(0.078, rel=0.05)
    with pytest.raises(NotEnoughDataError):
        target("low", [120.0] * 9)


def test_refusals():
    with pytest.raises(InputError, match="one row a run"):
        levey_jennings(THREE, ["1"], np.ones((1, 2)))
    with pytest.raises(InputError, match="no logarithm"):
        levey_jennings(ONE, ["1"], np.zeros((1, 1)))
