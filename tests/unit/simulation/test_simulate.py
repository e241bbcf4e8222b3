"""Persons, regimens, populations, observations: what is asked is done, and what is impossible is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fetuin.errors import InputError
from fetuin.knowledge.lesion import lesion, lesions
from fetuin.knowledge.population import populations
from fetuin.physiology.targets import FLUXES, NAMES, Targets, from_mapping
from fetuin.simulation import Person, Scenario, simulate
from fetuin.simulation.observation import observe
from fetuin.simulation.population import candidates, draw
from fetuin.simulation.regimen import schedule, therapy
from fetuin.therapies.contract import Act
from fetuin.therapies.dialysis_prescription import Prescription, checked, sessions
from fetuin.therapies.diet import diet


def test_folds_multiply_and_fluxes_add_at_every_moment() -> None:
    acts = [
        Act(Targets(cyp27b1=0.5, calcium_intake=5.0)),
        Act(Targets(cyp27b1=0.5), start=2.0, duration=3.0),
        Act(Targets(calcium_intake=7.0), start=0.0, duration=0.5, every=1.0),
    ]
    found = schedule(acts, {"targets.cyp27b1": 1.0, "targets.calcium_intake": 0.0}, 7.0)
    seen = {}
    at = 0.0
    for p in found.periods:
        for _ in range(p.repeats):
            for s in p.segments:
                seen[round(at, 3)] = (s.inputs["targets.cyp27b1"], s.inputs["targets.calcium_intake"])
                at += s.duration
    assert seen[0.0] == (0.5, 12.0)
    assert seen[0.5] == (0.5, 5.0)
    assert seen[3.0] == (0.25, 12.0)


def test_a_week_of_sessions_returns_the_fluid_it_gained() -> None:
    p = Prescription()
    acts = sessions(p)
    gained = next(a.inputs["dialysis.fluid_gain"] for a in acts if "dialysis.fluid_gain" in a.inputs) * 7.0
    removed = sum(a.inputs.get("dialysis.ultrafiltration", 0.0) * a.duration for a in acts if a.every)
    assert removed == pytest.approx(gained)


@pytest.mark.parametrize("bad", [{"sessions": 8}, {"hours": 0.0}, {"calcium": -1.0}, {"sessions": 2.5}])
def test_impossible_prescriptions(bad: dict) -> None:
    from dataclasses import replace

    with pytest.raises(InputError):
        checked(replace(Prescription(), **bad))


def test_impossible_persons_diets_doses_and_times() -> None:
    for make in (
        lambda: Person(gfr=-5.0),
        lambda: Person(gfr=900.0),
        lambda: diet({"phosphate": 900.0}),
        lambda: diet({"iron": 1.0}),
        lambda: therapy("snake oil"),
        lambda: therapy("haemodialysis").given(-1.0),
        lambda: Act(start=-1.0),
        lambda: simulate(days=0.0),
        lambda: Scenario(gfr=((10.0, -3.0),)),
        lambda: lesion("no such thing"),
    ):
        with pytest.raises(InputError):
            make()


@pytest.mark.parametrize("name", ["haemodialysis", "haemodiafiltration", "peritoneal_dialysis"])
def test_dialysis_of_every_kind_keeps_a_person_without_kidneys_in_range(name: str) -> None:
    t = simulate(Person(gfr=3.0), {name: 1.0}, days=84, times=np.linspace(56, 84, 50))
    assert 1.0 < t["phosphate"].mean() < 3.0
    assert 1.7 < t["calcium"].mean() < 2.8
    assert 18 < t["bicarbonate"].mean() < 32
    assert 0.7 < t["magnesium"].mean() < 1.6


def test_a_therapy_dose_of_zero_changes_nothing() -> None:
    still, none = simulate(days=30), simulate(None, {"haemodialysis": 0.0}, days=30)
    np.testing.assert_array_equal(still["calcium"], none["calcium"])


def test_every_lesion_moves_targets_that_exist_with_a_source() -> None:
    for key, found in lesions().items():
        assert found.targets, key
        for name, moved in found.targets.items():
            assert name in NAMES, f"{key}: {name}"
            assert moved.source, key
        from_mapping(found.at(1.0, FLUXES), key)
        neutral = Targets(**found.at(0.0, FLUXES))
        assert neutral == Targets(), f"{key}: severity 0 moves nothing"


def test_populations_draw_plausible_people_and_seeds_reproduce() -> None:
    for name in ("healthy_adult", "ckd_3"):
        first, again = draw(name, 4, 3), draw(name, 4, 3)
        assert [p.parameters for p in first] == [p.parameters for p in again]
        assert first[0].parameters != draw(name, 4, 4)[0].parameters
    assert set(populations()) >= {
        "healthy_adult",
        "ckd_2",
        "ckd_3",
        "ckd_4",
        "ckd_5",
        "haemodialysis",
        "peritoneal_dialysis",
    }


def test_correlations_are_those_of_the_file() -> None:
    people = [next(c) for c in [candidates("healthy_adult", 5)] for _ in range(400)]
    ca, p = (np.array([q.parameters[f"healthy.{m}_diet"] for q in people]) for m in ("calcium", "phosphate"))
    assert np.corrcoef(np.log(ca), np.log(p))[0, 1] == pytest.approx(0.6, abs=0.12)


def test_observations_scatter_as_the_laboratory_does() -> None:
    t = simulate(days=400)
    seen = [o.value for o in observe(t, ["phosphate"], np.linspace(0, 400, 300), seed=1)]
    assert np.mean(seen) == pytest.approx(t["phosphate"][0], rel=0.02)
    assert np.std(seen) / np.mean(seen) == pytest.approx(0.085, rel=0.2)
    turnover = observe(t, ["ctx", "p1np", "bone_alp", "bmd_spine"], [10.0], seed=2)
    assert {o.unit for o in turnover} == {"ug/L", "1"}
    with pytest.raises(InputError):
        observe(t, ["mood"], [1.0], seed=1)


def test_a_record_becomes_a_person() -> None:
    from fetuin.errors import NotEnoughDataError
    from fetuin.records.record import Condition, Observation, Record
    from fetuin.simulation.from_record import person_of

    seen = Observation("egfr", 22.0, "mL/min/1.73m2")
    assert person_of(Record("a", observations=(seen,))).gfr == 22.0
    assert person_of(Record("b", observations=(seen,), conditions=(Condition("haemodialysis"),))).dialysis is not None
    with pytest.raises(NotEnoughDataError):
        person_of(Record("c"))


def test_a_stopped_stream_goes_on_where_it_stood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chunk on disk is read, a missing one computed; the summary is that of an unbroken run."""
    from fetuin.simulation import streaming

    monkeypatch.setattr(streaming, "CHUNK", 3)
    whole = list(streaming.stream("ckd_3", 7, 3, Scenario(), 14.0, tmp_path))[-1]
    assert len(whole["files"]) == 3
    Path(whole["files"][1]).unlink()
    again = list(streaming.stream("ckd_3", 7, 3, Scenario(), 14.0, tmp_path))[-1]
    assert again["resumed"] == 2
    assert again["final"] == whole["final"]
