"""Machine code: vectors and scalar path agree with the plain function, and the cache is used."""

import numpy as np
import pytest

from fetuin.engine import compiled
from fetuin.engine.jit import lane_width
from fetuin.engine.plain import evaluate, observe
from fetuin.engine.solve import integrate


def test_derivatives_of_every_lane_equal_the_plain_function(models):
    model, width = models["MINERAL"], lane_width()
    if width == 1:
        pytest.skip("this processor has no vectors that the lanes use")
    code, rng = compiled.compiled_model(model), np.random.default_rng(0)
    n = len(model.states)
    y = (np.array(list(model.states.values()))[:, None] + 0.01) * rng.uniform(0.3, 3.0, (n, width))
    p = np.array(list(model.parameters.values()))[:, None] * rng.uniform(0.7, 1.4, (len(model.parameters), width))
    u = np.repeat(np.array(list(model.inputs.values()))[:, None], width, 1)
    c, d, f = np.zeros((code.constants, width)), np.zeros((n, width)), np.zeros((n, width))
    for name, arrays in (("fixed", (p, c)), ("segment", (p, u, c)), ("rhs", (y, c, d, f))):
        code.library.call(name, *arrays)
    for lane in range(width):
        parameters = dict(zip(model.parameter_names, p[:, lane], strict=True))
        assert np.allclose(f[:, lane], evaluate(model, y[:, lane], parameters), rtol=1e-12, atol=1e-13)


def test_scalar_path_equals_lanes(models):
    model, schedule, times = models["MINERAL"], models["case_schedule"]("C", 14), np.linspace(0, 14, 29)
    one = integrate(model, schedule, times, {"gfr": 3.0}, lanes=1)
    many = integrate(model, schedule, times, {"gfr": 3.0})
    assert one.compiled.lanes == 1
    assert np.allclose(one.states, many.states, rtol=1e-9, atol=1e-9)
    assert np.allclose(one["ionised"], many["ionised"], rtol=1e-10)


def test_outputs_equal_the_plain_function(models):
    model = models["MINERAL"]
    found = integrate(model, models["case_schedule"]("B", 7), [0.0, 1.3, 7.0], {"gfr": 3.0})
    for k in range(3):
        expected = observe(model, found.states[0, k], {"gfr": 3.0})
        assert {n: found[n][0, k] for n in expected} == pytest.approx(expected, rel=1e-12)


def test_a_second_process_would_find_the_machine_code(models, tmp_path, monkeypatch):
    if lane_width() == 1:
        pytest.skip("the scalar path is cached by numba")
    monkeypatch.setenv("FETUIN_CACHE", str(tmp_path))
    model = models["MINERAL"]
    monkeypatch.setattr(compiled, "_by_id", {})
    assert not compiled.compiled_model(model).from_cache
    monkeypatch.setattr(compiled, "_by_id", {})
    again = compiled.compiled_model(model)
    assert again.from_cache
    assert integrate(model, models["case_schedule"]("A", 1), [1.0]).states.shape == (1, 1, 24)
