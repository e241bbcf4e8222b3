"""A flag stands where the reads justify it, says why, and stays away from sound wells."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.assays.flags import edge_effect, replicate_disagreement
from fetuin.assays.plate import Plate
from fetuin.assays.simulate_plate import simulate
from fetuin.assays.t50 import measure


def altered(change, seed=7, row=30):
    drawn = simulate(seed, "clean", wells=96, t50=np.full(96, 300.0))
    reads, overflow = np.array(drawn.plate.reads), np.array(drawn.plate.overflow)
    change(reads[row], drawn.plate.minutes[row], overflow[row])
    plate = Plate(drawn.plate.wells, drawn.plate.minutes, reads, overflow, unit="RNU")
    return measure(plate).wells[row]


def spike(y, t, over):
    y[40] += 6e4


def bubble(y, t, over):
    y[30:45] += 5e4


def stays(y, t, over):
    y[30:] += 5e4


def drift(y, t, over):
    y += 80.0 * t


def saturated(y, t, over):
    over[y > 9e4] = True
    y[:] = np.minimum(y, 9e4)


def lipaemic(y, t, over):
    y += 4e4


def flat(y, t, over):
    y[:] = 4e3 + 200.0 * np.sin(37.0 * np.arange(y.size))


def early_step(y, t, over):
    y += 1.5e4 / (1 + np.exp(-(t - 150.0) / 6.0))


@pytest.mark.parametrize(
    ("change", "kind", "reported"),
    [
        (spike, "spike", True), (bubble, "bubble", True), (stays, "bubble", True), (drift, "drift", True),
        (saturated, "saturation", True), (lipaemic, "baseline high", True), (flat, "no reaction", False),
        (early_step, "two-step", True),
    ],
)  # fmt: skip
def test_each_fault_is_named(change, kind, reported):
    well = altered(change)
    assert kind in [f.kind for f in well.flags]
    assert all(f.reason for f in well.flags)
    assert (well.t50_min is not None) == reported
    if reported and change is not saturated:
        assert well.t50_min == pytest.approx(300.0, abs=1.0)


def test_sound_wells_are_left_alone():
    total = flagged = 0
    for seed in (1, 2):
        drawn = simulate(seed, "full")
        for well, truth in zip(measure(drawn.plate).wells, drawn.truth):
            if not truth["flags"] and truth["T50_min"] + 3 * truth["width_w_min"] < 600:
                total, flagged = total + 1, flagged + bool(well.flags)
    assert flagged <= 0.01 * total


@pytest.mark.parametrize("seed", [101, 102])
def test_no_unflagged_well_is_far_off(seed):
    drawn = simulate(seed, "full")
    for well, t50 in zip(measure(drawn.plate).wells, drawn.t50()):
        if well.t50_min is not None and not well.flags:
            assert abs(well.t50_min - t50) < 10.0


def test_truncated():
    t50 = np.full(96, 300.0)
    t50[5] = 590.0
    well = measure(simulate(4, "clean", wells=96, t50=t50).plate).wells[5]
    assert well.censored
    assert [f.kind for f in well.flags] == ["truncated"]


def test_edge_effect_needs_the_same_sample_in_both_places():
    rng = np.random.default_rng(0)
    border = np.tile([True, False], 40)
    groups = [f"s{i // 2}" for i in range(80)]
    t50 = 290.0 * np.exp(0.1 * np.repeat(rng.standard_normal(40), 2)) * np.where(border, 0.97, 1.0)
    t50 *= np.exp(0.01 * rng.standard_normal(80))
    flag = edge_effect(t50, border, groups)
    assert flag is not None
    assert "0.97" in flag.reason
    assert edge_effect(t50, border, [""] * 80) is None
    assert edge_effect(np.where(border, t50 / 0.97, t50), border, groups) is None


def test_replicates():
    assert replicate_disagreement([300.0, 305.0, 295.0]) is None
    assert replicate_disagreement([300.0]) is None
    assert "CV 15.7%" in replicate_disagreement([250.0, 312.5]).reason
