"""What must hold for every model: order, output grids, positivity, conservation."""

import runpy
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fetuin.engine import Bolus, Model, Schedule, make_schedule
from fetuin.engine.solve import integrate, integrate_many, prepare
from fetuin.engine.tableau import ORDER
from fetuin.engine.work import Work

MODELS = runpy.run_path(str(Path(__file__).resolve().parents[1] / "models.py"))
MINERAL = MODELS["MINERAL"]


def brusselator(m, x, p, u):
    reaction = x.a * x.a * x.b
    return {"a": 1.0 + reaction - 4.0 * x.a, "b": 3.0 * x.a - reaction}


BRUSSELATOR = Model("brusselator", {"a": 1.5, "b": 3.0}, {}, {}, brusselator)


def with_steps(steps, times):
    """The solution with `steps` equal steps over one unit of time, by replaying a mesh."""
    schedule = Schedule.rest(1.0)
    code, grid, p, y = prepare(BRUSSELATOR, [schedule], times, None, None, 1)
    mesh = np.full(steps + 1, 1.0 / steps)
    work = Work(code, [schedule], grid, p, y, 1e-6, mode="replay", mesh=mesh)
    work.run(1)
    return work.task.out[0]


@pytest.mark.parametrize(("times", "order"), [([1.0], ORDER), ([0.3137, 0.7771], 4)])
def test_order_of_the_method_and_of_its_dense_output(times, order):
    exact = integrate(BRUSSELATOR, Schedule.rest(1.0), times, rtol=1e-12).states[0]
    errors = [np.abs(with_steps(n, times) - exact).max() for n in (16, 32, 64)]
    observed = np.log2(errors[0] / errors[1]), np.log2(errors[1] / errors[2])
    assert min(observed) > order - 0.4, (errors, observed)


def test_the_error_follows_the_tolerance():
    times = np.linspace(0.0, 20.0, 41)
    exact = integrate(BRUSSELATOR, Schedule.rest(20.0), times, rtol=1e-12).states[0]
    errors = [np.abs(integrate(BRUSSELATOR, Schedule.rest(20.0), times, rtol=r).states[0] - exact).max()
              for r in (1e-4, 1e-6, 1e-8)]  # fmt: skip
    assert errors[0] < 1e-2
    assert errors[1] < 1e-4
    assert errors[2] < 1e-6


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0.0, 14.0), max_size=12), st.sampled_from("ABC"))
def test_the_output_grid_never_changes_the_solution(more, case):
    schedule, gfr = MODELS["case_schedule"](case, 14.0), {"gfr": 3.0}
    sparse = integrate(MINERAL, schedule, [14.0], gfr)
    dense = integrate(MINERAL, schedule, sorted([*more, 14.0]), gfr)
    assert np.array_equal(sparse.states[0, -1], dense.states[0, -1])
    assert (sparse.steps, sparse.rejected) == (dense.steps, dense.rejected)


def test_a_dose_between_two_output_times_is_never_lost():
    model = Model(
        "dose", {"gut": 0.0, "taken": 0.0}, {}, {}, lambda m, x, p, u: {"gut": -40.0 * x.gut, "taken": 40.0 * x.gut}
    )
    schedule = make_schedule(365, [Bolus("gut", 1.0, 0.3, every=1)])
    assert integrate(model, schedule, [0.0, 365.0])["taken"][0, -1] == pytest.approx(365.0, rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1e-3, 1e-4, 1e-6]))
def test_amounts_stay_positive_and_what_leaves_arrives(seed, rtol):
    """Random saturating chains, emptied to nothing between doses: no amount below zero, the total exact."""
    rng = np.random.default_rng(seed)
    rate, half = 10.0 ** rng.uniform(0, 4, 3), 10.0 ** rng.uniform(-4, 0, 3)

    def chain(m, x, p, u):
        flux = [r * s / (h + s) for r, h, s in zip(rate, half, (x.a, x.b, x.c), strict=True)]
        return {"a": -flux[0], "b": flux[0] - flux[1], "c": flux[1] - flux[2], "out": flux[2]}

    model = Model("chain", {"a": 1.0, "b": 0.0, "c": 0.0, "out": 0.0}, {}, {}, chain)
    schedule = make_schedule(6.0, [Bolus("a", 2.0, 0.4, every=1)])
    found = integrate(model, schedule, np.linspace(0, 6, 77), rtol=rtol)
    assert np.all(found.states >= 0.0)
    given_by = 1.0 + 2.0 * np.ceil(np.maximum(found.times - 0.4, 0.0) - 1e-12)
    assert np.abs(found.states[0].sum(1) - given_by).max() <= 3e-2 * rtol + 1e-11


def test_a_mass_balance_is_closed_to_a_billionth_of_what_was_eaten():
    """Calcium in MINERAL goes to gut, plasma, surface, bone and out, by meals that are booked: nothing is lost."""
    schedule = MODELS["case_schedule"]("C", 28.0)
    found = integrate_many(MINERAL, schedule, [0.0, 28.0], {"gfr": np.array([2.0, 20.0, 100.0])}, rtol=1e-6)
    total = sum(found[s] for s in ("ca_gut", "ca_plasma", "ca_fast", "bone", "ca_out"))
    period = schedule.periods[0]
    eaten = 25.0 * period.repeats * sum(part.duration * part.inputs["meal"] for part in period.segments)
    assert len(schedule.periods) == 1
    assert np.abs(total[:, 1] - total[:, 0] - eaten).max() <= 1e-9 * eaten
