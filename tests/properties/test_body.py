"""Mass is conserved, amounts stay positive, neutral Targets change nothing, the start moves no set-point."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fetuin.engine.maths import PLAIN
from fetuin.engine.model import namespace
from fetuin.engine.plain import evaluate
from fetuin.errors import InputError
from fetuin.physiology import baseline
from fetuin.physiology.model import body_model, resting_inputs
from fetuin.physiology.parameters import defaults
from fetuin.physiology.targets import FLUXES, NAMES, NEUTRAL, Targets, joined
from fetuin.simulation import Person, Scenario, simulate
from fetuin.simulation.regimen import known_therapies, therapy
from fetuin.simulation.simulate import plan
from fetuin.therapies.contract import Act, Therapy
from fetuin.therapies.dialysis_prescription import Prescription
from fetuin.validation.balance import closure, stocks

MINERALS = ("calcium", "phosphate", "magnesium")
N = len(body_model().states)


@pytest.mark.parametrize(
    ("gfr", "disorders", "dialysis"),
    [
        (100.0, {}, None),
        (20.0, {"phpt": 1.0}, None),
        (100.0, {"malignancy_osteolytic": 1.0}, None),
        (4.0, {}, Prescription()),
        (4.0, {"gaci": 1.0, "trauma_scar_infarct": 1.0}, Prescription()),
    ],
)
def test_balance_closes(gfr: float, disorders: dict, dialysis: Prescription | None) -> None:
    """Calcium, phosphate and magnesium close to 1e-9 of their throughput over half a year."""
    who = Person(disorders=disorders)
    parameters = who.solved()
    schedule = plan(who, parameters, Scenario(gfr=((60.0, gfr),), dialysis=dialysis), 182.0)
    assert all(gap < 1e-9 for gap in closure(schedule, parameters).values())


@pytest.mark.parametrize("gfr", [100.0, 12.0])
def test_balance_closes_under_every_therapy_at_once(gfr: float) -> None:
    """No therapy makes or loses a mole: all that can be taken together, at their usual doses."""
    apart = {"haemodialysis", "haemodiafiltration", "peritoneal_dialysis", "citrate_dialysate", "transplantation"}
    taken = {n: t.usual for n in known_therapies() if n not in apart and (t := entry(n)) is not None}
    assert len(taken) > 30
    who = Person()
    parameters = who.solved()
    for regimen in (taken, {**taken, "haemodialysis": 1.0, "transplantation": 50.0}):
        schedule = plan(who, parameters, Scenario(gfr=((20.0, gfr),), regimen=regimen), 60.0)
        assert all(gap < 1e-9 for gap in closure(schedule, parameters).values()), regimen


def entry(name: str) -> Therapy | None:
    """The therapy of a file, None for what therapies share."""
    try:
        return therapy(name)
    except InputError:
        return None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.05, 4.0), min_size=N, max_size=N), st.floats(0.2, 3.0))
def test_balance_of_the_equations(folds: list[float], dose: float) -> None:
    """At any state, not only along trajectories, what leaves one compartment enters another."""
    model = body_model()
    states = {s: max(abs(v), 0.5) * f for (s, v), f in zip(model.states.items(), folds, strict=True)}
    inputs = resting_inputs(dict(model.parameters)) | {
        "targets.osteolysis": dose, "targets.phosphate_bound": dose, "targets.injury_skin": dose,
    }  # fmt: skip
    slopes = dict(zip(model.state_names, evaluate(model, list(states.values()), inputs=inputs), strict=True))
    size = max(abs(v) for v in slopes.values())
    for m in MINERALS:
        assert abs(stocks(slopes, m, model.parameters["bone.surface_ratio"])) < 1e-9 * max(size, 1.0)


def test_neutral_targets_change_nothing() -> None:
    still = simulate(days=100)
    acted = simulate(None, Scenario(acts=(Act(NEUTRAL), Act(joined([NEUTRAL, NEUTRAL]), start=10.0))), days=100)
    for name in still.curves:
        np.testing.assert_array_equal(still[name], acted[name])


def test_targets_join() -> None:
    """Fluxes add, folds multiply, the neutral is neutral."""
    a = Targets(phosphate_bound=2.0, cyp27b1=0.5)
    both = joined([a, Targets(phosphate_bound=3.0, cyp27b1=0.5), NEUTRAL])
    assert (both.phosphate_bound, both.cyp27b1) == (5.0, 0.25)
    assert joined([a]) == a


@pytest.mark.parametrize("name", NAMES)
def test_every_target_moves_something(name: str) -> None:
    """No target is a name without an equation."""
    model = body_model()
    off = {s: v * 1.1 + 0.01 for s, v in model.states.items()} | {"bicarbonate": 20.0, "phosphate": 40.0}
    inputs = resting_inputs(dict(model.parameters))
    moved = inputs | {f"targets.{name}": 1.7 if name not in FLUXES else 5.0}
    here, there = (evaluate(model, list(off.values()), inputs=u) for u in (inputs, moved))
    assert np.abs(here - there).max() > 1e-9


def test_the_start_moves_no_set_point() -> None:
    """From another start, the same steady state: set-points are parameters."""
    from fetuin.engine.schedule import Schedule
    from fetuin.engine.solve import integrate

    model = body_model()
    rest = resting_inputs(dict(model.parameters))
    start = dict(model.states) | {
        "calcium": 40.0,
        "phosphate": 30.0,
        "pth": 300.0,
        "gland": 1.6,
        "fgf23": 120.0,
        "volume": 16.0,
    }
    end = integrate(model, Schedule.rest(7300.0, rest), [7300.0], start=start)
    for name in ("total_calcium", "serum_phosphate", "intact_pth", "intact_fgf23", "serum_calcitriol"):
        reference = model.outputs(PLAIN, namespace(model.states), namespace(model.parameters), namespace(rest))[name]  # type: ignore[misc]
        assert end.outputs[name][0, -1] == pytest.approx(reference, rel=5e-3)


def test_healthy_values_are_a_steady_state_of_any_person() -> None:
    """Whatever a person's healthy values are, the baselines solved for them hold."""
    for own in ({"healthy.calcium": 2.3, "healthy.pth": 55.0}, {"healthy.phosphate_diet": 50.0, "healthy.gfr": 120.0}):
        p = baseline.solve({**defaults(), **own})
        x = baseline.rest(p)
        slopes = dict(zip(x, evaluate(body_model(), list(x.values()), p, resting_inputs(p)), strict=True))
        for name, value in slopes.items():
            if not name.endswith(("_in", "_faeces", "_urine", "_dialysate")):
                assert abs(value) < 1e-6 * max(abs(x[name]), 1.0) + 2e-2 * (name == "mobilisation"), name


def test_amounts_stay_positive_in_hard_times() -> None:
    """A GFR of 2 without dialysis, no diet, no glands: poor, but never below zero."""
    t = simulate(Person(gfr=2.0, diet={"calcium": 0.0, "phosphate": 0.0, "magnesium": 0.0}, before=1.0),
                 Scenario(disorders={"hypoparathyroidism": 1.0}), 200)  # fmt: skip
    for name in ("calcium", "phosphate", "magnesium", "pth", "calcitriol", "bicarbonate"):
        assert np.all(t[name] > -1e-12), name
