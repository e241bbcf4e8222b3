"""The Jacobian against SymPy, which differentiates the same function in its own way, and against differences."""

from types import SimpleNamespace

import numpy as np
import pytest

from fetuin.engine import Model
from fetuin.engine.maths import Maths
from fetuin.engine.model import namespace
from fetuin.engine.plain import evaluate
from fetuin.engine.program import compile_program


def sympy_jacobian(model, states, inputs):
    sympy = pytest.importorskip("sympy")
    symbols = sympy.symbols(f"y0:{len(model.states)}", positive=True)
    primitives = SimpleNamespace(
        exp=sympy.exp, log=sympy.log, sqrt=sympy.sqrt, sigmoid=lambda z: 1 / (1 + sympy.exp(-z)),
        positive=lambda z: sympy.Piecewise((z, z > 0), (0, True)),
    )  # fmt: skip
    x = namespace(dict(zip(model.state_names, symbols, strict=True)))
    f = model.derivatives(Maths(primitives), x, namespace(model.parameters), namespace(inputs))
    values = dict(zip(symbols, states, strict=True))
    return np.array([[float(sympy.sympify(e).diff(s).subs(values)) for s in symbols] for e in f])


def every_function(m, x, p, u):
    """A model of four states that uses every function an equation may use."""
    a, b, c, d = x.a, x.b, x.c, x.d
    return {
        "a": m.hill(b, p.half, 3) - m.pow(a, 1.7) * m.exp(-c / p.half) + m.sqrt(a * d),
        "b": m.softplus(a - c, 0.3) / (1.0 + b) - b * b * m.tanh(d),
        "c": m.smooth_max(a, b, 0.2) - m.smooth_min(c, d, 0.1) * m.log(1.0 + a) - m.maximum(c - 5.0, d) * c,
        "d": -d * m.smooth_step(a - b, 0.4) + m.minimum(a, 10.0) * m.sigmoid(c) - m.positive(b) * d / (a + 3.0),
    }


def jacobian(model, run, states):
    """(entries, derivatives) by the routine `slopes`, interpreted."""
    program = compile_program(model)
    p, u = list(model.parameters.values()), list(model.inputs.values())
    c, f, j = np.zeros(program.constants), np.zeros(program.states), np.zeros(program.moving)
    run(program.routines["fixed"], p=p, c=c)
    run(program.routines["segment"], p=p, u=u, c=c)
    run(program.routines["slopes"], y=states, c=c, f=f, J=j)
    found = np.zeros((program.states, program.states))
    for row, column in program.entries:
        kind, place = program.where(row, column)
        found[row, column] = (j, c)[kind][int(place)] if kind < 2 else place
    return found, f


def test_every_function_against_sympy(run):
    states = [0.9, 1.7, 0.6, 0.2]
    model = Model("all", dict(zip("abcd", states, strict=True)), {"half": 0.8}, {}, every_function)
    found, f = jacobian(model, run, np.array(states))
    assert np.allclose(found, sympy_jacobian(model, states, {}), rtol=1e-12, atol=1e-12)
    assert np.allclose(f, evaluate(model, states), rtol=1e-13)


def test_every_entry_against_differences(models, run):
    model, rng = models["MINERAL"], np.random.default_rng(1)
    states = (np.array(list(model.states.values())) + 0.1) * rng.uniform(0.7, 1.4, len(model.states))
    found, f = jacobian(model, run, states)
    assert np.allclose(f, evaluate(model, states), rtol=1e-12)
    for k, size in enumerate(1e-5 * states):
        up, down = states.copy(), states.copy()
        up[k] += size
        down[k] -= size
        expected = (evaluate(model, up) - evaluate(model, down)) / (2 * size)
        assert np.allclose(found[:, k], expected, rtol=1e-6, atol=1e-7 * np.abs(found[:, k]).max() + 1e-9), k
