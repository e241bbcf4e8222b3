"""What a clinic sees of a simulated life: CT repeats as in MESA, a dead deposit is cold, a visit is Observations."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.errors import InputError
from fetuin.knowledge.scan_repeatability import mesa_limit_volume
from fetuin.physiology.targets import Targets
from fetuin.physiology.trajectory import Trajectory
from fetuin.simulation import Person, Scenario, simulate
from fetuin.simulation.clinic import bone_scan, ct, visit
from fetuin.therapies.contract import Act


@pytest.fixture(scope="module")
def still() -> Trajectory:
    return simulate(Person(deposits={"coronary": 1.0, "aorta": 8.0}), Scenario(), 100.0)


def test_two_scans_differ_as_in_mesa(still: Trajectory) -> None:
    volume = float(np.interp(50.0, still.times, still["coronary_volume"]))
    seen = np.array([[o.value for o in ct(still, "coronary", 50.0, s)][1] for s in range(800)], float)
    pairs = np.abs(seen[::2] - seen[1::2])
    assert np.mean(pairs > mesa_limit_volume(volume, 27.0)) == pytest.approx(0.05, abs=0.03)
    assert seen.mean() == pytest.approx(volume, rel=0.02)


def test_a_scan_counts_three_ways_from_one_image(still: Trajectory) -> None:
    score, volume, mass = ct(still, "coronary", 50.0, 1)
    assert (score.analyte, volume.unit, mass.unit) == ("ct_agatston", "mm3", "mg")
    assert mass.value == pytest.approx(volume.value * 0.24, rel=0.02)
    assert ct(still, "lung", 50.0, 1)[0].value == 0.0
    with pytest.raises(InputError):
        ct(still, "liver", 50.0, 1)


def test_a_deposit_that_grows_is_hot_and_a_dead_one_is_cold() -> None:
    wound = Scenario(acts=(Act(Targets(injury_injured_tissue=3.0), duration=60.0),))
    t = simulate(Person(), wound, 400.0, times=np.arange(0.0, 401.0, 5.0))
    hot, cold = (bone_scan(t, "injured_tissue", day, 1).value for day in (40.0, 390.0))
    assert hot is not None
    assert cold is not None
    assert hot > 3.0 * cold


def test_a_visit_is_observations_of_the_same_seed(still: Trajectory) -> None:
    first, again = visit(still, 30.0, 7), visit(still, 30.0, 7)
    assert first == again
    assert {"calcium", "t50", "pwv", "systolic_pressure", "bmd_spine", "ct_agatston"} <= {o.analyte for o in first}
    assert all(o.source is not None and o.source.name == "simulation" for o in first)
