"""What is taken, from before day 0 and after: phases, replacement, folds that multiply, cautions."""

from __future__ import annotations

import pytest

from fetuin.physiology.targets import Targets
from fetuin.simulation import Person, Scenario
from fetuin.simulation.regimen import acts_of, cautions, continued, schedule
from fetuin.simulation.simulate import plan
from fetuin.therapies.contract import Act
from fetuin.therapies.dialysis_prescription import Prescription


def held(acts: list[Act], name: str, day: float) -> float:
    """The value of an input on a day, by the schedule."""
    t = 0.0
    for period in schedule(acts, {"targets.rankl": 1.0, "targets.phosphate_bound": 0.0}, 40.0).periods:
        for _ in range(period.repeats):
            for segment in period.segments:
                t += segment.duration
                if t > day:
                    return segment.inputs[name]
    raise AssertionError(day)


def test_folds_multiply_and_fluxes_add_whenever_they_meet() -> None:
    acts = [
        Act(Targets(rankl=0.5, phosphate_bound=2.0)),
        Act(Targets(rankl=0.5, phosphate_bound=3.0), start=10.0, duration=5.0, every=10.0, until=25.0),
        Act(Targets(rankl=0.8), start=12.0, duration=20.0),
    ]
    assert [held(acts, "targets.rankl", d) for d in (5.0, 11.0, 13.0, 16.0, 21.0, 33.0)] == pytest.approx(
        [0.5, 0.25, 0.2, 0.4, 0.2, 0.5]
    )
    assert [held(acts, "targets.phosphate_bound", d) for d in (5.0, 11.0, 16.0)] == pytest.approx([2.0, 5.0, 2.0])


def test_what_was_begun_before_goes_on_in_its_phase() -> None:
    """Denosumab 100 days ago: the level of day 100, not of day 0; the next dose in 82.6 days."""
    whole = acts_of({"denosumab": 60.0}, 300.0)
    later = continued({"denosumab": 60.0}, 100.0, 200.0)
    at = {
        day: [a.targets.rankl_free for a in acts if a.start <= day < a.start + a.duration]
        for day, acts in ((105.0, whole), (5.0, later))
    }
    assert at[105.0] == at[5.0]
    assert min(a.start for a in later) == 0.0
    assert any(abs(a.start - (182.625 - 100.0)) < 1e-6 for a in later)


def test_what_is_stopped_acts_on() -> None:
    """The last dose of denosumab is still there; a binder is not."""
    after = continued({"denosumab": 60.0, "sevelamer": 7.2}, 100.0, 200.0, {"denosumab", "sevelamer"})
    assert {a.name for a in after} == {"denosumab"}
    free = [a.targets.rankl_free for a in sorted(after, key=lambda a: a.start)]
    assert free == sorted(free)  # no new dose
    assert free[0] < 0.2 < 0.9 < free[-1]


def test_run_in_on_dialysis_ends_with_a_whole_week() -> None:
    """A drug of every session keeps its phase whatever run-in is asked."""
    ill = {"gfr": 4.0, "dialysis": Prescription(), "regimen": {"calcitriol": "2 ug iv every session"}}
    plans = [plan(p := Person(before=b, **ill), p.solved(), Scenario(), 14.0) for b in (180.0, 182.0, None)]
    assert plans[0] == plans[1] == plans[2]


def test_cautions_name_what_is_not_established() -> None:
    said = cautions(["spironolactone", "magnesium", "sevelamer", "calcium acetate"])
    assert said["spironolactone"].startswith("hypothesis")
    assert "contradictory" in said["magnesium"]
    assert "calcium_acetate" in said
    assert "sevelamer" not in said
