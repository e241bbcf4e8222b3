import numpy as np
import pytest

from fetuin.engine import Bolus, Model, make_schedule
from fetuin.engine.sensitivity import sensitivity
from fetuin.errors import UsageError

TWO = Model(
    "two", {"a": 3.0, "b": 0.5}, {"k": 0.7, "vmax": 2.0, "half": 1.0, "still": 0.0}, {},
    lambda m, x, p, u: {"a": -p.k * x.a + p.still, "b": p.k * x.a - p.vmax * m.hill(x.b, p.half, 3)},
    outputs=lambda m, x, p, u: {"sum": x.a + x.b},
)  # fmt: skip


def reference(name, move=1e-3):
    """Reference: differences of SciPy at 1e-12, extrapolated in the size of the move (Richardson)."""
    from fetuin.engine.plain import integrate

    schedule = make_schedule(6, [Bolus("a", 1.0, 2.0)])

    def difference(h):
        if name in TWO.states:
            ends = [
                integrate(TWO, schedule, [1.0, 6.0], None, {name: TWO.states[name] + s * h}, 1e-12, "DOP853")
                for s in (1, -1)
            ]
        else:
            ends = [
                integrate(TWO, schedule, [1.0, 6.0], {name: TWO.parameters[name] + s * h}, None, 1e-12, "DOP853")
                for s in (1, -1)
            ]
        return (ends[0] - ends[1]) / (2 * h)

    return (4 * difference(move / 2) - difference(move)) / 3


@pytest.mark.parametrize("name", ["k", "vmax", "half", "still", "a"])
def test_against_extrapolated_differences_of_scipy(name):
    found = sensitivity(TWO, make_schedule(6, [Bolus("a", 1.0, 2.0)]), [1.0, 6.0], ["k", "vmax", "half", "still", "a"])
    row = found.names.index(name)
    assert np.allclose(found.states[row], reference(name), rtol=2e-6, atol=2e-7)


def test_outputs_have_derivatives_too():
    found = sensitivity(TWO, make_schedule(6, []), [6.0], ["vmax"])
    assert found["sum"].shape == (1, 1)
    assert found["sum"][0, 0] == pytest.approx(found.states[0, 0].sum(), rel=1e-9)


def test_unknown_names():
    with pytest.raises(UsageError, match="no parameter or state"):
        sensitivity(TWO, make_schedule(1, []), [1.0], ["z"])
