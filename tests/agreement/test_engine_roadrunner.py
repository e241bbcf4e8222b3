"""The exported SBML, with doses, sessions and meals as events, run by libroadrunner (CVODE): relative 1e-5."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from fetuin.engine.emit.sbml import document, identifier
from fetuin.engine.solve import integrate

roadrunner = pytest.importorskip("roadrunner")
MODELS = runpy.run_path(str(Path(__file__).resolve().parents[1] / "models.py"))
MINERAL = MODELS["MINERAL"]


@pytest.mark.parametrize("case", ["A", "B", "C"])
def test_states_and_outputs(case):
    schedule, times, gfr = MODELS["case_schedule"](case, 28.0), [0.0, 1.5, 3.7, 10.2, 20.9, 27.99], {"gfr": 3.0}
    names = [*MINERAL.state_names, "calcium", "ionised"]
    runner = roadrunner.RoadRunner(document(MINERAL, schedule, gfr))
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-9, 1e-10
    runner.timeCourseSelections = ["time", *map(identifier, names)]
    expected = np.array(runner.simulate(times=times))[:, 1:]
    solution = integrate(MINERAL, schedule, times, gfr, rtol=1e-8)
    found = np.column_stack([solution[n][0] for n in names])
    scale = np.array([MINERAL.scale(n) if n in MINERAL.states else 1.0 for n in names])
    assert np.max(np.abs(found - expected)[1:] / (np.abs(expected[1:]) + 1e-3 * scale)) < 1e-5
