"""The compiled body against its plain twin, with sessions."""

from __future__ import annotations

import numpy as np

from fetuin.engine.plain import integrate as plain_integrate
from fetuin.engine.solve import integrate
from fetuin.physiology.model import body_model
from fetuin.simulation import Person, Scenario
from fetuin.simulation.simulate import plan
from fetuin.therapies.dialysis_prescription import Prescription


def _week() -> tuple:
    model = body_model()
    return model, plan(Person(), dict(model.parameters), Scenario(dialysis=Prescription()), 7.0)


def test_compiled_against_plain() -> None:
    """The same equations on plain floats under SciPy LSODA for three days with two sessions."""
    model, schedule = _week()
    times = [0.1, 0.2, 1.0, 2.1, 3.0]
    fast = integrate(model, schedule, times, rtol=1e-9).states[0]
    slow = plain_integrate(model, plan(Person(), dict(model.parameters), Scenario(dialysis=Prescription()), 3.0), times,
                           rtol=1e-8, method="LSODA")  # fmt: skip
    scale = np.array([model.scale(s) for s in model.state_names])
    assert np.abs((fast - slow) / np.maximum(np.abs(slow), 1e-3 * scale)).max() < 1e-5
