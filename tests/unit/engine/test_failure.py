"""A failure names the state, the time and the likely cause, and no result is ever NaN."""

import numpy as np
import pytest

from fetuin.engine import Model, Schedule
from fetuin.engine.solve import integrate, integrate_many
from fetuin.errors import NumericalError


def model(rhs, **states):
    return Model("f", states, {"k": 1.0}, {}, rhs)


def failure(rhs, days=10.0, **states):
    with pytest.raises(NumericalError) as caught:
        integrate(model(rhs, **states), Schedule.rest(days), [days])
    return caught.value


def test_a_state_that_runs_away():
    found = failure(lambda m, x, p, u: {"calm": -x.calm, "wild": x.wild * x.wild}, calm=1.0, wild=1.0)
    assert "'wild'" in found.where
    assert "t = 1 " in found.where.replace(",", " ") or "t = 0.99999" in found.where
    assert "runs away" in found.why


def test_a_loss_without_its_state():
    found = failure(lambda m, x, p, u: {"a": -p.k, "b": 0.0 * x.b}, a=2.0, b=1.0)
    assert "'a'" in found.where
    assert "t = 2" in found.where
    assert "empty" in found.why


def test_a_division_by_zero():
    found = failure(lambda m, x, p, u: {"a": x.a / (p.k - 1.0), "b": -x.b}, a=1.0, b=1.0)
    assert "t = 0" in found.where
    assert "divides by zero" in found.why


def test_the_others_are_kept_and_nothing_is_nan():
    m = model(lambda m, x, p, u: {"a": p.k * x.a * x.a - x.a}, a=1.0)
    found = integrate_many(
        m, Schedule.rest(5.0), [0.0, 5.0], {"k": np.array([0.5, 3.0, 0.9, 40.0])}, failures="collect"
    )
    assert found.people.tolist() == [0, 2]
    assert [f.person for f in found.failures] == [1, 3]
    assert all(f.state == "a" and 0 < f.time < 1 for f in found.failures)
    assert np.isfinite(found.states).all()


def test_too_many_steps():
    with pytest.raises(NumericalError, match="too many steps"):
        integrate(model(lambda m, x, p, u: {"a": -x.a}, a=1.0), Schedule.rest(10.0), [10.0], steps=5)
