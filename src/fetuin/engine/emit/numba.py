"""The routines of a model as Python source for numba, one person at a time: the fallback without vectors.

The same routines and the same `step` as `engine.emit.lanes` with one lane, written as ordinary Python statements, so
that they can also be read. `source(program)` is a complete module; numba compiles and caches it beside its file.
"""

from __future__ import annotations

from fetuin.engine.emit.text import statements
from fetuin.engine.maths import LARGEST_EXPONENT, SMALLEST
from fetuin.engine.program import Program, Routine
from fetuin.engine.tableau import GAMMA, STAGES, A, C

HEADER = f'''"""Emitted by fetuin.engine for the model {{name}}: do not edit."""

from math import exp as _exp, log as _log, sqrt as _sqrt

import numba as nb
from numba import types

REAL = types.CPointer(types.float64)
jit = nb.njit(error_model="numpy", fastmath={{{{"contract", "nsz", "arcp", "reassoc"}}}})


@jit
def exp(x):
    return _exp(min(max(x, -{LARGEST_EXPONENT}), {LARGEST_EXPONENT}))


@jit
def log(x):
    return _log(max(x, {SMALLEST}))


@jit
def sqrt(x):
    return _sqrt(max(x, {SMALLEST}))


@jit
def sigmoid(x):
    return 1.0 / (1.0 + exp(-x))


@jit
def positive(x):
    return x if not x < 0.0 else 0.0


@jit
def above(x):
    return 1.0 if x > 0.0 else 0.0


@jit
def floored(x):
    return max(x, {SMALLEST})
'''


def source(program: Program) -> str:
    """The module."""
    parts = [HEADER.format(name=program.model.name)]
    parts += [_routine(r) for r in program.routines.values() if r.name not in ("residual",)]
    parts += [_residual(program), *(_entry(r) for r in program.routines.values() if r.name in _ENTRIES)]
    parts += [_step(program), _commit(program.states)]
    return "\n\n".join(parts) + "\n"


_ENTRIES = ("fixed", "segment", "observe")


def _routine(routine: Routine) -> str:
    """A function of (array, offset) pairs."""
    places = {a: (lambda k, a=a: f"{a}[{a}0 + {k}]") for a in routine.arrays}
    body = statements(routine, places, assign="{0} = {1}")
    arguments = ", ".join(f"{a}, {a}0" for a in routine.arrays)
    return f"@jit\ndef {routine.name}_({arguments}):\n    " + "\n    ".join(body or ["pass"])


def _residual(program: Program) -> str:
    """The backward error as loops over rows: it would be the longest routine written out, and runs once a step."""
    from fetuin.engine.eliminate import rows_of

    rows, columns, kind, place = rows_of(program)
    return f"""ROWS, COLUMNS, KIND, PLACE = {rows}, {columns}, {kind}, {place}


@jit
def residual_(J, J0, c, c0, g, g0, x, x0, r, r0, q, q0):
    worst, k = 0.0, 0
    for i in range({program.states}):
        left = g[g0] * x[x0 + i] - r[r0 + i]
        size = abs(g[g0] * x[x0 + i]) + abs(r[r0 + i]) + 1e-300
        while k < len(ROWS) and ROWS[k] == i:
            value = J[J0 + int(PLACE[k])] if KIND[k] == 0 else (c[c0 + int(PLACE[k])] if KIND[k] == 1 else PLACE[k])
            term = value * x[x0 + COLUMNS[k]]
            left -= term
            size += abs(term)
            k += 1
        worst = max(worst, abs(left) / size)
    q[q0] = worst"""


def _entry(routine: Routine) -> str:
    arguments = ", ".join(routine.arrays)
    inner = ", ".join(f"{a}, 0" for a in routine.arrays)
    return (f"@nb.cfunc(types.void({', '.join(['REAL'] * len(routine.arrays))}), cache=True, error_model='numpy')\n"
            f"def {routine.name}({arguments}):\n    {routine.name}_({inner})")  # fmt: skip


def _step(program: Program) -> str:
    """Stages in a loop, so that each routine is called, and compiled into the step, at one place only."""
    n, f0 = program.states, program.moving + program.factors
    flat = [tuple(row[q] if q < len(row) else 0.0 for row in table for q in range(STAGES)) for table in (A, C)]
    return f"""A = {flat[0]}
C = {flat[1]}


@nb.cfunc(types.void({", ".join(["REAL"] * 4 + ["types.float64"] + ["REAL"] * 4)}), cache=True, error_model="numpy")
def step(y, c, h, tol, rtol, new, K, work, report):
    n, jac, factors, f, d, g = {n}, 0, {program.moving}, {f0}, {f0 + n}, {f0 + 2 * n}
    inverse = 1.0 / h[0]
    work[g] = inverse / {GAMMA}
    slopes_(y, 0, c, 0, work, f, work, jac)
    factor_(work, jac, c, 0, work, g, work, factors)
    for s in range({STAGES}):
        if s > 0:
            for i in range(n):
                total, moved = y[i], 0.0
                for q in range(s):
                    total += A[s * {STAGES} + q] * K[q * n + i]
                    moved += C[s * {STAGES} + q] * K[q * n + i]
                new[i] = total
                work[d + i] = inverse * moved
            rhs_(new, 0, c, 0, work, d, work, f)
        solve_(work, factors, work, f, K, s * n)
        if s == 0:
            residual_(work, jac, c, 0, work, g, K, 0, work, f, report, 2)
    error, low = 0.0, 0.0
    for i in range(n):
        last = K[{STAGES - 1} * n + i]
        new[i] += last
        part = last / (tol[i] + rtol * max(abs(y[i]), abs(new[i])))
        error += part * part
        low = max(low, -new[i] * tol[n + i])
    report[0] = _sqrt(error / n)
    report[1] = low"""


def _commit(states: int) -> str:
    return (f"@nb.cfunc(types.void(REAL, REAL, REAL), cache=True, error_model='numpy')\ndef commit(size, new, y):\n"
            f"    if size[4] > 0.5:\n        for i in range({states}):\n            y[i] = new[i]")  # fmt: skip
