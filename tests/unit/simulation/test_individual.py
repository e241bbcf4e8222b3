"""A person is found again from laboratory values; the ensemble covers them; arms are read, run and compared."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import pytest

from fetuin.errors import FetuinError, InputError, NotEnoughDataError, UnitError
from fetuin.records.record import Condition, Medication, Observation, Procedure, Record
from fetuin.simulation import Person, Scenario
from fetuin.simulation.arms import compare
from fetuin.simulation.individual import individual, predictive_check
from fetuin.simulation.observation import observe
from fetuin.simulation.record_course import course_of
from fetuin.simulation.regimen_text import arm
from fetuin.simulation.simulate import simulate_many

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
DAYS = [28.0 * k for k in range(10)]


@cache
def _record() -> Record:
    """Ten months of a person at eGFR 24 who eats much phosphate, without dialysis."""
    who = Person(gfr=24.0, parameters={"healthy.phosphate_diet": 52.0, "healthy.storage": 40.0})
    t = simulate_many([who], Scenario(), 280.0, times=np.unique([0.0, *DAYS, 280.0]))
    seen = observe(t, ("calcium", "phosphate", "pth", "bicarbonate", "calcidiol"), DAYS, 3, start=BEGIN)
    gfr = tuple(Observation("egfr", 24.0, "mL/min", BEGIN + timedelta(days=d)) for d in DAYS)
    return Record(id="p", observations=seen + gfr)


@cache
def _who() -> object:
    return individual(_record(), seed=2, members=24)


def test_what_the_values_determine_is_learnt() -> None:
    who = _who()
    learnt = {x.name: x for x in who.identified}
    assert learnt["healthy.storage"].shrinkage > 0.3
    assert learnt["healthy.storage"].score < 0.0
    assert learnt["healthy.phosphate_diet"].score > 0.3
    assert who.directions >= 2
    assert np.mean([f.inside for f in who.fitted]) > 0.75
    assert len(who.members) == 24


def test_the_seed_reproduces_and_the_ensemble_goes_on_from_the_record() -> None:
    again = individual(_record(), seed=2, members=24)
    assert [m.parameters for m in again.members] == [m.parameters for m in _who().members]
    t = _who().forward(Scenario(), 28.0, times=np.array([0.0, 28.0]))
    assert t["phosphate"].shape == (24, 2)
    last = np.mean([f.middle for f in _who().fitted if f.analyte == "phosphate" and f.day == DAYS[-1]])
    assert np.median(t["phosphate"][:, 0]) == pytest.approx(last, rel=0.08)


def test_values_held_back_are_predicted() -> None:
    found = predictive_check(course_of(_record()), seed=1, members=16)
    assert len(found) >= 10
    assert np.mean([f.inside for f in found]) > 0.6


def test_a_course_reads_dialysis_medicines_and_lesions() -> None:
    o = (
        Observation("phosphate", 1.9, "mmol/L", BEGIN),
        Observation("phosphate", 1.8, "mmol/L", BEGIN + timedelta(days=70)),
    )
    course = course_of(
        Record(
            id="d", observations=o, procedures=(Procedure("haemodialysis"),),
            conditions=(Condition("primary hyperparathyroidism"),),
            medications=(
                Medication("Renvela", "sevelamer", dose="2.4 g/d", start=BEGIN - timedelta(days=400)),
                Medication("cinacalcet", "cinacalcet", dose="30 mg/d", start=BEGIN + timedelta(days=28)),
                Medication("lanthanum", "lanthanum", dose="two"),
            ),
        )
    )  # fmt: skip
    assert course.population == "haemodialysis"
    assert course.base.dialysis is not None
    assert set(course.base.regimen) == {"sevelamer"}
    assert {a.name for a in course.acts} == {"cinacalcet"}
    assert "phpt" in course.base.disorders
    assert any("lanthanum" in n for n in course.notes)
    assert course.days % 7 == 0


def test_a_record_without_values_is_refused() -> None:
    with pytest.raises(NotEnoughDataError):
        individual(Record(id="empty"))


def test_arms_in_words() -> None:
    found = arm(
        "sevelamer 4.8 g/d; cinacalcet 30 mg/d; stop calcitriol; diet phosphate 800 mg/d; dialysate calcium 1.5 mmol/L"
    )
    assert found.doses == {"sevelamer": "4.8 g/d", "cinacalcet": "30 mg/d"}
    assert found.stopped == {"calcitriol"}
    assert found.eaten["phosphate"][1] == pytest.approx(25.8, abs=0.1)
    assert found.machine == {"calcium": 1.5}


@pytest.mark.parametrize(
    ("text", "kind"),
    [("sevelamer 4.8", UnitError), ("sevelamer", InputError), ("moonlight 3 g/d", InputError), ("diet phosphate 20", UnitError),
     ("dialysate calcium 1.5", UnitError), ("sevelamer 1 g/d; sevelamer 2 g/d", InputError), ("sevelamer -1 g/d", FetuinError)],
)  # fmt: skip
def test_arms_that_are_not_understood_are_refused(text: str, kind: type) -> None:
    with pytest.raises(kind):
        arm(text)


def test_a_binder_lowers_phosphate_in_the_same_members() -> None:
    found = compare(_who(), ["sevelamer 7.2 g/d", "sevelamer 7.2 g/d; diet phosphate -8 mmol/d"], 0.25, check=False)
    d = found.to_dict()
    assert d["arms"][0]["name"] == "as now"
    binder, both = d["arms"][1]["outcomes"]["phosphate"], d["arms"][2]["outcomes"]["phosphate"]
    assert binder["against_as_now"]["high"] < 0.0
    assert binder["probability_better"] == 1.0
    assert both["median"] < binder["median"]
    assert {"t50", "pwv", "bmd_spine", "hypocalcaemia", "fracture", "adynamic_bone"} <= set(d["arms"][1]["outcomes"])
    assert d["levers"][0]["probability_of_most"] >= d["levers"][1]["probability_of_most"]
    assert d["arms"][1]["therapies"][0]["harms_not_modelled"]


def test_a_machine_is_not_asked_of_who_has_none() -> None:
    with pytest.raises(InputError):
        compare(_who(), ["dialysate calcium 1.5 mmol/L"], 0.1, check=False)
