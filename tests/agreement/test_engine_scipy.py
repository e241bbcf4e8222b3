"""The compiled engine against SciPy's Radau at 1e-10 on the plain floats of the same function."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from fetuin.engine import plain
from fetuin.engine.solve import integrate

MODELS = runpy.run_path(str(Path(__file__).resolve().parents[1] / "models.py"))
MINERAL = MODELS["MINERAL"]
CASES = {"A": (60.0, [0.0, 0.01, 1.0, 30.0, 60.0]), "B": (4.0, [0.3, 0.4, 1.0, 4.0]), "C": (2.0, [0.34, 0.4, 1.3, 2.0])}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("rtol", "error"), [(1e-6, 5e-6), (1e-10, 2e-9)])
def test_against_radau(case, rtol, error):
    days, times = CASES[case]
    schedule = MODELS["case_schedule"](case, days)
    gfr = {"gfr": 90.0 if case == "A" else 3.0}
    found = integrate(MINERAL, schedule, times, gfr, rtol=rtol).states[0]
    expected = _reference(case, schedule, times, gfr)
    scale = np.abs(expected) + 1e-3 * np.array([MINERAL.scale(s) for s in MINERAL.state_names])
    assert np.max(np.abs(found - expected) / scale) < error


_known: dict = {}


def _reference(case, schedule, times, gfr):
    if case not in _known:
        _known[case] = plain.integrate(MINERAL, schedule, times, gfr, rtol=1e-10)
    return _known[case]
