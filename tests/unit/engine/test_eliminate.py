import numpy as np

from fetuin.engine.eliminate import plan
from fetuin.engine.program import compile_program


def test_an_arrow_is_eliminated_from_its_tip_without_fill():
    arrow = frozenset({(i, 0) for i in range(6)} | {(0, i) for i in range(6)} | {(i, i) for i in range(6)})
    found = plan(6, arrow)
    assert found.order[0] != 0
    assert len(found.filled) == 10


def test_factors_solve_and_residual(models, run):
    """The straight-line solution against numpy, and a wrong solution is noticed."""
    program, rng = compile_program(models["MINERAL"]), np.random.default_rng(2)
    n = program.states
    c, j = rng.normal(size=program.constants), rng.normal(size=program.moving)
    g, r, a, x, q = np.array([30.0]), rng.normal(size=n), np.zeros(program.factors), np.zeros(n), np.zeros(1)
    dense = np.zeros((n, n))
    for row, column in program.entries:
        kind, place = program.where(row, column)
        dense[row, column] = (j, c)[kind][int(place)] if kind < 2 else place
    run(program.routines["factor"], J=j, c=c, g=g, A=a)
    run(program.routines["solve"], A=a, r=r, x=x)
    assert np.allclose(x, np.linalg.solve(g[0] * np.eye(n) - dense, r), rtol=1e-8)
    run(program.routines["residual"], J=j, c=c, g=g, x=x, r=r, q=q)
    assert q[0] < 1e-12
    x[3] *= 1.0 + 1e-6
    run(program.routines["residual"], J=j, c=c, g=g, x=x, r=r, q=q)
    assert q[0] > 1e-8
