"""The tracer model against its published table, and what it says of a dialysis patient."""

from __future__ import annotations

import pytest

from fetuin.physiology import tracer


@pytest.mark.parametrize(
    ("minutes", "plasma", "soft", "bone", "urine"),
    [(180, 0.0371, 0.1462, 0.2827, 0.5340), (240, 0.0235, 0.0914, 0.3036, 0.5815)],
)
def test_fractions_at_gfr_80(minutes, plasma, soft, bone, urine):
    a = tracer.amounts(minutes, 80)
    for name, expected in zip(tracer.STATES, (plasma, soft, bone, urine)):
        assert a[name][0] == pytest.approx(expected, abs=1e-4)
    assert sum(v[0] for v in a.values()) == pytest.approx(1, abs=1e-12)


def test_whole_body_retention_at_24_hours():
    assert tracer.retention(24 * 60, 80) == pytest.approx(0.2796, abs=1e-4)
    # HEDP in renal osteodystrophy: 88.6 % (Fogelman, J Nucl Med 1978;19:270), without refitting
    assert tracer.retention(24 * 60, 5) == pytest.approx(0.886, abs=0.06)


def test_decay_over_three_hours():
    assert tracer.decay(180) == pytest.approx(0.70738, abs=1e-5)


def test_soft_tissue_is_hot_without_kidneys_and_no_disease():
    healthy, failure = tracer.expected_soft_to_bone(240, 90, people=60), tracer.expected_soft_to_bone(240, 5, people=60)
    assert failure[0] > 1.5 * healthy[0]
    assert failure[1] < failure[0] < failure[2]


def test_the_share_outside_bone_is_the_ratio_in_another_form():
    share, ratio = (f(180, 30, people=60) for f in (tracer.expected_soft_share, tracer.expected_soft_to_bone))
    assert share[0] / (1 - share[0]) == pytest.approx(ratio[0], rel=0.01)
    assert share[1] < share[0] < share[2] < 1


def test_a_deposit_takes_its_share_of_bone_by_mass_and_avidity():
    bone = float(tracer.amounts(240, 80)["bone"][0])
    assert tracer.deposit_uptake(240, 80, 2700.0, tracer.Mineral(avidity=1.0)) == pytest.approx(bone)
    twice = tracer.deposit_uptake(240, 80, 2.0, tracer.Mineral(avidity=10.0))
    assert twice == pytest.approx(20 * tracer.deposit_uptake(240, 80, 1.0, tracer.Mineral(avidity=1.0)))
