"""The exported body, with dialysis sessions and a daily dose as events, run by COPASI (LSODA): relative 1e-5.

libroadrunner writes each shared value out at every use and cannot load a body of this size; COPASI can.
"""

from __future__ import annotations

import locale
from collections.abc import Iterator

import numpy as np
import pytest

from fetuin.engine.emit.sbml import document, identifier
from fetuin.engine.solve import integrate
from fetuin.physiology.model import body_model
from fetuin.simulation import Person, Scenario
from fetuin.simulation.simulate import plan
from fetuin.therapies.dialysis_prescription import Prescription

HERE = locale.setlocale(locale.LC_ALL)
basico = pytest.importorskip("basico")
locale.setlocale(locale.LC_ALL, HERE)


@pytest.fixture(autouse=True)
def _own_locale() -> Iterator[None]:
    """COPASI sets the locale of the whole process to C; other tests of the process read UTF-8."""
    yield
    locale.setlocale(locale.LC_ALL, HERE)


@pytest.mark.parametrize("regimen", [{}, {"dialysis": Prescription()}], ids=["quiet", "dialysis"])
def test_states(regimen: dict) -> None:
    """Every state of the body after a week."""
    model = body_model()
    schedule = plan(Person(), dict(model.parameters), Scenario(**regimen), 7.0)
    times = np.arange(0.1, 7.0, 0.1)  # no output at the instant of an event
    copasi = basico.load_model_from_string(document(model, schedule, outputs=False))
    table = basico.run_time_course(0.0, 6.9, 69, r_tol=1e-9, a_tol=1e-13, max_steps=10_000_000, model=copasi)
    expected = table[[f"Values[{n}]" for n in names(copasi, model)]].to_numpy()[1:]
    found = integrate(model, schedule, times, rtol=1e-8).states[0]
    scale = np.array([model.scale(s) for s in model.state_names])
    assert np.max(np.abs(found - expected) / (np.abs(expected) + 1e-3 * scale)) < 1e-5
    basico.remove_datamodel(copasi)


def names(copasi: object, model: object) -> list[str]:
    """The display names of the states."""
    table = basico.get_parameters(model=copasi)
    by_id = {row.sbml_id: name for name, row in table.iterrows()}
    return [by_id[identifier(s)] for s in model.state_names]  # type: ignore[attr-defined]
