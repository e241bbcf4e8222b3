import numpy as np
import pytest

from fetuin.engine import Added, Bolus, Held, Model, Schedule, make_schedule
from fetuin.engine.solve import integrate, integrate_many
from fetuin.errors import NumericalError, UsageError


def test_people_in_the_queue_are_who_they_are(models):
    """21 people, three regimens, more than there are lanes: each equals the same person alone."""
    model, times = models["MINERAL"], np.linspace(0, 9, 7)
    plans = [models["case_schedule"](case, 9) for case in "ABC"]
    schedules = [plans[k % 3] for k in range(21)]
    gfr = np.linspace(3, 60, 21)
    many = integrate_many(model, schedules, times, {"gfr": gfr}, threads=2)
    for k in (0, 7, 13, 20):
        alone = integrate(model, schedules[k], times, {"gfr": float(gfr[k])})
        assert np.allclose(many.states[k], alone.states[0], rtol=1e-9, atol=1e-10)


def test_the_number_of_threads_changes_nothing(models):
    model, schedule = models["MINERAL"], models["case_schedule"]("B", 7)
    runs = [integrate_many(model, schedule, [7.0], {"gfr": np.linspace(3, 9, 150)}, threads=t).states for t in (1, 2)]
    assert np.array_equal(*runs)


def test_outputs_at_an_event_are_those_before_it():
    model = Model("b", {"a": 1.0}, {"k": 0.0}, {"u": 0.0}, lambda m, x, p, u: {"a": u.u - p.k * x.a},
                  outputs=lambda m, x, p, u: {"input": u.u})  # fmt: skip
    schedule = make_schedule(4, [Bolus("a", 2.0, 0.0), Bolus("a", 3.0, 1.0), Held("u", 1.0, 2.0)])
    found = integrate(model, schedule, [0.0, 0.5, 1.0, 1.001, 2.0, 3.0])
    assert found["a"][0] == pytest.approx([1.0, 3.0, 3.0, 6.0, 6.0, 7.0], rel=1e-9)
    assert found["input"][0] == pytest.approx([0, 0, 0, 0, 0, 1])


def test_periods_of_different_weeks_follow_each_other():
    model = Model("c", {"a": 0.0}, {}, {"u": 0.0}, lambda m, x, p, u: {"a": u.u})
    events = [Added("u", 24.0, 0.5, 1 / 24, every=1), Added("u", 1.0, 10.0, 5.0)]
    found = integrate(model, make_schedule(30, events), [9.0, 20.0, 30.0])
    assert found["a"][0] == pytest.approx([9.0, 25.0, 35.0], rel=1e-7)


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        ({"parameters": {"nope": 1.0}}, UsageError, "no 'nope'"),
        ({"parameters": {"gfr": float("nan")}}, NumericalError, "gfr is nan"),
        ({"times": [2.0, 1.0]}, UsageError, "rise"),
        ({"times": [0.0, 99.0]}, UsageError, "outside the schedule"),
        ({"rtol": 0.0}, UsageError, "relative tolerance"),
        ({"parameters": {"gfr": np.ones(3)}, "start": {"pth": np.ones(2)}}, UsageError, "different numbers of people"),
    ],
)
def test_impossible_calls_are_refused(models, call, error, said):
    arguments = {"times": [0.0, 1.0], **call}
    with pytest.raises(error, match=said):
        integrate_many(models["MINERAL"], Schedule.rest(1.0), **arguments)
